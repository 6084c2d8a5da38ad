"""Findings of one bank over several versions: new, mended, still there, back again 发现比较.

The last two versions are compared; those before them, and the evaluations of earlier periods,
only tell whether a finding was there once before (复发).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from supervise.core.comparing.pairing import pair_up
from supervise.core.context import PastEvaluation
from supervise.core.evaluation import Evaluation
from supervise.core.model import Finding
from supervise.core.period import quarter_of
from supervise.record import record

FindingState = Literal["new", "recurred", "still", "mended", "unchecked"]
Key = tuple[str, str]
STATES: tuple[FindingState, ...] = ("new", "recurred", "still", "mended", "unchecked")
_NOT_RUN = frozenset({"not_evaluated", "no_predecessor"})


@record
class FindingChange:
    """What became of a finding.

    Attributes:
        state: ``new`` 新增; ``recurred`` 复发: not in the version before, but in an earlier one;
            ``still`` 仍在; ``mended`` 已改; ``unchecked``: gone only because its check did not
            run this time, or another finding on the same cell stands before it.
        finding: As it is now; for ``mended`` and ``unchecked`` as it was.
        before: As it was, where it is ``still`` there.
        since: For ``recurred``: the latest earlier file or period that had it.
    """

    state: FindingState
    finding: Finding
    before: Finding | None = None
    since: str = ""


@record
class _Placed:
    """A finding with what names it across versions."""

    key: Key
    finding: Finding


def compare_findings(versions: Sequence[Evaluation]) -> tuple[FindingChange, ...]:
    """What became of every finding of the last two versions.

    A finding is known by its check and its first cell; in an open table the row's key stands for
    the row's number.

    Args:
        versions: Two or more, oldest first.

    Returns:
        The findings of the newest in their order, then those that are gone.
    """
    before, after = versions[-2:]
    olds, news = list(_placed(before)), list(_placed(after))
    pairs, gone, _ = pair_up(
        olds, news, key=lambda one: one.key, content=lambda one: _told(one.finding)
    )
    partner = {id(new): old for old, new in pairs}
    earlier = _Earlier(versions)
    found: list[FindingChange] = []
    for new in news:
        old = partner.get(id(new))
        if old is not None:
            found.append(FindingChange("still", new.finding, old.finding))
            continue
        since = earlier.last_with(new)
        state: FindingState = "recurred" if since else "new"
        found.append(FindingChange(state, new.finding, since=since))
    open_ones = _Unchecked(after)
    lost = (FindingChange(open_ones.state_of(old.finding), old.finding) for old in gone)
    return (*found, *lost)


def _placed(evaluation: Evaluation) -> Iterator[_Placed]:
    places = _places(evaluation)
    checks = evaluation.rulebook.checks
    whole = frozenset(c.id for c in checks if c.holds is not None and not c.rows_of)
    for finding in evaluation.findings:
        cell = _first(finding)
        column, row = places.get(cell, (cell, ""))
        place = column if finding.check in whole else f"{column}{row}"
        yield _Placed((finding.check, place), finding)


def _places(evaluation: Evaluation) -> Mapping[str, tuple[str, str]]:
    """Cells of open tables to column and row: a row keeps its name when it moves.

    Of a check over a whole table the column alone counts: its first cell is whichever row
    happens to stand on top.
    """
    filed = evaluation.submission
    found: dict[str, tuple[str, str]] = {}
    for form in evaluation.rulebook.forms.forms:
        for table in form.tables:
            for row in filed.tables.get(table.id, ()):
                named = row.get(table.key)
                if named is not None and named.state == "given":
                    for item, fact in row.items():
                        found[str(fact.cell)] = (f"{table.id}.{item}", f"[{named.value}]")
    return found


def _first(finding: Finding) -> str:
    return finding.cells[0] if finding.cells else ""


def _told(finding: Finding) -> tuple[object, ...]:
    return finding.cells, finding.found, finding.expected


class _Earlier:
    """Which findings there were before the two versions that are compared.

    Args:
        versions: Oldest first; the last two are left out.
    """

    def __init__(self, versions: Sequence[Evaluation]) -> None:
        self._by_row = [
            (version.submission.file, {placed.key for placed in _placed(version)})
            for version in reversed(versions[:-2])
        ]
        before, after = (version.submission.period for version in versions[-2:])
        limit = min(before, after)
        past = {quarter_of(name): known for name, known in versions[-1].history.items()}
        dated = {when: known for when, known in past.items() if when is not None and when < limit}
        self._by_cell = [(str(when), _past_keys(dated[when])) for when in sorted(dated)[::-1]]

    def last_with(self, placed: _Placed) -> str:
        """The latest earlier file or period that had the finding; empty: none had it."""
        for file, keys in self._by_row:
            if placed.key in keys:
                return file
        plain = (placed.finding.check, _first(placed.finding))
        for period, keys in self._by_cell:
            if plain in keys:
                return period
        return ""


def _past_keys(past: PastEvaluation) -> set[Key]:
    told = (finding for finding in past.findings if isinstance(finding, Mapping))
    return {(str(finding.get("check")), _past_cell(finding)) for finding in told}


def _past_cell(told: Mapping[str, Any]) -> str:
    cells = told.get("cells")
    return str(cells[0]) if isinstance(cells, list | tuple) and cells else ""


class _Unchecked:
    """Which findings are gone without having been mended.

    Args:
        evaluation: The newer version.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        implies = {check.id: check.implies for check in evaluation.rulebook.checks}
        self._looked = frozenset(
            state.check
            for state in evaluation.states
            if state.state not in _NOT_RUN and not state.reason
        )
        self._hidden = {
            (implied, cell)
            for finding in evaluation.findings
            for implied in implies.get(finding.check, ())
            for cell in finding.cells
        }

    def state_of(self, finding: Finding) -> FindingState:
        """``mended``, or ``unchecked`` if the whole check did not run, or cannot be seen here."""
        seen = finding.check in self._looked
        hidden = (finding.check, _first(finding)) in self._hidden
        return "mended" if seen and not hidden else "unchecked"


def finding_marks(changes: Sequence[FindingChange]) -> dict[Key, str]:
    """``new``, ``recurred`` or ``still`` by check id and first cell.

    Where one check found two things in one cell, the graver state marks both.
    """
    marks: dict[Key, str] = {}
    for state in ("still", "recurred", "new"):
        for change in changes:
            if change.state == state:
                marks[change.finding.check, _first(change.finding)] = state
    return marks
