"""What an office may add without Python: a threshold, an indicator, a check, a province.

Each test writes nothing but YAML into an overlay folder, as ``--rulebook DIR`` takes it.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from builders import Given, branches, evaluated, filed, law, nil_bank, workbook

from supervise.cli import main
from supervise.core.evaluation import Evaluation
from supervise.core.law import Rulebook
from supervise.core.period import Period
from supervise.read.lint import lint
from supervise.read.rulebook import provinces, read_rulebook

HOUSE = "provenance: provisional, basis: {source: house, article: 本局}"
THRESHOLD = f"""kpi_weight_floor:
  values:
    2026-07-01: {{value: 12%, {HOUSE}}}
"""
INDICATOR = """name: 普惠型小微贷款户均余额
element: structure
kind: monitored
unit: yuan
better: band
headline: false
what: 普惠型小微企业贷款余额除以户数。
why: 户均下降说明贷款更分散。
levels: [legal_person, tier1_branch]
formula: {2024-11-25: inclusive_balance / inclusive_borrowers}
provenance: provisional
basis: {source: house, article: 本局}
examples:
  - {period: 2026Q3, type: city, given: {S71_I_6_A5: 10亿, S71_I_6_B5: 1000}, value: 100万}
  - {period: 2026Q3, type: city, given: {S71_I_6_A5: 10亿}, not_computable: S71_I_6_B5}
"""
CHECK = """checks:
  - id: JS_001
    name: 各项贷款不小于一亿元
    severity: explain
    scope: plausibility
    holds: G01_loans >= 1亿
    tolerance: none
    message: "{cell} {item}填报 {found}，本局口径不小于 {expected}。"
    fix: 核对金额单位。
    why: 本局辖内法人机构均在一亿元以上。
    basis: {source: house, article: 本局}
    provenance: provisional
"""
PROVINCE = f"""name: 江苏省
notice: 江苏监管局暂行口径。
parameters:
  npl_tolerance_ceiling:
    values:
      2026-01-01: {{value: 3.5%, {HOUSE}}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    path = tmp_path / "本局"
    path.mkdir()
    return path


def add(office: Path, relative: str, text: str) -> None:
    path = office / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def local(office: Path, period: str = "2026Q3", province: str = "510000") -> Rulebook:
    return read_rulebook(Period.parse(period), "rural_commercial", province, overlay=office)


def weighed(book: Rulebook) -> Evaluation:
    figures = {"XW2_branch_count": 2}
    return evaluated(book, filed(book, figures, tables=branches("12%", "10%")))


def points(found: Evaluation) -> Fraction | None:
    return found.indicator("branch_kpi_weight").points


def test_a_dated_threshold_changes_the_verdict_of_its_period_and_no_earlier_law(
    office: Path,
) -> None:
    add(office, "parameters.yaml", THRESHOLD)
    assert points(weighed(local(office))) == 5
    assert points(weighed(law())) == 10
    before, shipped = local(office, "2026Q2"), law("2026Q2")
    assert points(weighed(before)) == points(weighed(shipped)) == 10
    assert before.digest == shipped.digest
    assert local(office).digest != law().digest
    assert local(office).overlay == "本局"


def test_a_dated_formula_limit_and_curve_change_with_their_date(office: Path) -> None:
    shipped = Path(__file__).parents[1] / "supervise/rulebook/indicators/supply/borrower_count.yaml"
    text = shipped.read_text(encoding="utf-8").split("examples:")[0]
    score = next(line for line in text.split("\n") if line.strip() == "2024-11-25:")
    indent = score[: len(score) - len(score.lstrip())]
    later = "\n".join(
        f"{indent}{line}"
        for line in (
            "2026-07-01:", "  max: 4", "  full_if: value >= 1", "  otherwise: 1",
            "  provenance: provisional", "  basis: {source: house, article: 本局}",
        )
    )  # fmt: skip
    add(office, "indicators/supply/borrower_count.yaml", text.rstrip() + "\n" + later + "\n")
    old, new = local(office, "2026Q2"), local(office)
    assert old.digest == law("2026Q2").digest
    assert new.digest != law().digest
    figures = {"S71_I_6_B5": 95, "S71_I_6_B5_year_start": 100}
    for book, expected in ((old, Fraction(38, 10)), (new, Fraction(4))):
        assert evaluated(book, filed(book, figures)).indicator("borrower_count").points == expected


def test_an_indicator_file_appears_in_the_result(office: Path) -> None:
    add(office, "indicators/structure/average_loan.yaml", INDICATOR)
    book = local(office)
    result = evaluated(book, filed(book, S71_I_6_A5="10亿", S71_I_6_B5=800))
    found = result.indicator("average_loan")
    assert found.measure.value == 1_250_000
    assert (found.points, found.law.kind) == (None, "monitored")
    assert (
        result.score.total == evaluated(law(), filed(S71_I_6_A5="10亿", S71_I_6_B5=800)).score.total
    )


def test_a_check_fires_with_its_cell_and_its_words(office: Path) -> None:
    add(office, "checks/office.yaml", CHECK)
    book = local(office)
    small = evaluated(book, filed(book, G01_loans="9999.99万"))
    found = [f for f in small.findings if f.check == "JS_001"]
    cell, item = filed().facts["G01_loans"].cell, law().forms.items["G01_loans"]
    assert [f.message for f in found] == [f"{cell} {item.name}填报 9999.99，本局口径不小于 10000。"]
    assert small.status == "needs_explanation"
    at = evaluated(book, filed(book, G01_loans="1亿"))
    assert not [f for f in at.findings if f.check == "JS_001"]


def test_a_province_overlay_judges_its_own_banks_and_says_what_it_loosens(office: Path) -> None:
    add(office, "provinces/320000.yaml", PROVINCE)
    there, elsewhere = local(office, province="320000"), local(office)
    assert there.parameters["npl_tolerance_ceiling"].value == Fraction(35, 1000)
    assert elsewhere.parameters["npl_tolerance_ceiling"].value == Fraction(3, 100)
    assert "江苏监管局暂行口径。" in there.notices
    loosened = [n for n in there.notices if "由 3% 放宽为 3.5%" in n]
    assert loosened
    assert elsewhere.notices == ()
    figures: dict[str, Given] = {
        "XW4_tolerance_form": "较全行加点", "XW4_tolerance_value": "3.2%",
        "XW4_tolerance_doc": "示例发〔2026〕1号", "XW4_tolerance_in_appraisal": True,
        "XW4_linked": True, "XW7_npl_tolerance_appraisal_score": 1,
        "XW7_npl_tolerance_linked_score": 1,
    }  # fmt: skip
    scores = [
        evaluated(book, filed(book, figures)).indicator("npl_tolerance").points
        for book in (there, elsewhere)
    ]
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0] - scores[1] == 2
    assert provinces(overlay=office)["江苏省"] == "320000"


def test_everything_an_office_adds_is_sound_and_its_examples_hold(office: Path) -> None:
    from supervise.pipeline.law.examples import run_example
    from supervise.read.law_examples import read_examples

    add(office, "parameters.yaml", THRESHOLD)
    add(office, "indicators/structure/average_loan.yaml", INDICATOR)
    add(office, "checks/office.yaml", CHECK)
    add(office, "provinces/320000.yaml", PROVINCE)
    assert lint(overlay=office) == []
    own = [e for e in read_examples(overlay=office) if e.indicator == "average_loan"]
    assert len(own) == 2
    assert [failure for e in own for failure in run_example(e, office)] == []


def test_the_command_line_takes_the_overlay_and_names_it(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(office, "checks/office.yaml", CHECK)
    file = workbook(tmp_path / "good.xlsx", nil_bank())
    with pytest.raises(SystemExit) as left:
        main(["check", str(file), "--rulebook", str(office), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert left.value.code == 0
    assert [f["check"] for f in document["findings"]] == ["JS_001"]
    assert document["rulebook"]["overlay"] == "本局"
    assert document["rulebook"]["digest"] != law().digest


def test_a_fault_in_an_overlay_names_file_and_line(office: Path) -> None:
    add(office, "checks/office.yaml", CHECK.replace("G01_loans", "G01_loan"))
    problems = lint(overlay=office)
    assert [Path(p.file).name for p in problems] == ["office.yaml"]
    assert "G01_loan" in problems[0].what
    assert "G01_loans" in problems[0].fix
