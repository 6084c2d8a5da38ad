"""The total among the bands → a scale, as coordinates in per cent."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.evaluation import Evaluation
from supervise.core.law import Band
from supervise.record import record
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Phrases

_FLOOR = Fraction(40)
_TOP = Fraction(100)
_LABEL_EDGE = Fraction(5, 100)


@record
class Segment:
    """One band on the scale, in per cent of its width."""

    label: str
    start: str
    width: str
    middle: str
    here: bool


@record
class Tick:
    """A limit on the scale."""

    at: str
    label: str


@record
class Scale:
    """The total among the bands; places in per cent, ``low`` to ``high`` being the span."""

    segments: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    low: str
    high: str
    span: str
    needle: str
    needle_label: str
    label: str
    text: str


def scale(say: Phrases) -> Scale:
    """Where the total lies among the bands."""
    evaluation = say.evaluation
    bands = sorted(evaluation.rulebook.bands, key=lambda band: band.at_least)
    floor = _scale_floor(evaluation, bands)
    here = evaluation.grade.band.id if evaluation.grade.band else ""
    ends = [*(band.at_least for band in bands[1:]), _TOP]
    segments = tuple(
        _segment(band, end, floor, here)
        for band, end in zip(bands, ends, strict=True)
        if end > floor
    )
    score = evaluation.score
    total = say.numbers.points(score.total, say.band_limits())
    return Scale(
        segments=segments,
        ticks=tuple(
            Tick(_place(b.at_least, floor), say.numbers.short(b.at_least))
            for b in bands
            if b.at_least > floor
        ),
        low=_place(score.low, floor),
        high=_place(score.high, floor),
        span=_share(min(score.high, _TOP) - max(score.low, floor), floor),
        needle=_place(score.total, floor),
        needle_label=_inside(score.total, floor),
        label=total,
        text=say.words("report.verdict.scale_text", total=total),
    )


def _scale_floor(evaluation: Evaluation, bands: list[Band]) -> Fraction:
    if evaluation.score.low >= _FLOOR + 5:
        return _FLOOR
    return Fraction(0)


def _segment(band: Band, end: Fraction, floor: Fraction, here: str) -> Segment:
    start = max(band.at_least, floor)
    return Segment(
        label=band.label,
        start=_place(start, floor),
        width=_share(end - start, floor),
        middle=_place((start + end) / 2, floor),
        here=band.id == here,
    )


def _place(value: Fraction, floor: Fraction) -> str:
    return _share(min(max(value, floor), _TOP) - floor, floor)


def _inside(value: Fraction, floor: Fraction) -> str:
    """The place of a centred label, kept off the ends of the scale."""
    edge = (_TOP - floor) * _LABEL_EDGE
    return _share(min(max(value, floor + edge), _TOP - edge) - floor, floor)


def _share(length: Fraction, floor: Fraction) -> str:
    return format_fixed(length / (_TOP - floor) * 100, 2)
