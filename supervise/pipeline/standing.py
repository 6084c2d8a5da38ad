"""Which filing of a bank stands when there are several 重报."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from supervise.core.evaluate import fault_counts
from supervise.core.evaluation import Evaluation
from supervise.errors import SuperviseError, WorkbookUnreadable
from supervise.pipeline.case import Outcome
from supervise.pipeline.filed_before import NOTHING, Before, FiledBefore, Filer


def standing(outcomes: Iterable[Outcome], before: Before = NOTHING) -> dict[Filer, Outcome]:
    """By bank code and period: the highest sequence that is not blocked, else the highest.

    The filed version stands until its successor can be accepted. Where it is one of an earlier
    run, the bank is left out: none of this run's files stands.
    """
    by_bank: dict[Filer, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.evaluation is not None:
            filed = outcome.evaluation.submission
            by_bank.setdefault((filed.bank.code, str(filed.period)), []).append(outcome)
    best = {filer: max(filings, key=_rank) for filer, filings in by_bank.items()}
    return {
        filer: outcome
        for filer, outcome in best.items()
        if not _outdone(outcome, by_bank[filer], before.get(filer, ()))
    }


def _outdone(best: Outcome, filings: Sequence[Outcome], before: Sequence[FiledBefore]) -> bool:
    """Whether a filing of an earlier run, not judged anew in this one, ranks above the best."""
    here = {outcome.sha256 for outcome in filings}
    return any(
        (one.accepted, one.sequence) > _rank(best) for one in before if one.sha256 not in here
    )


def evaluations_that_stand(
    outcomes: Sequence[Outcome], before: Before = NOTHING
) -> tuple[Evaluation, ...]:
    """The evaluations that a run comes to, without those superseded or refused."""
    rejected = conflicts(outcomes)
    kept = standing((o for o in outcomes if o.path not in rejected), before).values()
    return tuple(o.evaluation for o in kept if o.evaluation is not None)


def _rank(outcome: Outcome) -> tuple[bool, int]:
    evaluation = outcome.evaluation
    assert evaluation is not None
    return evaluation.status != "blocked", evaluation.submission.sequence


def first_filings(outcomes: Iterable[Outcome]) -> dict[Filer, tuple[int, int]]:
    """What the first filing of a bank left open, where it is among the files of this run."""
    counted: dict[Filer, tuple[int, int]] = {}
    for outcome in outcomes:
        if outcome.evaluation is not None and outcome.evaluation.submission.sequence == 1:
            filed = outcome.evaluation.submission
            filer = (filed.bank.code, str(filed.period))
            counted[filer] = fault_counts(outcome.evaluation.findings)
    return counted


def conflicts(outcomes: Iterable[Outcome]) -> dict[Path, SuperviseError]:
    """Files that cannot stand: one bank twice for one period with one sequence number."""
    by_bank: dict[tuple[str, str, int], list[Path]] = {}
    for outcome in outcomes:
        if outcome.evaluation is not None:
            filed = outcome.evaluation.submission
            key = (filed.bank.code, str(filed.period), filed.sequence)
            by_bank.setdefault(key, []).append(outcome.path)
    return {
        path: _duplicate(key, path, paths)
        for key, paths in by_bank.items()
        if len(paths) > 1
        for path in paths
    }


def _duplicate(key: tuple[str, str, int], path: Path, paths: list[Path]) -> SuperviseError:
    code, period, sequence = key
    others = "、".join(str(other) for other in paths if other != path)
    return WorkbookUnreadable(
        f"同一机构 {code} 在 {period} 有两份序号为 {sequence} 的报送件",
        where=path.name,
        expected=f"重报件的序号递增；同号文件：{others}",
        fix="请报送机构在封面改正序号并写明重报原因。",
        code="duplicate_submission",
    )
