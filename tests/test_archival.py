"""The report as a document that lasts: PDF/A-3a, tagged, the same bytes everywhere, flat memory."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from factories_report import evaluation
from trust_kit import FILES, NOW

from supervise import __version__
from supervise.core.whole_file import BLANK, seal_state, sealed
from supervise.pipeline.run.journal import FOLDER
from supervise.read.words import read_words
from supervise.write.evidence import Attached, evidence
from supervise.write.report import Renderer

WORDS = read_words()
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
LEVELS = {f"/H{n}": n for n in range(1, 7)}
GROWTH = 24
"""MiB that 500 reports may add once the process is warm."""


def files(name: str = "a.xlsx") -> tuple[Attached, ...]:
    return evidence(b'{"a": 1}', b'{"b": 2}', b"PK" + bytes(range(256)) * 40, name, WORDS)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return Renderer(words=WORDS).pdf(evaluation(), attached=files())


@pytest.fixture(scope="module")
def path(printed: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archival") / "report.pdf"
    file.write_bytes(printed)
    return file


@pytest.fixture(scope="module")
def pdf(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(path) as opened:
        yield opened


def test_the_report_says_where_it_is_to_be_signed(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.Dests.Names
    named = dict(zip(map(str, names[::2]), names[1::2], strict=True))
    page, fit, *edges = named["seal"]
    left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in edges)
    assert page.objgen == pdf.pages[0].objgen
    assert str(fit) == "/FitR"
    assert (round(right - left, 2), round(top - bottom, 2)) == (40, 25)
    assert (round(left, 2), round(bottom, 2)) == (17, 11)


def elements(root: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every structure element with the kinds of those above it."""
    kids = root.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield above, kid
            yield from elements(kid, (*above, str(kid.S)))


def structure(pdf: pikepdf.Pdf) -> list[tuple[tuple[str, ...], Any]]:
    return list(elements(pdf.Root.StructTreeRoot))


def painted(page: pikepdf.Page) -> Iterator[tuple[Any, str]]:
    """What a page's content does: operands, operator."""
    for step in pikepdf.parse_content_stream(page):
        yield step.operands, str(step.operator)


def xmp(pdf: pikepdf.Pdf) -> ElementTree.Element:
    return ElementTree.fromstring(pdf.Root.Metadata.read_bytes())


def test_it_says_that_it_is_pdf_a_3a(pdf: pikepdf.Pdf) -> None:
    marks = {k: v for each in xmp(pdf).iter(f"{RDF}Description") for k, v in each.attrib.items()}
    assert (marks[f"{PDFA}part"], marks[f"{PDFA}conformance"]) == ("3", "A")
    intent = pdf.Root.OutputIntents[0]
    assert str(intent.S) == "/GTS_PDFA1"
    assert int(intent.DestOutputProfile.N) == 3
    assert "/ID" in pdf.trailer
    assert not pdf.is_encrypted


def test_it_says_what_it_is_in_both_places_alike(pdf: pikepdf.Pdf) -> None:
    told = pdf.docinfo
    written = xmp(pdf)
    title = "云岭农村商业银行股份有限公司 2026年三季度 小微企业金融服务监测评价报告"
    assert str(told.Title) == title
    assert [e.text for e in written.iterfind(f".//{DUBLIN}title//{RDF}li")] == [title]
    assert str(told.Creator) == f"supervise {__version__}"
    assert [e.text for e in written.iter(f"{XMP}CreatorTool")] == [f"supervise {__version__}"]
    assert str(told.CreationDate) == str(told.ModDate) == "D:20260930000000Z"
    assert {e.text for e in written.iter(f"{XMP}CreateDate")} == {"2026-09-30T00:00:00Z"}
    assert evaluation().submission.sha256 in str(told.Keywords)
    assert "监测评价（试评）" in str(told.Subject)
    assert str(told.Author)


def test_a_reader_is_told_language_title_and_tags(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "zh-CN"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)
    assert "/Outlines" in pdf.Root


def test_every_attachment_says_what_it_is_to_the_report(pdf: pikepdf.Pdf) -> None:
    told = {
        str(spec.UF): (str(spec.AFRelationship), str(spec.EF.F.Subtype)) for spec in pdf.Root.AF
    }
    assert told == {
        "context.json": ("/Supplement", "/application/json"),
        "evaluation.json": ("/Data", "/application/json"),
        "submission.xlsx": (
            "/Source",
            "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    }
    assert len(pdf.Root.AF) == 3
    names = [str(name) for name in pdf.Root.Names.EmbeddedFiles.Names[::2]]
    assert names == sorted(told)
    for spec in pdf.Root.AF:
        assert str(spec.EF.F.Params.ModDate) == "D:20260930000000Z"
        assert str(spec.Desc)


def test_headings_go_down_one_level_at_a_time(pdf: pikepdf.Pdf) -> None:
    levels = [LEVELS[str(each.S)] for _, each in structure(pdf) if str(each.S) in LEVELS]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_every_table_has_headings_that_say_what_they_head(pdf: pikepdf.Pdf) -> None:
    tables = [each for _, each in structure(pdf) if str(each.S) == "/Table"]
    assert tables
    for table in tables:
        kinds = [str(each.S) for _, each in elements(table)]
        assert "/TH" in kinds
    headers = [each for _, each in structure(pdf) if str(each.S) == "/TH"]
    scopes = {str(each.A.Scope) for each in headers}
    assert scopes == {"/Column", "/Row"}
    for above, each in structure(pdf):
        if str(each.S) in ("/TH", "/TD"):
            assert above[-1] == "/TR"
            assert "/Table" in above


def test_every_figure_has_a_text_instead(pdf: pikepdf.Pdf) -> None:
    figures = [each for _, each in structure(pdf) if str(each.S) == "/Figure"]
    assert figures
    assert all(str(each.get("/Alt", "")).strip() for each in figures)


def test_all_that_is_painted_is_content_or_marked_as_none(pdf: pikepdf.Pdf) -> None:
    """Every mark is content or an artifact, and nothing stands outside of marks."""
    painting = {"Tj", "TJ", "f", "f*", "S", "B", "B*", "Do", "sh"}
    for page in pdf.pages:
        depth, artifacts = 0, 0
        for operands, operator in painted(page):
            if operator in ("BDC", "BMC"):
                depth += 1
                artifacts += str(operands[0]) == "/Artifact"
            elif operator == "EMC":
                depth -= 1
            assert depth or operator not in painting
        assert depth == 0
        assert artifacts


def test_running_heads_and_page_numbers_are_no_content(pdf: pikepdf.Pdf) -> None:
    held = {
        (each.Pg.objgen, int(kid))
        for _, each in structure(pdf)
        for kid in (each.K if isinstance(each.K, pikepdf.Array) else [each.K])
        if isinstance(kid, int)
    }
    for page in pdf.pages:
        pagination = 0
        for operands, operator in painted(page):
            if operator == "BDC" and "/MCID" in operands[1]:
                assert (page.obj.objgen, int(operands[1].MCID)) in held
            elif operator == "BDC":
                pagination += str(operands[1].Type) == "/Pagination"
        assert pagination or page.index == 0


@pytest.mark.real
def test_qpdf_finds_no_fault(path: Path) -> None:
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", path)


@pytest.mark.real
def test_a_checker_of_pdf_ua_finds_nothing_but_that_we_do_not_claim_it(path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("pdfua"), "check", path, "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.findall(r'"(UA-\d\d-\d\d\d)"', done.stdout)
    assert set(found) <= {"UA-28-004", "UA-14-001"}, done.stdout
    assert '"error"' not in done.stdout.casefold() or "UA-14-001" in found


@pytest.mark.real
def test_poppler_lists_the_attachments_and_reads_the_pages_in_order(path: Path) -> None:
    assert "3 embedded files" in tool("pdfdetach", "-list", path)
    assert "Tagged:          yes" in tool("pdfinfo", path)
    text = re.sub(r"\s+", "", tool("pdftotext", path, "-"))
    places = [text.find(mark) for mark in ("评价结论", "指标明细", "政策落实核查表", "附录四")]
    assert -1 not in places
    assert places == sorted(places)


def tool(name: str, *arguments: object) -> str:
    if shutil.which(name) is None:
        pytest.fail(f"{name} is missing: scripts/apt-test.txt lists its package")
    done = subprocess.run(
        [name, *map(str, arguments)], check=True, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout


def test_a_report_is_sealed_with_the_digest_of_its_own_bytes(printed: bytes) -> None:
    assert seal_state(printed) == "whole"
    for place in (20, len(printed) // 2, len(printed) - 3):
        other = bytes([printed[place] ^ 1])
        assert seal_state(printed[:place] + other + printed[place + 1 :]) == "broken"
    assert seal_state(printed + b"\n") == "broken"
    assert seal_state(b"%PDF-1.7") == "none"
    with pytest.raises(ValueError, match="subsection not found"):
        sealed(b"no place")
    assert seal_state(sealed(BLANK * 2)) == "whole"


def test_what_a_template_says_of_itself_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text(
        '<html lang="zh-CN"><title>别的</title><meta name="author" content="谁"><h1>甲</h1></html>',
        encoding="utf-8",
    )
    data = Renderer(words=WORDS, templates=tmp_path).pdf(evaluation())
    (tmp_path / "r.pdf").write_bytes(data)
    with pikepdf.open(tmp_path / "r.pdf") as opened:
        assert "评价报告" in str(opened.docinfo.Title)
        assert str(opened.docinfo.Author) == WORDS("report.author")


def test_a_plain_variant_is_left_for_those_who_want_it(tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(Renderer(words=WORDS, variant=None).pdf(evaluation()))
    with pikepdf.open(tmp_path / "r.pdf") as opened:
        assert "/StructTreeRoot" not in opened.Root


ELSEWHERE = (
    {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711"},
)


def test_a_run_gives_the_same_bytes_whatever_zone_locale_seed_and_workers(tmp_path: Path) -> None:
    found = []
    for workers, there in zip((1, 2), ELSEWHERE, strict=True):
        folder = tmp_path / str(workers)
        names = [str(NOW / name) for name in FILES[:2]]
        command = [sys.executable, "-m", "supervise", "evaluate", *names, "-o", str(folder)]
        subprocess.run(
            [*command, "--workers", str(workers)],
            check=True, capture_output=True, env={**os.environ, **there},
        )  # fmt: skip
        found.append(
            {
                file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in sorted(folder.rglob("*"))
                if file.is_file() and file.parent.name != FOLDER  # log and journal: of this run
            }
        )
    assert found[0] == found[1]
    assert sum(name.endswith(".pdf") for name in found[0]) >= 2


@pytest.mark.real
def test_the_short_digest_stands_on_every_page_but_the_cover(path: Path) -> None:
    mark = evaluation().submission.sha256[:12]
    pages = tool("pdftotext", path, "-").split("\f")
    assert all(mark in page for page in pages[1:-1])


@pytest.mark.soak
def test_memory_stays_flat_over_five_hundred_reports() -> None:
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from factories_report import evaluation\n"
        "from supervise.read.words import read_words\n"
        "from supervise.write.evidence import evidence\n"
        "from supervise.write.report import Renderer\n"
        "words = read_words()\n"
        "renderer = Renderer(words=words)\n"
        "def memory():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return int(next(l for l in lines if l.startswith('VmRSS')).split()[1]) // 1024\n"
        "seen = []\n"
        "for number in range(500):\n"
        "    made = evaluation(name=f'第{number}农村商业银行')\n"
        "    files = evidence(b'{}' * 50000, b'{}', bytes([number % 251]) * 99, 'a', words)\n"
        "    renderer.pdf(made, attached=files)\n"
        "    if number % 50 == 49: seen.append(memory())\n"
        "print(json.dumps(seen))\n"
    )
    known = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], check=True, capture_output=True, text=True, env=known
    )
    seen = json.loads(done.stdout)
    print(f"soak: MiB after every fifty reports: {seen}")
    assert max(seen[1:]) - seen[0] <= GROWTH
