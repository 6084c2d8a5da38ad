"""Coverage and data quality: which checks ran, what they found, and where."""

from __future__ import annotations

from collections.abc import Sequence

from supervise.core.model import Basis, Scope, Severity
from supervise.core.region.figures import BankFigures, DemandFigure, FindingFigure
from supervise.record import record

STATES = ("passed", "failed", "vacuous", "no_predecessor", "not_evaluated")
_SCOPES: tuple[Scope, ...] = ("reading", "form", "cross_form", "cross_period", "plausibility")
_SEVERITIES: tuple[Severity, ...] = ("blocking", "explain", "advisory")


@record(kw_only=True)
class Covered:
    """Checks of one scope over all banks, by outcome in the order of ``STATES``."""

    scope: Scope
    counts: tuple[int, ...]


@record(kw_only=True)
class Unrun:
    """A check that was owed and not carried out, with the banks concerned."""

    check: str
    name: str
    banks: tuple[str, ...]


@record(kw_only=True)
class Found:
    """One check that found something, over all banks."""

    check: str
    name: str
    severity: Severity
    banks: int
    n: int
    unanswered: int


@record(kw_only=True)
class Unmet:
    """One duty and how many of the banks it addresses do not meet it."""

    id: str
    name: str
    basis: Basis
    unmet: int
    answered: int


@record(kw_only=True)
class Quality:
    """Coverage and data quality of every filing that stands, blocked ones too.

    Attributes:
        most_found: Banks with any finding, the most blocking ones first.
    """

    coverage: tuple[Covered, ...]
    unrun: tuple[Unrun, ...]
    findings: tuple[Found, ...]
    most_found: tuple[BankFigures, ...]


def quality(banks: Sequence[BankFigures]) -> Quality:
    """Which checks ran at these banks, and what they found."""
    return Quality(
        coverage=coverage(banks),
        unrun=unrun(banks),
        findings=findings(banks),
        most_found=most_found(banks),
    )


def coverage(banks: Sequence[BankFigures]) -> tuple[Covered, ...]:
    """Outcomes of all checks by scope."""
    counted: dict[tuple[str, str], int] = {}
    for bank in banks:
        for check in bank.checks:
            key = check.scope, check.state
            counted[key] = counted.get(key, 0) + check.n
    rows = ((scope, tuple(counted.get((scope, s), 0) for s in STATES)) for scope in _SCOPES)
    return tuple(Covered(scope=scope, counts=counts) for scope, counts in rows if any(counts))


def unrun(banks: Sequence[BankFigures]) -> tuple[Unrun, ...]:
    """Checks that could not be carried out, the most often first."""
    found: dict[tuple[str, str], list[str]] = {}
    for bank in banks:
        for check, name in dict.fromkeys((c.check, c.name) for c in bank.not_run):
            found.setdefault((check, name), []).append(bank.name)
    ordered = sorted(found, key=lambda key: (-len(found[key]), key))
    return tuple(Unrun(check=c, name=n, banks=tuple(found[c, n])) for c, n in ordered)


def findings(banks: Sequence[BankFigures]) -> tuple[Found, ...]:
    """What was found by check: graver first, then what most banks have."""
    found: dict[tuple[str, Severity], list[FindingFigure]] = {}
    for bank in banks:
        for one in bank.findings:
            found.setdefault((one.check, one.severity), []).append(one)
    totals = (_found(figures) for figures in found.values())
    return tuple(
        sorted(totals, key=lambda f: (_SEVERITIES.index(f.severity), -f.banks, -f.n, f.check))
    )


def _found(figures: Sequence[FindingFigure]) -> Found:
    return Found(
        check=figures[0].check,
        name=figures[0].name,
        severity=figures[0].severity,
        banks=len(figures),
        n=sum(f.n for f in figures),
        unanswered=sum(f.unanswered for f in figures),
    )


def most_found(banks: Sequence[BankFigures]) -> tuple[BankFigures, ...]:
    """Banks with any finding: the most blocking ones first, then 需说明, then 提示."""
    some = [bank for bank in banks if bank.findings]
    return tuple(
        sorted(
            some, key=lambda b: (*(-b.findings_of(severity) for severity in _SEVERITIES), b.code)
        )
    )


def duties(banks: Sequence[BankFigures]) -> tuple[Unmet, ...]:
    """Duties that somebody does not meet, the most often unmet first."""
    found: dict[str, list[DemandFigure]] = {}
    for bank in banks:
        for figure in bank.indicators:
            for demand in figure.demands:
                if demand.kind == "duty" and demand.status in ("met", "unmet"):
                    found.setdefault(demand.id, []).append(demand)
    rows = (_unmet(demands) for demands in found.values())
    return tuple(sorted((r for r in rows if r.unmet), key=lambda r: (-r.unmet, r.id)))


def _unmet(demands: Sequence[DemandFigure]) -> Unmet:
    return Unmet(
        id=demands[0].id,
        name=demands[0].name,
        basis=demands[0].basis,
        unmet=sum(demand.status == "unmet" for demand in demands),
        answered=len(demands),
    )
