"""Page 1 → texts: who, when, grade or 测算档次, total, change and standing."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.trend import change
from supervise.record import record
from supervise.write.phrases import Pair, Phrases, Tone
from supervise.write.view_peers import standing

_LONG_NAME = 18
_VERY_LONG_NAME = 30


@record
class Verdict:
    """Grade or 测算档次, or why there is none, with the total.

    Attributes:
        change: By how many points the total moved since the last evaluation, or that none is known.
        change_note: Which evaluation that is.
        standing: Where the total stands among banks of the type.
        standing_note: Which banks these are, or why nothing is said.
    """

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
    change: str
    change_note: str
    standing: str
    standing_note: str


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
    place, among = standing(say)
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
        **_change(say),
        standing=place,
        standing_note=among,
    )


def _change(say: Phrases) -> dict[str, str]:
    """What became of the total since the last evaluation that is known."""
    moved = change(say.evaluation)
    if moved is None:
        none = say.words("report.verdict.no_change")
        return {"change": "—", "change_note": none}
    period = say.numbers.period(Period.parse(moved.period))
    before = say.numbers.points(moved.before, say.band_limits())
    key = "change_note" if moved.alike else "change_note_other"
    return {
        "change": say.numbers.points_change(moved.difference),
        "change_note": say.words(f"report.verdict.{key}", period=period, before=before),
    }


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
