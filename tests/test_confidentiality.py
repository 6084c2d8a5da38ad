"""A bank reads of itself alone: every copy of a run is searched for others and for people."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import nil_bank, workbook
from factories_report import evaluation
from sample_files import HOME

from supervise.batch import Mapper
from supervise.core.confidential import contacts_of, seen_by
from supervise.core.context import Judgement
from supervise.core.supervision import LEFT_OUT
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.verify.report import examine_report
from supervise.record import replace
from supervise.settings import Settings

EXAMINERS = ("周检查员", "吴核查员", "示例监管员")
CONTACTS = ("欧阳填报", "司马负责", "010-66778899", "示例甲", "示例乙", "示例丙", "000-00000000")
ANNOTATED = "B9002H233010001"
NOSY = "B0008H233000001"
PRINTED = {
    ANNOTATED, "B9008H251010001", "B9009H251010001", "B9101H144010001", "B9101B233010001", NOSY,
}  # fmt: skip
INSIDE = ("内部情况说明", "另案处理不告知")
WORDS = f"""period: 2026Q3
banks:
  {ANNOTATED}:
    note: 内部情况说明
    opinions:
      duty.online_loan_review.independent: {{drop: 另案处理不告知}}
      guidance.credit_loan.more_credit_loans: {{drop: 另案处理不告知}}
  B9008H251010001:
    overall: 总体较弱。
    opinions:
      duty.due_diligence_exemption.linked: {{text: 请于年内完善制度。, due: 2026-12-31}}
    added:
      - {{text: 请报送台账。, basis: 约谈纪要}}
    rectification:
      duty.npl_tolerance.exists_and_linked: {{status: 已整改, evidence: 核实单 3}}
"""
MARKS = """judgements:
  - {{bank: {bank}, indicator: npl_tolerance, part: linked, points: 1, by: 周检查员, \
on: 2026-10-20, reason: 经周检查员现场核实}}
adjustments:
  - {{bank: {bank}, item: XW5_fees_refunded, adjusted: 3万, by: 吴核查员, on: 2026-10-20, \
reason: 吴核查员发现漏报, evidence: 底稿 3（吴核查员）}}
"""
_KIND = re.compile(r"(农村|村镇|银行|信用).*")
Bank = dict[str, Any]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two periods of all samples and of a bank whose contacts come back in a finding."""
    folder = tmp_path_factory.mktemp("run")
    mine = workbook(
        folder / "nosy.xlsx",
        nil_bank(
            COVER_bank_code=NOSY,
            COVER_bank_name="漪澜农村商业银行",
            COVER_prepared_by="欧阳填报",
            COVER_reviewed_by="欧阳填报",
            COVER_responsible="司马负责",
            COVER_phone="010-66778899",
        ),
    )
    marks = folder / "marks.yaml"
    marks.write_text(MARKS.format(bank=ANNOTATED), encoding="utf-8")
    annual = HOME / "2025Q4" / "judgements.yaml"
    ran(folder / "2025Q4", [HOME / "2025Q4"], judgements=annual)
    ran(folder / "2026Q3", [HOME / "2026Q3", mine], judgements=marks, history=folder / "2025Q4")
    return folder


def ran(folder: Path, paths: list[Path], **known: Any) -> None:
    target = Target(folder=folder, pdf=False, html=True)
    evaluate_many(paths, Run(settings=Settings(), target=target, **known), Mapper(1))


def banks(run: Path) -> dict[Path, Bank]:
    """Each bank's folder with what its document says of the bank."""
    found = {}
    for path in sorted(run.glob("*/*.json")):
        if path.parent.name not in ("refused", "internal"):
            found[path.parent] = json.loads(path.read_text("utf-8"))["submission"]["bank"]
    return found


def texts(folder: Path, *, own_workbook: bool) -> Iterator[tuple[str, str]]:
    """Everything that can be read in a bank's folder."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".json", ".html"):
            yield path.name, path.read_text("utf-8")
        elif own_workbook:
            with zipfile.ZipFile(path) as book:
                parts = [n for n in book.namelist() if n.endswith((".xml", ".rels"))]
                yield path.name, "".join(book.read(n).decode("utf-8", "replace") for n in parts)


def short(name: str) -> str:
    """What people call a bank: 云汀 of 云汀农村商业银行股份有限公司."""
    return _KIND.sub("", name)


def others(mine: Bank, every: list[Bank]) -> set[str]:
    """Names, short names and codes of all other banks; a branch may know its legal person."""
    words: set[str] = set()
    for bank in every:
        if bank["code"] == mine["code"]:
            continue
        if bank["code"] != mine["parent"]:
            words.add(bank["code"])
        if short(bank["name"]) != short(mine["name"]):
            words |= {bank["name"], short(bank["name"])}
    return words


@pytest.mark.parametrize("period", ["2025Q4", "2026Q3"])
def test_no_copy_names_another_bank(out: Path, period: str) -> None:
    folders = banks(out / period)
    every = list(folders.values())
    assert len(every) >= (25 if period == "2026Q3" else 6)
    for folder, bank in folders.items():
        words = others(bank, every)
        assert len(words) > len(every)
        for name, text in texts(folder, own_workbook=True):
            assert not [word for word in words if word in text], f"{folder.name}/{name}"


@pytest.mark.parametrize("period", ["2025Q4", "2026Q3"])
def test_no_copy_names_an_examiner(out: Path, period: str) -> None:
    for folder in banks(out / period):
        for name, text in texts(folder, own_workbook=True):
            assert not [word for word in EXAMINERS if word in text], f"{folder.name}/{name}"


@pytest.mark.parametrize("period", ["2025Q4", "2026Q3"])
def test_no_report_and_no_document_names_a_contact(out: Path, period: str) -> None:
    for folder in banks(out / period):
        for name, text in texts(folder, own_workbook=False):
            assert not [word for word in CONTACTS if word in text], f"{folder.name}/{name}"


def test_the_runs_own_lists_are_not_in_any_banks_folder(out: Path) -> None:
    for folder in banks(out / "2026Q3"):
        names = {path.name for path in folder.iterdir()}
        assert all(name.startswith(folder.name) for name in names), names


def test_the_search_would_find_what_it_looks_for(out: Path) -> None:
    """The finding that quotes a contact, the mark and the correction are all in the copies."""
    nosy = dict(texts(out / "2026Q3" / NOSY, own_workbook=True))
    told = json.loads(nosy[f"{NOSY}-2026Q3.json"])
    (finding,) = [f for f in told["findings"] if f["check"] == "COVER_006"]
    assert finding["found"] == LEFT_OUT
    assert LEFT_OUT in finding["message"]
    assert "欧阳填报" in nosy[f"{NOSY}-2026Q3-marked.xlsx"], "the bank's own workbook keeps its own"
    marked = dict(texts(out / "2026Q3" / ANNOTATED, own_workbook=False))
    assert f"经{LEFT_OUT}现场核实" in marked[f"{ANNOTATED}-2026Q3.html"]
    assert f"底稿 3（{LEFT_OUT}）" in marked[f"{ANNOTATED}-2026Q3.json"]


@pytest.fixture(scope="module")
def printed(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A smaller run with reports as PDF, marked and with words of the supervisor."""
    folder = tmp_path_factory.mktemp("printed")
    names = (
        "rc02-weidu.xlsx", "rc08-shiyi.xlsx", "rc09-chengyan.xlsx", "lb01-bangchuan.xlsx",
        "lb01-bangchuan-zhejiang.xlsx",
    )  # fmt: skip
    words = folder / "words.yaml"
    words.write_text(WORDS, encoding="utf-8")
    run = Run(
        settings=Settings(),
        target=Target(folder=folder / "out"),
        history=out / "2025Q4",
        judgements=out / "marks.yaml",
        opinions=words,
    )
    evaluate_many([*(HOME / "2026Q3" / n for n in names), out / "nosy.xlsx"], run, Mapper(1))
    return folder / "out"


def tool(*command: object) -> str:
    done = subprocess.run([str(c) for c in command], check=True, capture_output=True)
    return done.stdout.decode()


@pytest.mark.real
def test_no_printed_copy_names_others_or_people(out: Path, printed: Path) -> None:
    every = list(banks(out / "2026Q3").values())
    folders = banks(printed)
    assert {folder.name for folder in folders} == PRINTED
    for folder, bank in folders.items():
        (pdf,) = folder.glob("*.pdf")
        told = re.sub(r"\s", "", tool("pdftotext", pdf, "-"))
        assert short(bank["name"]) in told
        hidden = others(bank, every) | {*EXAMINERS, *CONTACTS, *INSIDE}
        assert not [word for word in hidden if word in told], folder.name


@pytest.mark.real
def test_nothing_attached_to_a_report_names_others_or_people(
    out: Path, printed: Path, tmp_path: Path
) -> None:
    every = list(banks(out / "2026Q3").values())
    for folder, bank in banks(printed).items():
        (pdf,) = folder.glob("*.pdf")
        tool("pdfdetach", "-saveall", "-o", tmp_path, pdf)
        hidden = others(bank, every) | {*EXAMINERS, *CONTACTS, *INSIDE}
        for name in ("evaluation.json", "context.json"):
            text = (tmp_path / name).read_text("utf-8")
            assert not [word for word in hidden if word in text], f"{folder.name}/{name}"


@pytest.mark.real
def test_reports_without_the_names_come_to_the_same_result_again(printed: Path) -> None:
    for folder in banks(printed):
        (pdf,) = folder.glob("*.pdf")
        found = examine_report(pdf, Settings())
        assert found.faults == (), folder.name
        assert found.repeated


def test_the_internal_copy_and_a_banks_own_check_say_all() -> None:
    made = evaluation()
    assert seen_by(made, "internal") is made
    own = replace(made, stage="self")
    assert seen_by(own, "bank") is own


def test_a_word_that_is_no_name_is_not_taken_out() -> None:
    filed = evaluation().submission
    fact = next(iter(filed.facts.values()))
    words = {"COVER_prepared_by": "甲", "COVER_phone": "100", "COVER_responsible": "王小明"}
    facts = {item: replace(fact, item=item, text=text) for item, text in words.items()}
    assert contacts_of(replace(filed, facts=facts)) == ("王小明",)


def test_the_longer_of_two_names_goes_first() -> None:
    made = evaluation()
    marks = [
        Judgement("x", "y", Fraction(1), by, "王小明明和王小明核实", "2026-10-20")
        for by in ("王小明", "王小明明")
    ]
    result = next(r for r in made.indicators if len(r.parts) >= 2)
    parts = tuple(
        replace(part, supervisor=mark) for part, mark in zip(result.parts, marks, strict=False)
    )
    found = seen_by(replace(made, indicators=(replace(result, parts=parts),)), "bank")
    mark = found.indicators[0].parts[0].supervisor
    assert mark is not None
    assert mark.reason == f"{LEFT_OUT}和{LEFT_OUT}核实"
