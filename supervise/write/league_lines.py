"""The lines and indicators that every sheet of a league table is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from supervise.core.region.figures import BankFigures, IndicatorFigure
from supervise.core.region.groups import in_order
from supervise.core.region.league import Ranked
from supervise.core.region.region import Region
from supervise.record import record
from supervise.write.numbers import Words
from supervise.write.summary_phrases import RegionPhrases
from supervise.write.tables import Column, Kind, Value


@record
class Line:
    """One bank with its place, None while it is blocked."""

    bank: BankFigures
    row: Ranked | None

    @property
    def counted(self) -> bool:
        """Whether its points and grade count (standing rule 12)."""
        return self.row is not None


class Tables:
    """The tables of one region in one language.

    Args:
        region: What is told.
        words: Wordings of the headings.
    """

    def __init__(self, region: Region, words: Words) -> None:
        self.region = region
        self.words = words
        self.phrases = RegionPhrases(region, words)
        ranked = (Line(row.bank, row) for row in (*region.rows, *region.others))
        self.lines = (*ranked, *(Line(bank, None) for bank in region.blocked))
        self.elements = dict(in_order(_elements(self.lines), region.law.elements))

    def say(self, key: str, /, **names: object) -> str:
        """A wording of ``summary.sheet``."""
        return self.words(f"summary.sheet.{key}", **names)

    def column(self, group: str, name: str, kind: Kind = "text") -> Column:
        """A column by the ids of its group and heading."""
        return Column(self.say(f"group.{group}"), self.say(f"columns.{name}"), kind)

    @property
    def identity(self) -> tuple[Column, ...]:
        """The columns that every wide sheet begins with."""
        return (
            self.column("bank", "rank", "whole"),
            self.column("bank", "code"),
            self.column("bank", "name"),
        )

    def who(self, line: Line) -> list[Value]:
        """Rank, code and name of a line."""
        return [line.row.rank if line.row else None, line.bank.code, line.bank.name]

    @property
    def indicators(self) -> tuple[IndicatorFigure, ...]:
        """Every indicator of any bank: by element, monitored ones last."""
        found: dict[str, IndicatorFigure] = {}
        for line in self.lines:
            for figure in line.bank.indicators:
                found.setdefault(figure.id, figure)
        places = {name: place for place, name in enumerate(self.elements)}
        return tuple(
            sorted(
                found.values(),
                key=lambda f: (f.kind == "monitored", places.get(f.element, len(places))),
            )
        )

    def by_indicator(
        self,
        chosen: Sequence[IndicatorFigure],
        cells: Callable[[Line, IndicatorFigure], tuple[Value, ...]],
        width: int = 1,
    ) -> Iterator[list[Value]]:
        """One row per bank: its place and name, then the cells of each chosen indicator."""
        for line in self.lines:
            known = {figure.id: figure for figure in line.bank.indicators}
            row = self.who(line)
            for one in chosen:
                figure = known.get(one.id)
                row += cells(line, figure) if figure is not None else (None,) * width
            yield row

    def group_of(self, figure: IndicatorFigure) -> str:
        """Heading of an indicator's group."""
        if figure.kind == "monitored":
            return self.say("group.monitored")
        return self.elements.get(figure.element, figure.element)


def _elements(lines: Iterable[Line]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        for element in line.bank.elements:
            found.setdefault(element.id, element.name)
    return found
