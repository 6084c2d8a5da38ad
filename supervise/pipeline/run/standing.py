"""Which filing of a bank stands when there are several 重报."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from supervise.errors import SuperviseError, WorkbookUnreadable
from supervise.pipeline.ledger.filed_before import NOTHING, Before, FiledBefore, Filer
from supervise.pipeline.run.measured import Brief, Measured


def standing(found: Iterable[Measured], before: Before = NOTHING) -> dict[Filer, Measured]:
    """By bank code and period: the highest sequence that is not blocked, else the highest.

    The filed version stands until its successor can be accepted. Where it is one of an earlier
    run, the bank is left out: none of this run's files stands.
    """
    by_bank: dict[Filer, list[Measured]] = {}
    for one, brief in _filed(found):
        by_bank.setdefault(brief.filer, []).append(one)
    best = {filer: max(filings, key=_rank) for filer, filings in by_bank.items()}
    return {
        filer: one
        for filer, one in best.items()
        if not _outdone(one, by_bank[filer], before.get(filer, ()))
    }


def briefs_that_stand(found: Sequence[Measured], before: Before = NOTHING) -> tuple[Brief, ...]:
    """What a run comes to, without what is superseded or refused."""
    rejected = conflicts(found)
    kept = standing((one for one in found if one.path not in rejected), before).values()
    return tuple(brief for _, brief in _filed(kept))


def _filed(found: Iterable[Measured]) -> Iterator[tuple[Measured, Brief]]:
    for one in found:
        if one.brief is not None:
            yield one, one.brief


def _outdone(best: Measured, filings: Sequence[Measured], before: Sequence[FiledBefore]) -> bool:
    """Whether a filing of an earlier run, not judged anew in this one, ranks above the best."""
    here = {one.sha256 for one in filings}
    return any(
        (one.accepted, one.sequence) > _rank(best) for one in before if one.sha256 not in here
    )


def _rank(one: Measured) -> tuple[bool, int]:
    assert one.brief is not None
    return one.brief.status != "blocked", one.brief.sequence


def first_filings(found: Iterable[Measured]) -> dict[Filer, tuple[int, int]]:
    """What the first filing of a bank left open, where it is among the files of this run."""
    return {brief.filer: brief.faults for _, brief in _filed(found) if brief.sequence == 1}


def conflicts(found: Iterable[Measured]) -> dict[Path, SuperviseError]:
    """Files that cannot stand: one bank twice for one period with one sequence number."""
    by_bank: dict[tuple[str, str, int], list[Path]] = {}
    for one, brief in _filed(found):
        by_bank.setdefault((*brief.filer, brief.sequence), []).append(one.path)
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
