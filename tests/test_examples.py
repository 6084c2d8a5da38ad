"""Every worked example of the law, one test each: what the YAML promises, the engine gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from supervise.pipeline.law.examples import run_example, run_examples
from supervise.read.law_examples import Example, read_examples
from supervise.record import replace

EXAMPLES = read_examples()


def name(example: Example) -> str:
    return f"{example.indicator}:{example.where.rpartition(':')[2]}"


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_comes_out_as_written(example: Example) -> None:
    assert list(run_example(example)) == []


def test_there_are_examples_at_every_turn() -> None:
    assert len(EXAMPLES) > 150
    assert {e.period.kind for e in EXAMPLES} == {"annual", "monitoring"}
    assert any(e.not_computable for e in EXAMPLES)
    assert any(e.not_applicable for e in EXAMPLES)


def test_all_examples_are_run_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(EXAMPLES[1], points=Fraction(-99))
    few = (EXAMPLES[0], wrong, EXAMPLES[2])
    monkeypatch.setattr("supervise.pipeline.law.examples.read_examples", lambda overlay: few)
    count, failures = run_examples()
    assert count == 3
    assert [(f.example, f.what, f.expected) for f in failures] == [(wrong, "得分", "-99")]


def found(**changes: object) -> list[str]:
    known = next(e for e in EXAMPLES if e.indicator == "first_loan" and e.points == 5)
    return [failure.what for failure in run_example(replace(known, **changes))]


def test_a_broken_promise_is_found() -> None:
    assert found() == []
    assert found(points=4) == ["得分"]
    assert found(value=1) == ["指标值"]
    assert found(requirements={"": "unmet"}) == ["要求 "]
    assert found(requirements={"no_such_duty": "met"}) == ["要求 no_such_duty"]
    assert found(not_computable="G01_loans") == ["不可计算"]
    assert found(not_applicable=True) == ["适用性"]
    assert found(indicator="no_such_indicator") == ["指标"]
    assert found(parts={"households": 1}) == ["得分 households"]


def test_examples_of_an_overlay_are_run_too(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[1] / "supervise" / "rulebook"
    relative = Path("indicators/incentives/branch_kpi_weight.yaml")
    text = (shipped / relative).read_text(encoding="utf-8")
    target = tmp_path / relative
    target.parent.mkdir(parents=True)
    wrong = text.replace("value: 9.99%, points: 5,", "value: 9.99%, points: 6,", 1)
    target.write_text(wrong, encoding="utf-8")
    own = [e for e in read_examples(overlay=tmp_path) if e.indicator == "branch_kpi_weight"]
    failures = [failure for example in own for failure in run_example(example, tmp_path)]
    assert [(f.what, f.expected, f.found) for f in failures] == [("得分", "6", "5")]
    assert failures[0].example.where.startswith(str(target))
