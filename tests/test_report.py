"""The PDF: same bytes, text in reading order, bookmarks, and clear refusals."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zlib
from binascii import unhexlify
from datetime import date
from pathlib import Path

import pytest
from factories_report import evaluation

from supervise.errors import RenderingError
from supervise.read.words import read_words
from supervise.write.index import index_html
from supervise.write.look import shipped_templates
from supervise.write.manifest import RunRow
from supervise.write.press import Credits, Press, import_weasyprint, probe
from supervise.write.report import Renderer
from supervise.write.typeface import SHIPPED

GOLDEN = Path(__file__).parent / "golden" / "report_monitoring.html"
words = read_words()


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(words=words)


@pytest.fixture(scope="module")
def printed(renderer: Renderer) -> bytes:
    return renderer.pdf(evaluation(), audience="bank")


def run(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        pytest.fail(f"{tool} is missing: scripts/apt-test.txt lists its package")
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def pdf_file(printed: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.pdf"
    file.write_bytes(printed)
    return file


def test_the_same_evaluation_gives_the_same_bytes(renderer: Renderer, printed: bytes) -> None:
    assert renderer.pdf(evaluation(), audience="bank") == printed


def test_another_process_in_another_place_gives_the_same_bytes(printed: bytes, root: Path) -> None:
    script = (
        "import hashlib; from factories_report import evaluation;"
        "from supervise.read.words import read_words;"
        "from supervise.write.report import Renderer;"
        "pdf = Renderer(words=read_words()).pdf(evaluation(), audience='bank');"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    elsewhere = {
        **os.environ,
        "TZ": "Pacific/Auckland",
        "PYTHONHASHSEED": "4711",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")]),
    }
    out = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=elsewhere
    ).stdout
    assert out.strip() == hashlib.sha256(printed).hexdigest()


def test_text_extracts_in_reading_order(pdf_file: Path) -> None:
    text = re.sub(r"\s+", "", run("pdftotext", str(pdf_file), "-"))
    marks = (
        "监测评价（试评）", "云岭农村商业银行股份有限公司", "92.16", "五项核心指标", "9.996%",
        "评价结论", "指标明细", "政策落实核查表", "数据质量与校验发现",
        "附录一", "附录二", "附录三", "附录四", "附录五",
    )  # fmt: skip
    places = [text.find(mark) for mark in marks]
    assert -1 not in places
    assert places == sorted(places)


def test_the_document_says_what_it_is(pdf_file: Path) -> None:
    info = run("pdfinfo", str(pdf_file))
    assert "云岭农村商业银行股份有限公司 2026年三季度" in info
    pages = int(re.search(r"Pages:\s+(\d+)", info)[1])  # type: ignore[index]
    assert 7 <= pages <= 12


def test_a_tagged_archival_variant_can_be_had(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(Renderer(words=words, variant="pdf/a-3a").pdf(evaluation(), audience="bank"))
    assert "Tagged:          yes" in run("pdfinfo", str(file))


def test_sections_are_bookmarked(printed: bytes) -> None:
    found = _titles(printed)
    titles = ["评价结论", "指标明细", "政策落实核查表", "数据质量与校验发现", "政策要求逐项核对"]
    for title in titles:
        assert title.encode("utf-16-be") in found


def _titles(pdf: bytes) -> bytes:
    """Titles in the object streams of a PDF, decoded, one after another."""
    streams = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    objects = b"".join(zlib.decompress(stream) for stream in streams)
    return b"".join(unhexlify(t) for t in re.findall(rb"/Title\s*<feff([0-9a-f]+)>", objects))


def test_only_the_bundled_typeface_is_embedded(pdf_file: Path) -> None:
    fonts = run("pdffonts", str(pdf_file)).splitlines()[2:]
    assert fonts
    assert all("Supervise" in line for line in fonts)


def test_the_html_is_as_agreed(renderer: Renderer) -> None:
    made = renderer.html(evaluation(), audience="bank")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_the_page_for_a_screen_carries_its_styles_and_nothing_from_outside(
    renderer: Renderer,
) -> None:
    page = renderer.standalone(evaluation(), audience="bank")
    assert page.count("<style>") == 1
    assert "@media screen" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "<link" not in page


def test_a_character_without_a_glyph_is_refused_by_name(renderer: Renderer) -> None:
    with pytest.raises(RenderingError) as error:
        renderer.pdf(evaluation(name="𠮷田农村商业银行"), audience="bank")
    assert error.value.exit_code == 7
    assert error.value.code == "glyph_missing"
    assert "𠮷（U+20BB7" in error.value.what
    assert error.value.where == "𠮷田农村商业银行"


def test_markup_in_a_banks_text_stays_text(renderer: Renderer) -> None:
    made = renderer.html(evaluation(name="<script>甲</script>银行"), audience="bank")
    assert "<script>" not in made


def test_a_missing_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [m for m in sys.modules if m.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)

    class NoPango:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'\nmore")

    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(RenderingError) as error:
        import_weasyprint()
    assert error.value.code == "pango_missing"
    assert "libpango-1.0-0" in error.value.fix
    assert error.value.where == "cannot load library 'libpango-1.0-0'"
    assert not probe()[0].ok


def test_an_office_may_override_a_single_file(tmp_path: Path) -> None:
    (tmp_path / "variables.css").write_text(
        (shipped_templates() / "variables.css").read_text("utf-8").replace("#14324a", "#123456"),
        encoding="utf-8",
    )
    assert "#123456" in Renderer(words=words, templates=tmp_path).style()


@pytest.mark.parametrize(
    "template", ["{{ r.nothing }}", "{{ ''.__class__.__mro__ }}", "{% if %}", "{% include 'no' %}"]
)
def test_a_wrong_or_prying_template_is_refused(tmp_path: Path, template: str) -> None:
    (tmp_path / "report.html.j2").write_text(template, encoding="utf-8")
    with pytest.raises(RenderingError) as error:
        Renderer(words=words, templates=tmp_path).html(evaluation(), audience="bank")
    assert error.value.code == "template_invalid"


def test_no_address_is_fetched(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The wall behind the one that an office's templates meet first."""
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    told = Credits(title="甲", author="甲", subject="甲", keywords=(), day=date(2026, 9, 30))
    page = f'<html><body><p>甲</p><img src="{(tmp_path / "secret.txt").as_uri()}"></body></html>'
    Press("", (SHIPPED,)).print(page, told)
    assert "refused" in caplog.text


def test_a_folder_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderingError) as error:
        Renderer(words=words, fonts=tmp_path).pdf(evaluation(), audience="bank")
    assert error.value.code == "font_missing"


def test_the_callers_fontconfig_is_left_alone(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/somewhere/fonts.conf")
    Renderer(words=words).pdf(evaluation(specs=(), findings=()), audience="bank")
    assert os.environ["FONTCONFIG_FILE"] == "/somewhere/fonts.conf"


def test_probes_tell_what_this_machine_has() -> None:
    found = {one.name: one for one in probe()}
    assert found["pango"].ok
    assert found["glyphs"].ok
    assert str(SHIPPED) not in found["font"].found


@pytest.mark.parametrize("factor", ["0.3", "0.7", "1"])
@pytest.mark.parametrize("name", ["甲", "云岭" * 20 + "农村商业银行股份有限公司"])
def test_the_cover_is_always_one_page(
    renderer: Renderer, tmp_path: Path, factor: str, name: str
) -> None:
    made = evaluation(name=name, blocked=factor == "1", points_factor=factor)
    file = tmp_path / "report.pdf"
    file.write_bytes(renderer.pdf(made, audience="internal"))
    second = run("pdftotext", "-f", "2", "-l", "2", str(file), "-")
    assert "评价结论" in second


def test_the_index_lists_banks_and_refusals_with_links() -> None:
    rows = [
        RunRow(
            file="a.xlsx",
            sha256="0",
            status="passed",
            code="B9001",
            name="云岭农村商业银行",
            bank_type="农村商业银行",
            period="2026Q3",
            total="86.25",
            low="80",
            high="88",
            grade="二级A",
            documents=(("B9001/B9001-2026Q3.pdf", "1"), ("B9001/B9001-2026Q3.json", "2")),
        ),
        RunRow(
            file="b.xlsx",
            sha256="0",
            status="refused",
            reason="encrypted",
            message="文件已加密",
            fix="去掉密码后重报。",
            documents=(("refused/b.json", "3"),),
        ),
    ]
    page = index_html(rows, words=words)
    assert '<a href="B9001/B9001-2026Q3.pdf">报告</a>' in page
    assert "2026年三季度" in page
    assert "80.00–88.00" in page
    assert "文件已加密" in page
    assert "拒收 1 份" in page
