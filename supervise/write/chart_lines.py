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

Place = tuple[int, int]
SMALL, VALUE, LAST = 90, 95, 105
"""Sizes of text, in tenths of a unit as all lengths here."""
_TOP, _BOTTOM = 170, 190
_SIDE, _PAD, _DOT = 50, 90, 20
_BESIDE, _ABOVE, _BELOW = 50, 50, 20
"""How far a label keeps from its point."""
_TICK = 30
_NARROWEST = 1500
"""A line of eight quarters needs so much."""
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
        widest = max((text_width(text, SMALL) for _, text in frame.ticks), default=0)
        self.left = _SIDE + widest + _TICK
        reach = max((text_width(text, LAST) for text in self.ends.values()), default=0)
        self.right = max(frame.width - reach - _SIDE - _PAD, self.left + _NARROWEST)
        self.base = frame.height - _BOTTOM
        self.room = Room(Box(self.left - _DOT, 0, frame.width, self.base + _TICK))

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
            quarters="".join(self._down(n) for n in range(len(self.periods))),
            breaks=breaks,
            rules=rules,
            spans=tuple(_mark(low, high) for low, high in self._spans()),
            lines=tuple(lines),
            labels=(*axes, *self.room.labels),
        )

    # places

    def x(self, place: int) -> int:
        """Where a quarter stands."""
        start, end = self.left + _PAD, self.right - _DOT
        if len(self.periods) == 1:
            return (start + end) // 2
        return start + (end - start) * place // (len(self.periods) - 1)

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
        ys = spread([y + LAST // 3 for _, y in places], LAST + 10, _TOP - _ABOVE, self.base)
        for n, y in zip(names, ys, strict=True):
            tone: Tone = "last" if self.series[n].style == "main" else "second"
            spot = (self.right + _BESIDE, y)
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
        above, below = y - _ABOVE, y + VALUE + _BELOW
        half = text_width(text, VALUE) // 2
        edge = max(x, self.left + half)
        spots = [(edge, above), (edge, below)]
        spots += [(edge + side * half, each) for each in (above, below) for side in (1, -1)]
        spots += [
            (edge, above - VALUE),
            (edge, below + VALUE),
            (x + half + _BESIDE, y + VALUE // 3),
        ]
        return [label(text, each, VALUE, tone=tone) for each in spots]

    def _rule(self, rule: Rule) -> Mark:
        y = self.scale.place(rule.value)
        self.room.cross_if_you_must(_along([(self.left, y), (self.right, y)]))
        half = text_width(rule.text, SMALL) // 2
        middle = (self.left + self.right) // 2
        spots = [
            (x, height)
            for height in (y - _TICK, y + SMALL + 10)
            for x in (self.left + _BELOW + half, self.right - half, middle)
        ]
        self.room.place([label(rule.text, spot, SMALL, tone="muted") for spot in spots])
        return _mark((self.left, y), (self.right, y))

    def _grid(self) -> Iterator[int]:
        """Places of grid lines; a limit has its own line."""
        limits = {rule.value for rule in self.frame.rules}
        return (self.scale.place(v) for v, _ in self.frame.ticks if v not in limits)

    def _breaks(self) -> str:
        found = {n for s in self.series for n, p in enumerate(s.points) if p.broken and n}
        path = ""
        for n in sorted(found):
            x = (self.x(n - 1) + self.x(n)) // 2
            path += f"M{shown(x)} {shown(_TOP - _ABOVE)}V{shown(self.base)}"
            spots = [(x, _TOP - _ABOVE - _TICK), (x, self.base - _TICK)]
            text = self.frame.break_text
            self.room.place([label(text, spot, SMALL, tone="muted") for spot in spots])
        return path

    # axes

    def _across(self, y: int) -> str:
        return f"M{shown(self.left)} {shown(y)}H{shown(self.right)}"

    def _down(self, place: int) -> str:
        """A tick below a quarter, longer where a year begins."""
        length = 2 * _TICK if self.periods[place].endswith("Q1") else _TICK
        return f"M{shown(self.x(place))} {shown(self.base)}v{shown(length)}"

    def _tick_labels(self) -> Iterator[Label]:
        for value, text in self.frame.ticks:
            spot = (self.left - _TICK, self.scale.place(value) + SMALL // 3)
            yield label(text, spot, SMALL, anchor="end", tone="muted")

    def _quarter_labels(self) -> list[Label]:
        """Names of the last quarter, the first, those that begin a year, and in a wide chart all.

        What has no room is left out: the ticks are there.
        """
        last = len(self.periods) - 1
        wanted = [last, 0, *(n for n in range(last) if self.periods[n].endswith("Q1"))]
        wanted += range(last) if self.frame.annual else ()
        line = Room(Box(0, self.base, self.frame.width, self.frame.height))
        for n in dict.fromkeys(wanted):
            spot = (self.x(n), self.base + SMALL + 2 * _TICK)
            line.place([label(self.periods[n], spot, SMALL, tone="muted")])
        return line.labels


def _mark(one: Place, two: Place) -> Mark:
    return Mark(shown(one[0]), shown(one[1]), shown(two[0]), shown(two[1]))


def _along(run: Sequence[Place]) -> Iterable[Box]:
    """Small boxes along a polyline, for labels to keep off."""
    for (x1, y1), (x2, y2) in pairwise(run):
        for step in range(_LINE_STEPS + 1):
            x = x1 + (x2 - x1) * step // _LINE_STEPS
            y = y1 + (y2 - y1) * step // _LINE_STEPS
            yield Box(x - 10, y - 10, x + 10, y + 10)
