"""Lines over the quarters → a drawing in texts: polylines, ticks and labels that keep clear.

The template only writes down what stands here. A gap breaks a line, and so do a restated
comparative and, for what counts from 1 January, the new year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from supervise.write.chart_axis import Axis, axis
from supervise.write.chart_parts import Drawing, Frame, Line, Mark, Rule, Series
from supervise.write.chart_room import Box, Label, Room, Tone, label, shown, spread, text_width

Place = tuple[Fraction, Fraction]
SMALL, VALUE, LAST = Fraction(9), Fraction(19, 2), Fraction(21, 2)
_TOP, _BOTTOM = Fraction(17), Fraction(25)
_SIDE, _PAD = Fraction(5), Fraction(9)
_DOT = Fraction(2)
_NARROWEST = 150
"""Eight quarters with their names side by side need so much."""
_LINE_STEPS = 12
_TONES: dict[str, Tone] = {"main": "value", "second": "second", "nation": "muted"}


def value_axis(series: Sequence[Series], rules: Sequence[Rule], frame: Frame) -> Axis:
    """The scale of a chart's values, limits and highest possible totals included."""
    values = [p.value for s in series for p in s.points if p.value is not None]
    values += [p.high for s in series for p in s.points if p.high is not None]
    values += [rule.value for rule in rules]
    return axis(values, frame.height - _BOTTOM, _TOP, least=frame.least)


def draw(series: Sequence[Series], scale: Axis, frame: Frame) -> Drawing:
    """A drawing of some series that have the same quarters; at least one has a value."""
    return _Chart(series, scale, frame).drawing()


class _Chart:
    """One chart while it is laid out."""

    def __init__(self, series: Sequence[Series], scale: Axis, frame: Frame) -> None:
        self.series, self.scale, self.frame = series, scale, frame
        self.periods = [point.period for point in series[0].points]
        self.ends = self._ends()
        widest = max((text_width(text, SMALL) for _, text in frame.ticks), default=Fraction(0))
        self.left = _SIDE + widest + 4
        reach = max((text_width(text, LAST) for text in self.ends.values()), default=Fraction(0))
        self.right = max(frame.width - reach - _SIDE - _PAD, self.left + _NARROWEST)
        self.room = Room(Box(self.left - 2, Fraction(0), frame.width, frame.height - _BOTTOM + 3))

    def drawing(self) -> Drawing:
        frame = self.frame
        lines = [self._line(each) for each in self.series]
        self._keep_clear()
        self._label_ends()
        rules = tuple(self._rule(rule) for rule in frame.rules)
        breaks = self._breaks()
        self._label_values()
        axes = [*self._tick_labels(), *self._quarter_labels()]
        return Drawing(
            width=shown(frame.width),
            height=shown(frame.height),
            grid="".join(map(self._across, self._grid())),
            years="".join(self._down(x, 3, 12) for x in self._year_ends()),
            breaks=breaks,
            rules=rules,
            spans=tuple(_mark(low, high) for low, high in self._spans()),
            lines=tuple(lines),
            labels=(*axes, *self.room.labels),
        )

    # places

    def x(self, place: int) -> Fraction:
        """Middle of a quarter."""
        start, end = self.left + _PAD, self.right - _DOT
        if len(self.periods) == 1:
            return (start + end) / 2
        return start + (end - start) * place / (len(self.periods) - 1)

    def at(self, place: int, value: Fraction) -> Place:
        return self.x(place), self.scale.place(value)

    def _known(self, series: Series) -> list[int]:
        return [n for n, point in enumerate(series.points) if point.value is not None]

    def _spot(self, series: Series, place: int) -> Place:
        value = series.points[place].value
        assert value is not None
        return self.at(place, value)

    # lines

    def _runs(self, series: Series) -> Iterator[list[int]]:
        """Quarters that one stroke joins."""
        run: list[int] = []
        for n, point in enumerate(series.points):
            again = series.yearly and point.period.endswith("Q1")
            if run and (point.value is None or point.broken or again):
                yield run
                run = []
            if point.value is not None:
                run.append(n)
        if run:
            yield run

    def _line(self, series: Series) -> Line:
        runs = list(self._runs(series))
        marked = set(self._labelled(series)) | {run[0] for run in runs if len(run) == 1}
        squares = set(self._annual(series)) if self.frame.annual else set()
        places = [[self._spot(series, n) for n in run] for run in runs if len(run) > 1]
        for run in places:
            self.room.cross_if_you_must(_along(run))
        return Line(
            runs=tuple(" ".join(f"{shown(x)},{shown(y)}" for x, y in run) for run in places),
            dots=tuple(self._shown(series, n) for n in sorted(marked - squares)),
            squares=tuple(self._shown(series, n) for n in sorted(squares)),
            style=series.style,
        )

    def _annual(self, series: Series) -> Iterator[int]:
        return (n for n in self._known(series) if series.points[n].kind == "annual")

    def _shown(self, series: Series, place: int) -> tuple[str, str]:
        x, y = self._spot(series, place)
        return shown(x), shown(y)

    def _labelled(self, series: Series) -> list[int]:
        """First, highest and lowest value; of a yearly line the one a year ago before all.

        The last one has its label at the end of the line.
        """
        known = self._known(series)
        if series.style == "nation" or not known:
            return known
        values = {n: series.points[n].value or Fraction(0) for n in known}
        highest = max(known, key=lambda n: (values[n], n))
        lowest = min(known, key=lambda n: (values[n], -n))
        ago = len(series.points) - 5
        if series.yearly and ago in values:
            chosen = [known[-1], ago, highest]
        elif series.style == "main":
            chosen = [known[-1], known[0], highest, lowest]
        else:
            chosen = [known[-1], known[0]]
        return list(dict.fromkeys(chosen))

    def _spans(self) -> Iterator[tuple[Place, Place]]:
        for series in self.series:
            for n, point in enumerate(series.points):
                if point.high is not None and point.value is not None:
                    yield self.at(n, point.value), self.at(n, point.high)

    # labels

    def _keep_clear(self) -> None:
        """No label may cover a dot."""
        for series in self.series:
            for n in self._labelled(series):
                x, y = self._spot(series, n)
                self.room.keep_off([Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT)])
        for span in self._spans():
            self.room.cross_if_you_must(_along(span))

    def _ends(self) -> dict[int, str]:
        """Texts beside the last quarter, by series."""
        several = sum(each.style != "nation" for each in self.series) > 1
        return {
            n: f"{each.short} {each.texts[-1]}" if several else each.texts[-1]
            for n, each in enumerate(self.series)
            if each.style != "nation" and each.points[-1].value is not None
        }

    def _label_ends(self) -> None:
        """Last values beside their points, moved apart where they would overlap."""
        names = list(self.ends)
        places = [self._spot(self.series[n], len(self.periods) - 1) for n in names]
        low, high = _TOP - 5, self.frame.height - _BOTTOM
        ys = spread([y + LAST * 35 / 100 for _, y in places], LAST + 1, low, high)
        for n, y in zip(names, ys, strict=True):
            tone: Tone = "last" if self.series[n].style == "main" else "second"
            spot = (self.right + 5, y)
            self.room.take(label(self.ends[n], spot, LAST, anchor="start", tone=tone))

    def _label_values(self) -> None:
        for series in self.series:
            for n in self._labelled(series):
                if n == len(self.periods) - 1 and series.style != "nation":
                    continue
                text = series.texts[n]
                text = f"{series.short} {text}" if series.style == "nation" else text
                self.room.place(self._around(text, self._spot(series, n), series))

    def _around(self, text: str, spot: Place, series: Series) -> list[Label]:
        """Places for a label near its point: above, below, then to either side."""
        x, y = spot
        tone = _TONES[series.style]
        above, below = y - 5, y + VALUE + 2
        half = text_width(text, VALUE) / 2
        edge = max(x, self.left + half)
        spots = [(edge, above), (edge, below)]
        spots += [(edge + side * half, each) for each in (above, below) for side in (1, -1)]
        spots += [(edge, above - VALUE), (edge, below + VALUE), (x + half + 5, y + 3)]
        return [label(text, each, VALUE, tone=tone) for each in spots]

    def _rule(self, rule: Rule) -> Mark:
        y = self.scale.place(rule.value)
        self.room.cross_if_you_must(_along([(self.left, y), (self.right, y)]))
        half = text_width(rule.text, SMALL) / 2
        middle = (self.left + self.right) / 2
        spots = [
            (x, height)
            for height in (y - 3, y + SMALL + 1)
            for x in (self.left + 2 + half, self.right - half, middle)
        ]
        self.room.place([label(rule.text, spot, SMALL, tone="muted") for spot in spots])
        return _mark((self.left, y), (self.right, y))

    def _grid(self) -> Iterator[Fraction]:
        """Places of grid lines; a limit has its own line."""
        limits = {rule.value for rule in self.frame.rules}
        return (self.scale.place(v) for v, _ in self.frame.ticks if v not in limits)

    def _breaks(self) -> str:
        found = {n for s in self.series for n, p in enumerate(s.points) if p.broken and n}
        path = ""
        for n in sorted(found):
            x = (self.x(n - 1) + self.x(n)) / 2
            path += f"M{shown(x)} {shown(_TOP - 5)}V{shown(self.frame.height - _BOTTOM)}"
            text = self.frame.break_text
            low = self.frame.height - _BOTTOM - 3
            spots = [(x, _TOP - 8), (x, low)]
            self.room.place([label(text, spot, SMALL, tone="muted") for spot in spots])
        return path

    # axes

    def _across(self, y: Fraction) -> str:
        return f"M{shown(self.left)} {shown(y)}H{shown(self.right)}"

    def _down(self, x: Fraction, start: int, end: int) -> str:
        base = self.frame.height - _BOTTOM
        return f"M{shown(x)} {shown(base + start)}V{shown(base + end + 9)}"

    def _year_ends(self) -> list[Fraction]:
        return [
            (self.x(n - 1) + self.x(n)) / 2
            for n, period in enumerate(self.periods)
            if n and period.endswith("Q1")
        ]

    def _tick_labels(self) -> Iterator[Label]:
        for value, text in self.frame.ticks:
            spot = (self.left - 4, self.scale.place(value) + SMALL * 35 / 100)
            yield label(text, spot, SMALL, anchor="end", tone="muted")

    def _quarter_labels(self) -> Iterator[Label]:
        base = self.frame.height - _BOTTOM
        first: dict[str, int] = {}
        for n, period in enumerate(self.periods):
            first.setdefault(period[:4], n)
            yield label(period[4:], (self.x(n), base + 12), SMALL, tone="muted")
        for year, n in first.items():
            yield label(year, (self.x(n), base + 22), SMALL, tone="muted")


def _mark(one: Place, two: Place) -> Mark:
    return Mark(shown(one[0]), shown(one[1]), shown(two[0]), shown(two[1]))


def _along(run: Sequence[Place]) -> Iterable[Box]:
    """Small boxes along a polyline, for labels to keep off."""
    for (x1, y1), (x2, y2) in pairwise(run):
        for step in range(_LINE_STEPS + 1):
            x = x1 + (x2 - x1) * step / _LINE_STEPS
            y = y1 + (y2 - y1) * step / _LINE_STEPS
            yield Box(x - 1, y - 1, x + 1, y + 1)
