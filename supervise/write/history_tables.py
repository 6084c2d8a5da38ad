"""A bank's history as tables of texts: what terminal and workbook show alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from supervise.core.bank_history import BankHistory, FilingTold, HeadlineTold, QuarterTold, Remark
from supervise.core.context import PeerStat
from supervise.record import record
from supervise.write.numbers import Numbers, Words, format_fixed
from supervise.write.visible import one_line

DASH = "—"


@record(kw_only=True)
class HistoryNames:
    """Wordings, and the names of bank types and provinces by id."""

    words: Words
    types: Mapping[str, str]
    provinces: Mapping[str, str]


@record(kw_only=True)
class HistoryTable:
    """One table.

    Attributes:
        key: Id of its wordings.
        rows: Texts, as wide as the columns.
        figures: Columns of figures.
    """

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


def title(history: BankHistory, names: HistoryNames) -> str:
    """Whose history it is, over which quarters."""
    return names.words(
        "history.title",
        name=one_line(history.name),
        code=history.code,
        type=names.types.get(history.type, history.type),
        province=names.provinces.get(history.province, history.province),
        n=len(history.quarters),
        first=history.quarters[-1].period,
        last=history.quarters[0].period,
    )


def history_tables(history: BankHistory, names: HistoryNames) -> tuple[HistoryTable, ...]:
    """Quarters, elements, headlines with places, filings, supervisors' records, successions."""
    told = _Told(history, names)
    return (
        told.quarters(),
        told.elements(),
        told.headlines(),
        told.places(),
        told.filings(),
        told.remarks(),
        told.successions(),
    )


class _Told:
    def __init__(self, history: BankHistory, names: HistoryNames) -> None:
        self.history = history
        self.words = names.words
        self.numbers = Numbers(names.words)

    def quarters(self) -> HistoryTable:
        columns = (
            "period", "status", "stage", "total", "span", "grade", "by_type", "by_place",
            "blocking", "explain", "advisory", "filings",
        )  # fmt: skip
        rows = tuple(map(self._quarter, self.history.quarters))
        return self._table("quarters", columns, rows, figures=("total",))

    def elements(self) -> HistoryTable:
        heads: dict[str, str] = {}
        for quarter in self.history.quarters:
            for one in quarter.elements:
                heads.setdefault(one.id, f"{one.name}/{self.numbers.short(one.max)}")
        rows = []
        for quarter in self.history.quarters:
            points = {one.id: self.numbers.points(one.points) for one in quarter.elements}
            if points:
                rows.append((str(quarter.period), *(points.get(key, DASH) for key in heads)))
        named = (self.words("history.column.period"), *heads.values())
        return HistoryTable(
            key="elements",
            headings=named,
            rows=tuple(rows),
            figures=frozenset(range(1, len(named))),
        )

    def headlines(self) -> HistoryTable:
        names = {one.id: one.name for q in self.history.quarters for one in q.headlines}
        rows = []
        for quarter in self.history.quarters:
            values = {one.id: self._value(one) for one in quarter.headlines}
            if values:
                rows.append((str(quarter.period), *(values.get(key, DASH) for key in names)))
        named = (self.words("history.column.period"), *names.values())
        return HistoryTable(key="headlines", headings=named, rows=tuple(rows))

    def places(self) -> HistoryTable:
        columns = ("indicator", "period", "value", "by_type", "by_place")
        found: dict[str, list[tuple[QuarterTold, HeadlineTold]]] = {}
        for quarter in self.history.quarters:
            for one in quarter.headlines:
                if one.by_type is not None and one.by_type.percentile is not None:
                    found.setdefault(one.id, []).append((quarter, one))
        rows = [
            (one.name, str(quarter.period), self._value(one), self._place(one.by_type),
             self._place(one.by_place))
            for several in found.values()
            for quarter, one in several
        ]  # fmt: skip
        return self._table("places", columns, tuple(rows))

    def filings(self) -> HistoryTable:
        columns = (
            "filing", "received", "status", "standing", "total", "judged", "reason", "file",
            "sha256",
        )  # fmt: skip
        rows = tuple(
            self._filing(quarter, one)
            for quarter in self.history.quarters
            for one in quarter.filings
        )
        return self._table("filings", columns, rows, figures=("total", "judged"))

    def remarks(self) -> HistoryTable:
        columns = ("period", "kind", "about", "said", "reason", "by", "on", "counts")
        rows = tuple(
            self._remark(quarter, one)
            for quarter in self.history.quarters
            for one in quarter.remarks
        )
        return self._table("remarks", columns, rows)

    def successions(self) -> HistoryTable:
        columns = ("successor", "predecessor", "from", "how", "basis")
        rows = tuple(
            (one.successor, one.predecessor, one.from_period,
             self.words(f"history.how.{'continues' if one.continues else 'new'}"),
             one_line(one.basis))
            for one in self.history.successions
        )  # fmt: skip
        return self._table("successions", columns, rows)

    def _table(
        self,
        key: str,
        columns: tuple[str, ...],
        rows: tuple[tuple[str, ...], ...],
        figures: tuple[str, ...] = (),
    ) -> HistoryTable:
        return HistoryTable(
            key=key,
            headings=tuple(self.words(f"history.column.{name}") for name in columns),
            rows=rows,
            figures=frozenset(columns.index(name) for name in figures),
        )

    def _quarter(self, quarter: QuarterTold) -> tuple[str, ...]:
        standing, numbers = quarter.standing, self.numbers
        span = DASH
        if self._counts(quarter.status) and quarter.low != quarter.high:
            low, high = numbers.points(quarter.low), numbers.points(quarter.high)
            span = f"{low}–{high}"
        counts = (DASH, DASH, DASH)
        if standing is not None:
            counts = (str(standing.blocking), self._explain(standing), str(standing.advisory))
        stage = self.words(f"report.stage.{quarter.stage}") if quarter.stage else DASH
        return (
            str(quarter.period),
            self._status(quarter),
            stage,
            self._points(quarter.total, quarter.status),
            span,
            quarter.label or DASH,
            self._place(quarter.by_type),
            self._place(quarter.by_place),
            *counts,
            str(len(quarter.filings)),
        )

    def _status(self, quarter: QuarterTold) -> str:
        comma = self.words("report.list_comma")
        if quarter.pro_forma:
            return self.words("history.pro_forma", banks=comma.join(quarter.banks))
        if not quarter.status:
            return self.words("history.nothing")
        status = self.words(f"report.status.{quarter.status}")
        if quarter.banks == (self.history.code,):
            return status
        return self.words("history.of", status=status, bank=comma.join(quarter.banks))

    @staticmethod
    def _counts(status: str) -> bool:
        """Whether points are told: those of a blocked filing count nowhere (standing rule 12)."""
        return status not in ("", "blocked")

    def _points(self, points: Fraction | None, status: str) -> str:
        return self.numbers.points(points if self._counts(status) else None)

    def _explain(self, filing: FilingTold) -> str:
        if not filing.unanswered:
            return str(filing.explain)
        return self.words("history.unanswered", n=filing.explain, open=filing.unanswered)

    def _place(self, stat: PeerStat | None) -> str:
        """The share of banks that are worse, and how many are compared; a dash under ten."""
        if stat is None or stat.percentile is None:
            return DASH
        share = format_fixed(stat.percentile * 100, 0)
        return self.words("history.place", share=share, n=stat.n)

    def _value(self, one: HeadlineTold) -> str:
        if one.value is not None:
            return self.numbers.value(one.value, one.unit)
        known = one.reason is not None and self.words.has(f"reasons.{one.reason}")
        return self.words(f"reasons.{one.reason}") if known else DASH

    def _filing(self, quarter: QuarterTold, one: FilingTold) -> tuple[str, ...]:
        name = f"{quarter.period}-{one.sequence}"
        if one.bank != self.history.code:
            name = f"{one.bank} {name}"
        standing = self.words("history.stands") if one.stands else ""
        status = self.words(f"report.status.{one.status}") if one.status else DASH
        return (
            name,
            one.received_on,
            status,
            standing,
            self._points(one.total, one.status),
            str(one.judged),
            one_line(one.reason),
            one_line(one.file),
            one.sha256,
        )

    def _remark(self, quarter: QuarterTold, one: Remark) -> tuple[str, ...]:
        said = one.said or self.words("history.withdrawn")
        if one.kind == "stage_step":
            said = self.words(f"report.stage.{one.said}")
        return (
            str(quarter.period),
            self.words(f"history.kind.{one.kind}"),
            one_line(one.about),
            one_line(said),
            one_line(one.reason),
            one_line(one.by),
            one.on,
            "" if one.counts else self.words("history.replaced"),
        )


def filled(tables: tuple[HistoryTable, ...]) -> Iterator[HistoryTable]:
    """Those that have rows."""
    return (table for table in tables if table.rows)
