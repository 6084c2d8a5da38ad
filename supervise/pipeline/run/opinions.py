"""The supervisor's words in a run: read once, fitted to what is generated, drafted anew.

Everything is checked before anything is written; a draft in which somebody worked is never
written over by a run that does not know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from supervise.core.confidential import examiners
from supervise.core.evaluation import Evaluation
from supervise.core.opinions import opinions_of
from supervise.core.period import Period
from supervise.core.rectification import carried_items
from supervise.core.supervision import NO_EDITS, OpinionEdit, OpinionEdits, essence
from supervise.errors import SuperviseError, UsageError
from supervise.pipeline.outputs import INTERNAL
from supervise.pipeline.run.measured import Brief
from supervise.pipeline.saving import save
from supervise.read.judgements import Marks
from supervise.read.opinions import CODE, NO_OPINIONS, OpinionFile, read_opinions, together
from supervise.read.words import read_words
from supervise.read.yaml import nearest
from supervise.record import replace
from supervise.write.manifest import RunRow

LANGUAGE = "zh"


@cache
def known_opinions(path: Path | None) -> OpinionFile:
    """The supervisor's words of a run, read once per process.

    Raises:
        UsageError: The file is wrong.
    """
    return read_opinions(path) if path is not None else NO_OPINIONS


def edits_of(path: Path | None, code: str, period: str) -> OpinionEdits:
    """What is said about one bank for a period."""
    return known_opinions(path).of(code, period)


def draft_path(folder: Path, period: str) -> Path:
    """Where the draft of a period lies."""
    return folder / INTERNAL / f"opinions-{period}.yaml"


def require_fit(path: Path | None, folder: Path, briefs: Sequence[Brief]) -> None:
    """Refuse words that fit nothing of this run, and a run that would lose words.

    Args:
        path: The supervisor's file.
        folder: Where the run is written.
        briefs: Of the filings that stand.

    Raises:
        UsageError: All faults at once, each with its line.
    """
    given = known_opinions(path)
    faults = list(_faults(given, briefs))
    if faults:
        raise together(faults, given.path)
    for period in _periods(briefs):
        _require_kept(draft_path(folder, period), path, given, period)


def write_drafts(briefs: Sequence[Brief], folder: Path) -> None:
    """Write the draft of each period."""
    from supervise.write.opinion_draft import opinion_draft

    for period in _periods(briefs):
        mine = {one.code: one.draft for one in briefs if one.period == period}
        save(
            draft_path(folder, period),
            opinion_draft(Period.parse(period), mine, read_words(LANGUAGE)).encode(),
            what="监管意见初稿写不进输出文件夹",
            expected="可以写入的文件夹",
            fix="检查磁盘空间和权限，或用 -o 换一个文件夹。",
        )


def bank_draft(evaluation: Evaluation) -> str:
    """One bank's lines in the draft of its period."""
    from supervise.write.opinion_draft import draft_of_bank

    return draft_of_bank(evaluation, read_words(LANGUAGE))


def drafts(rows: Sequence[RunRow], folder: Path) -> list[Path]:
    """The drafts of a run that were written."""
    periods = sorted({row.period for row in rows if row.period})
    return [path for path in (draft_path(folder, p) for p in periods) if path.is_file()]


def _periods(briefs: Iterable[Brief]) -> list[str]:
    return sorted({one.period for one in briefs})


def _require_kept(lying: Path, path: Path | None, given: OpinionFile, period: str) -> None:
    """Refuse to write over a draft that somebody edited and that this run was not given."""
    if not lying.is_file() or (path is not None and lying.samefile(path)):
        return
    there = read_opinions(lying)
    lost = [
        code for code, edits in there.banks.items()
        if essence(edits) not in (NO_EDITS, essence(given.of(code, period)))
    ]  # fmt: skip
    if lost:
        raise UsageError(
            f"输出文件夹里的监管意见初稿已有人改过（{'、'.join(lost[:5])}），本次运行会把它盖掉",
            where=str(lying),
            expected="改过的初稿用 --opinions 指明",
            fix=f"加 --opinions {lying}；不要这些改动的，先移走该文件。",
            code="opinions_unsaved",
        )


def _faults(given: OpinionFile, briefs: Sequence[Brief]) -> Iterator[SuperviseError]:
    """Everything that does not fit the banks of a run."""
    if not given.path:
        return
    periods = _periods(briefs)
    if given.period not in periods:
        yield _fault(
            f"监管意见写的是 {given.period}，本次没有评价该期",
            given.path,
            f"本次评价的报告期：{'、'.join(periods) or '无'}",
            "换成该期的意见文件，或改正 period。",
        )
        return
    known = {one.code: one for one in briefs if one.period == given.period}
    for code in given.banks:
        if code in known:
            yield from known[code].misfits
            continue
        near = nearest(code, known)
        yield _fault(
            f"本次没有评价机构 {code}",
            _place(given, code),
            f"相近的机构编码：{near or '无'}",
            "改正机构编码，或删去该机构。",
        )


def misfits_of(
    path: Path | None, evaluation: Evaluation, marks: Marks
) -> tuple[SuperviseError, ...]:
    """What was said about a bank that its evaluation gives no cause to say.

    Args:
        path: The supervisor's file.
        evaluation: The bank's.
        marks: Their authors are not to be named to a bank.
    """
    given, filed = known_opinions(path), evaluation.submission
    edits = given.of(filed.bank.code, str(filed.period))
    if edits == NO_EDITS:
        return ()
    authors = sorted({*authors_of(marks), *examiners(evaluation)})
    return tuple(_Fit(given, authors).faults(filed.bank.code, edits, evaluation))


def authors_of(marks: Marks) -> list[str]:
    """Everybody who signed a mark or a correction of this run."""
    judged = {mark.by for group in marks.judgements.values() for mark in group}
    corrected = {mark.by for group in marks.adjustments.values() for mark in group}
    return sorted(name for name in judged | corrected if name)


def _place(given: OpinionFile, code: str, key: str = "") -> str:
    return given.places.get((code, key), given.places.get((code, ""), given.path))


def _fault(what: str, where: str, expected: str, fix: str) -> SuperviseError:
    return UsageError(what, where=where, expected=expected, fix=fix, code=CODE)


class _Fit:
    """Holds the words about one bank against what its evaluation gives cause to say."""

    def __init__(self, given: OpinionFile, authors: Sequence[str]) -> None:
        self.given = given
        self.authors = authors

    def faults(
        self, code: str, edits: OpinionEdits, evaluation: Evaluation
    ) -> Iterator[SuperviseError]:
        """Everything that does not fit."""
        yield from self._opinions(code, edits, evaluation)
        items = [item.id for item in carried_items(evaluation)]
        for item in essence(edits).items:
            if item.id not in items:
                yield self._unknown("往期整改事项", code, item.id, items)
        for key, text in _read_by_banks(edits):
            for author in self.authors:
                if author in text:
                    yield _fault(
                        f"给银行看的文字里有监管人员姓名“{author}”",
                        _place(self.given, code, key),
                        "报告不写监管人员姓名；内部说明写在 note 或 drop",
                        "删去姓名。",
                    )

    def _opinions(
        self, code: str, edits: OpinionEdits, evaluation: Evaluation
    ) -> Iterator[SuperviseError]:
        from supervise.write.opinion_draft import current_mark
        from supervise.write.phrases import Phrases

        say = Phrases(evaluation, read_words(LANGUAGE), "internal")
        current = {o.id: current_mark(say, o) for o in opinions_of(evaluation)}
        for edit in edits.opinions:
            if edit.id not in current:
                if not _untouched(edit):
                    yield self._unknown("监管意见", code, edit.id, [*current])
            elif edit.text and edit.draft and edit.draft != current[edit.id]:
                yield _fault(
                    f"改写过的意见 {edit.id} 所据的情况已经变化",
                    _place(self.given, code, edit.id),
                    f"draft 为 {current[edit.id]}（本次数据）",
                    "对照新的初稿核对文字，然后把 draft 改成所示的值。",
                )

    def _unknown(self, kind: str, code: str, key: str, known: list[str]) -> SuperviseError:
        near = nearest(key, known)
        return _fault(
            f"{code} 本期没有{kind} {key!r}",
            _place(self.given, code, key),
            f"相近的编号：{near}" if near else "本期没有相近的编号",
            "改正编号；已经达标或更正的，删去这一条。",
        )


def deciding_words(edits: OpinionEdits) -> OpinionEdits:
    """Of the words about a bank, those that may change anything: not what a draft drafted."""
    touched = tuple(edit for edit in edits.opinions if not _untouched(edit))
    return replace(essence(edits), opinions=touched)


def _untouched(edit: OpinionEdit) -> bool:
    """An entry as it was drafted: what it was about is gone, and nothing is lost with it."""
    return bool(edit.draft) and not (edit.text or edit.due or edit.drop)


def _read_by_banks(edits: OpinionEdits) -> Iterator[tuple[str, str]]:
    """Everything that a bank will read, with the id that it belongs to."""
    yield "", edits.overall
    for edit in edits.opinions:
        yield edit.id, edit.text
    for added in edits.added:
        yield "", f"{added.problem}　{added.text}　{added.basis}"
    for item in edits.items:
        yield item.id, item.evidence
