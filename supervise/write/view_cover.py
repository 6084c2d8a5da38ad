"""Cover → texts: who, when, grade or 测算档次, total, and where it lies among the bands."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.evaluation import Evaluation
from supervise.core.law import Band
from supervise.record import record
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Pair, Phrases, Tone

_FLOOR = Fraction(40)
_TOP = Fraction(100)
_LABEL_EDGE = Fraction(5, 100)
_LONG_NAME = 18
_VERY_LONG_NAME = 30


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


@record
class Verdict:
    """Grade or 测算档次, or why there is none, with the total."""

    title: str
    grade: str
    given: bool
    tone: Tone
    total_title: str
    total: str
    span: str
    regular: str
    bonus: str
    remark: str


@record
class Cover:
    """Page 1."""

    title: str
    mark: str
    bank: str
    size: str
    period: str
    secrecy: str
    number: str
    day: str
    facts: tuple[Pair, ...]


def cover(say: Phrases) -> Cover:
    """Who is evaluated, for when, under which number."""
    evaluation = say.evaluation
    filing, period = evaluation.submission, evaluation.rulebook.period
    name = filing.bank.name
    size = "l" if len(name) > _VERY_LONG_NAME else "m" if len(name) > _LONG_NAME else "s"
    return Cover(
        title=say.words(f"report.title.{evaluation.kind}"),
        mark=mark(say),
        bank=name,
        size=size,
        period=say.numbers.period(period),
        secrecy=say.parameter("confidentiality_mark", "report.cover.secrecy_value"),
        number=f"{period}-{filing.bank.code}-{filing.sequence:02d}",
        day=say.numbers.day(period.last_day),
        facts=_facts(say),
    )


def mark(say: Phrases) -> str:
    """监测评价（试评） for a monitoring run; an annual one says whether it is official."""
    evaluation = say.evaluation
    if evaluation.kind == "monitoring":
        return say.words("report.mark.monitoring")
    return say.words("report.mark.official" if evaluation.grade.official else "report.mark.trial")


def _facts(say: Phrases) -> tuple[Pair, ...]:
    evaluation, words = say.evaluation, say.words
    filing, bank = evaluation.submission, evaluation.submission.bank
    kind = evaluation.rulebook.bank_type.name
    if evaluation.rulebook.bank_type.by_reference:
        kind = words("report.cover.by_reference", type=kind)
    filed = "first" if filing.sequence == 1 else "again"
    pairs = [
        ("code", bank.code),
        ("type", kind),
        ("level", words(f"report.level.{bank.level}")),
        ("province", evaluation.rulebook.province_name or bank.province),
        ("filing", words(f"report.cover.filing_{filed}", n=filing.sequence)),
        ("status", words(f"report.status.{evaluation.status}")),
    ]
    if say.audience == "internal":
        pairs.append(("stage", words(f"report.stage.{evaluation.stage}")))
    return tuple(Pair(words(f"report.cover.{key}"), text) for key, text in pairs)


def verdict(say: Phrases) -> Verdict:
    """The grade with its total; none while blocked, incomplete or undecided."""
    evaluation = say.evaluation
    score, band = evaluation.score, evaluation.grade.band
    kind = evaluation.kind
    if kind == "annual" and not evaluation.grade.official:
        kind = "trial"
    total_kind = "blocked" if say.blocked else evaluation.kind
    return Verdict(
        title=say.words(f"report.verdict.title_{kind}"),
        grade=band.label if band else say.words(f"report.verdict.none_{_reason(evaluation)}"),
        given=band is not None,
        tone=_tone(evaluation),
        total_title=say.words(f"report.verdict.total_{total_kind}"),
        total=say.numbers.points(score.total, say.band_limits()),
        span="" if score.low == score.high else say.span(score.low, score.high),
        regular=say.numbers.points(score.regular, say.band_limits()),
        bonus=say.numbers.points(score.bonus),
        remark=_remark(say),
    )


def _reason(evaluation: Evaluation) -> str:
    return evaluation.grade.reason or "span"


def _tone(evaluation: Evaluation) -> Tone:
    if evaluation.status == "blocked":
        return "bad"
    return "good" if evaluation.grade.band is not None else "unsure"


def _remark(say: Phrases) -> str:
    grade = say.evaluation.grade
    if grade.band is None:
        return say.words(f"report.verdict.why_{_reason(say.evaluation)}")
    if grade.next_band is None or grade.points_short is None:
        return say.words("report.verdict.top")
    return say.words(
        "report.verdict.short",
        band=grade.next_band.label,
        points=say.numbers.points(grade.points_short, (Fraction(0),)),
    )


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
