"""Several filings of one bank: which stands, which are refused; names of result folders."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import evaluated, filed, law_with, nil_bank, points, reading_finding, workbook

from supervise.batch import Mapper
from supervise.pipeline.case import judge, read_case
from supervise.pipeline.outputs import Target, safe_name
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.run.measured import Measured, brief_of
from supervise.pipeline.run.peer_groups import Peers
from supervise.pipeline.run.standing import conflicts, standing
from supervise.pipeline.run.told import exit_code
from supervise.read.judgements import NO_MARKS
from supervise.record import replace
from supervise.settings import Settings

LAW = law_with()


def filing(name: str, sequence: int = 1, *, code: str = "A001", blocked: bool = False) -> Measured:
    known = filed(LAW)
    reading = (reading_finding(),) if blocked else ()
    bank = replace(known.bank, code=code)
    submission = replace(known, sequence=sequence, bank=bank, reading=reading)
    return Measured(Path(name), "", brief_of(evaluated(LAW, submission)))


def stands(*filings: Measured) -> str:
    found = standing(filings)
    assert list(found) == [("A001", "2026Q3")]
    return found["A001", "2026Q3"].path.name


def test_the_highest_sequence_stands() -> None:
    assert stands(filing("a", 1), filing("c", 3), filing("b", 2)) == "c"


def test_a_filing_stands_until_its_successor_can_be_accepted() -> None:
    assert stands(filing("a", 1), filing("b", 2, blocked=True)) == "a"
    assert stands(filing("a", 1, blocked=True), filing("b", 2)) == "b"
    assert stands(filing("a", 1, blocked=True), filing("b", 2, blocked=True)) == "b"


def test_a_refused_file_stands_nowhere() -> None:
    assert standing([Measured(Path("a"), "")]) == {}


def test_two_filings_with_one_number_are_both_refused() -> None:
    first, second, other = filing("x/a"), filing("y/a"), filing("b", code="B001")
    found = conflicts([first, second, other, filing("c", 2)])
    assert found.keys() == {Path("x/a"), Path("y/a")}
    error = found[Path("x/a")]
    assert error.code == "duplicate_submission"
    assert "y/a" in error.expected
    assert "A001" in error.what


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("B0001H233000001", True),
        ("91330000MA27XYZ123", True),
        ("A1", False),
        ("../../etc", False),
        ("b0001h233000001", False),
        ("B0001 H2", False),
        ("示例银行", False),
        ("A" * 21, False),
        ("", False),
        ("A001\n", False),
    ],
)
def test_no_bank_can_choose_the_name_of_its_folder(code: str, kept: bool) -> None:
    name = safe_name(code)
    assert (name == code) is kept
    assert name.isalnum()
    assert name.isascii()
    assert 4 <= len(name) <= 20
    assert safe_name(code) == name


def test_different_codes_have_different_folders() -> None:
    names = {safe_name(code) for code in ("甲", "乙", "a1", "A1", "../a", "")}
    assert len(names) == 6


def run_over(folder: Path, output: Path, **changes: object) -> dict[str, str]:
    target = Target(folder=output, pdf=False)
    run = replace(Run(settings=Settings(), target=target), **changes)
    rows = evaluate_many([folder], run, Mapper(1))
    assert exit_code(rows) in (0, 1)
    return {row.file: row.status for row in rows}


@pytest.fixture(scope="module")
def resubmitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    workbook(folder / "first.xlsx", nil_bank())
    again = nil_bank(COVER_filing="重报", COVER_sequence=2, COVER_resubmission_reason="更正")
    workbook(folder / "second.xlsx", again)
    return folder


def test_a_superseded_filing_keeps_its_document_beside_the_one_that_stands(
    resubmitted: Path, tmp_path: Path
) -> None:
    statuses = run_over(resubmitted, tmp_path)
    assert statuses == {"first.xlsx": "superseded", "second.xlsx": "passed"}
    names = sorted(p.name for p in tmp_path.rglob("B*.json"))
    assert names == ["B0001H233000001-2026Q3-1.json", "B0001H233000001-2026Q3.json"]
    document = json.loads((tmp_path / "B0001H233000001" / names[1]).read_text(encoding="utf-8"))
    assert (document["submission"]["sequence"], document["submission"]["supersedes"]) == (2, 1)


def test_a_file_of_another_period_than_is_collected_is_refused(
    resubmitted: Path, tmp_path: Path
) -> None:
    statuses = run_over(resubmitted, tmp_path, expected="2026Q2")
    assert set(statuses.values()) == {"refused"}


def test_a_run_gives_the_same_bytes_twice(resubmitted: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_over(resubmitted, tmp_path / name)
    first, second = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert first == second


def test_the_filed_figures_of_a_clean_first_filing_earn_full_quality(resubmitted: Path) -> None:
    case = read_case(resubmitted / "first.xlsx", Settings())
    from supervise.core.context import NO_CONTEXT

    found = judge(case, NO_CONTEXT, NO_MARKS)
    assert found.stage == "preliminary"
    assert found.indicator("data_quality").points == 3


def test_a_blocked_bank_and_a_branch_are_no_peers() -> None:
    rulebook = law_with(indicators=(points("x", "5"),))
    known = filed(rulebook)
    filings = (
        known,
        replace(known, bank=replace(known.bank, code="A2"), reading=(reading_finding(),)),
        replace(known, bank=replace(known.bank, code="A3", level="tier1_branch")),
    )
    good, *others = (brief_of(evaluated(rulebook, one)) for one in filings)
    # 5 of 10 points make 13.5 of the element's 27; it alone applies, so 50 of 100 in all
    assert {key: good.values[key] for key in ("total", "element.supply", "x", "x.x")} == {
        "total": Fraction(50),
        "element.supply": Fraction(27, 2),
        "x": Fraction(5),
        "x.x": Fraction(5),
    }
    peers = Peers((good, *others))
    ranked = peers.ranked(good)
    assert ranked is not None
    assert {(place.spread.n, place.below, place.same) for place in ranked.places.values()} == {
        (1, 0, 1)
    }
    assert [peers.ranked(one) for one in others] == [None, None]


def scores(folder: Path) -> list[dict[str, Any]]:
    """Scores in the documents of a run, superseded ones left out."""
    told = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.rglob("B*Q?.json"))]
    return [each["score"] for each in told]


def test_peers_are_of_one_period(tmp_path: Path) -> None:
    for period in ("2026Q2", "2026Q3"):
        workbook(tmp_path / f"{period}.xlsx", nil_bank(), period=period)
    run_over(tmp_path, tmp_path / "out")
    assert [score["peer"]["n"] for score in scores(tmp_path)] == [1, 1]


def test_a_resubmission_stands_among_its_peers_with_the_total_of_its_report(
    resubmitted: Path, tmp_path: Path
) -> None:
    """Ten alike: were one counted before its first filing was known, it would be the lowest."""
    for number in range(2, 11):
        code = f"B{number:04}H233000001"
        workbook(tmp_path / f"{number}.xlsx", nil_bank(COVER_bank_code=code))
    for name in ("first.xlsx", "second.xlsx"):
        (tmp_path / name).write_bytes((resubmitted / name).read_bytes())
    run_over(tmp_path, tmp_path / "out")
    found = scores(tmp_path)
    assert len(found) == 10
    for score in found:
        told = f"{Decimal(score['total']):.6g}"  # figures of peers have six digits
        assert score["peer"]["trimmed_min"] == score["peer"]["p75"] == told
