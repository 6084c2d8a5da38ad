"""National figures beside, coverage, findings, refused files → texts."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.region.benchmarks import Beside
from supervise.core.region.quality import STATES
from supervise.record import record
from supervise.write.phrases import Mark, Tone
from supervise.write.summary_phrases import RegionPhrases, shown

MOST_CHECKS, MOST_BANKS = 15, 10
_SEVERITY_TONES: dict[str, Tone] = {"blocking": "bad", "explain": "unsure", "advisory": "plain"}
_PROVENANCE: dict[str, Tone] = {"confirmed": "good", "extracted": "unsure", "provisional": "plain"}


@record
class BenchmarkRow:
    """A national figure and the region's own; widths in per cent, empty where not drawn."""

    name: str
    scope: str
    period: str
    national: str
    own: str
    own_note: str
    source: str
    mark: Mark
    national_width: str
    own_width: str


@record
class CoverageRow:
    """Checks of one scope by outcome."""

    scope: str
    counts: tuple[str, ...]
    ran: str


@record
class UnrunRow:
    """A check that was owed and not carried out."""

    name: str
    check: str
    banks: str


@record
class FoundRow:
    """One check that found something."""

    name: str
    check: str
    severity: Mark
    banks: str
    n: str
    unanswered: str
    width: str


@record
class BankFound:
    """One bank's findings by severity."""

    name: str
    type: str
    blocking: str
    explain: str
    unanswered: str
    advisory: str


@record
class DutyRow:
    """One duty that somebody does not meet."""

    name: str
    basis: str
    unmet: str
    answered: str
    share: str
    width: str


@record
class Quality:
    """Coverage and findings of the region."""

    coverage_title: str
    heads: tuple[str, ...]
    coverage: tuple[CoverageRow, ...]
    unrun: tuple[UnrunRow, ...]
    findings_title: str
    found: tuple[FoundRow, ...]
    more_checks: str
    banks: tuple[BankFound, ...]
    more_banks: str


def benchmark_rows(p: RegionPhrases) -> tuple[BenchmarkRow, ...]:
    """National figures beside the region's own, the scope that compares first."""
    return tuple(_benchmark(p, one) for one in p.region.benchmarks)


def _benchmark(p: RegionPhrases, one: Beside) -> BenchmarkRow:
    drawn = one.unit == "ratio" and one.own is not None
    most = max(one.value, one.own or Fraction(0))
    return BenchmarkRow(
        name=one.name,
        scope=one.scope,
        period=one.period,
        national=_amount(p, one.value, one.unit),
        own=_amount(p, one.own, one.unit) if one.own is not None else "—",
        own_note=_own_note(p, one),
        source=one.source,
        mark=Mark(p.words(f"report.provenance.{one.provenance}"), _PROVENANCE[one.provenance]),
        national_width=_width(one.value, most) if drawn else "",
        own_width=_width(one.own or Fraction(0), most) if drawn else "",
    )


def _amount(p: RegionPhrases, value: Fraction, unit: str) -> str:
    return p.numbers.value(value, unit)


def _width(value: Fraction, most: Fraction) -> str:
    return shown(max(value, Fraction(0)) / most * 100) if most > 0 else "0"


def _own_note(p: RegionPhrases, one: Beside) -> str:
    if one.own is None:
        return p.say("benchmarks.no_own")
    key = "since_year_start" if one.since_year_start else "banks"
    return p.say(f"benchmarks.{key}", n=one.n)


def quality(p: RegionPhrases) -> Quality:
    """Coverage by scope, checks that did not run, findings by check and by bank."""
    region = p.region
    more = len(region.quality.findings) - MOST_CHECKS
    rest = len(region.quality.most_found) - MOST_BANKS
    return Quality(
        coverage_title=_coverage_title(p),
        heads=tuple(p.say(f"state.{state}") for state in STATES),
        coverage=_coverage(p),
        unrun=tuple(
            UnrunRow(u.name, u.check, p.say("quality.banks", names=p.listed(u.banks)))
            for u in region.quality.unrun
        ),
        findings_title=_findings_title(p),
        found=_found(p),
        more_checks=p.say("quality.more_checks", n=more) if more > 0 else "",
        banks=_banks(p),
        more_banks=p.say("quality.more_banks", n=rest) if rest > 0 else "",
    )


def _coverage_title(p: RegionPhrases) -> str:
    if not p.region.quality.coverage:
        return p.say("quality.nothing")
    if p.region.quality.unrun:
        return p.say("quality.some_unrun", n=len(p.region.quality.unrun))
    return p.say("quality.all_run", n=p.region.counts.evaluated)


def _coverage(p: RegionPhrases) -> tuple[CoverageRow, ...]:
    rows = [(p.say(f"scope.{row.scope}"), row.counts) for row in p.region.quality.coverage]
    if rows:
        sums = tuple(sum(column) for column in zip(*(counts for _, counts in rows), strict=True))
        rows.append((p.say("quality.sum"), sums))
    return tuple(CoverageRow(name, tuple(f"{n:,}" for n in c), _ran(p, c)) for name, c in rows)


def _ran(p: RegionPhrases, counts: tuple[int, ...]) -> str:
    """Share of the checks owed that were carried out."""
    owed = dict(zip(STATES, counts, strict=True))
    of = owed["passed"] + owed["failed"] + owed["not_evaluated"]
    return p.percent(of - owed["not_evaluated"], of)


def _findings_title(p: RegionPhrases) -> str:
    found = p.region.quality.findings
    if not p.region.counts.evaluated:
        return p.say("quality.nothing_checked")
    if not found:
        return p.say("quality.none_found")
    unanswered = sum(one.unanswered for one in found)
    return p.say(
        "quality.found", n=sum(one.n for one in found), banks=len(p.region.quality.most_found),
        of=p.region.counts.evaluated, unanswered=unanswered,
    )  # fmt: skip


def _found(p: RegionPhrases) -> tuple[FoundRow, ...]:
    found, banks = p.region.quality.findings[:MOST_CHECKS], p.region.counts.evaluated
    return tuple(
        FoundRow(
            name=one.name,
            check=one.check,
            severity=Mark(
                p.words(f"report.severity.{one.severity}"), _SEVERITY_TONES[one.severity]
            ),
            banks=str(one.banks),
            n=str(one.n),
            unanswered=str(one.unanswered) if one.severity == "explain" else "—",
            width=shown(Fraction(one.banks * 100, banks)),
        )
        for one in found
    )


def _banks(p: RegionPhrases) -> tuple[BankFound, ...]:
    return tuple(
        BankFound(
            name=bank.name,
            type=bank.type_name,
            blocking=str(bank.findings_of("blocking")),
            explain=str(bank.findings_of("explain")),
            unanswered=str(bank.unanswered),
            advisory=str(bank.findings_of("advisory")),
        )
        for bank in p.region.quality.most_found[:MOST_BANKS]
    )


def duty_rows(p: RegionPhrases) -> tuple[DutyRow, ...]:
    """Duties that somebody does not meet, the most often unmet first."""
    return tuple(
        DutyRow(
            name=one.name,
            basis=p.basis(one.basis),
            unmet=str(one.unmet),
            answered=str(one.answered),
            share=p.percent(one.unmet, one.answered),
            width=shown(Fraction(one.unmet * 100, one.answered)),
        )
        for one in p.region.duties
    )
