"""The fold: results of many banks for one period → one ``Region``; pure and exact.

Legal persons are ranked among themselves, and so are branches: a branch's figures are part of
its legal person's and would count twice. Distribution, groups and sums are of the legal persons;
only where there are none, of the branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from supervise.core.law import Band, Rulebook
from supervise.core.period import Period
from supervise.core.references import Source
from supervise.core.region.attention import Attention, attention
from supervise.core.region.benchmarks import Beside, beside
from supervise.core.region.figures import BankFigures, RefusedFile
from supervise.core.region.groups import Groups, groups
from supervise.core.region.league import Moved, Ranked, last_known, moved, ranked
from supervise.core.region.quality import Quality, Unmet, duties, quality
from supervise.record import field, record

LEGAL_PERSON = "legal_person"


@record(kw_only=True)
class RegionLaw:
    """What the law says once for all banks of a period.

    Attributes:
        bands: Grades, best first.
        elements: Ids of the elements in the order of the law.
        sources: Instruments by id, for naming a basis.
        benchmarks: National series, oldest first.
        articles: How articles read in the language of the law.
    """

    bands: tuple[Band, ...] = ()
    elements: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    benchmarks: tuple[Mapping[str, Any], ...] = ()
    articles: Mapping[str, str] = field(default_factory=dict)


@record(kw_only=True)
class Counts:
    """How many files and banks.

    Attributes:
        files: All files of the run.
        evaluated: Banks with a standing evaluation, blocked ones too.
        ranked: Those that take part in ranking, branches included.
    """

    files: int
    evaluated: int
    ranked: int
    blocked: int
    superseded: int
    refused: int


@record(kw_only=True)
class Region:
    """Everything that a summary of one period tells.

    Attributes:
        period: None if no file told one.
        level: Whose figures distribution, groups and sums are: ``legal_person``, or
            ``tier1_branch`` where there is no legal person.
        rows: The league table of that level.
        others: The league table of the other level.
        blocked: Out of ranking and distribution (standing rule 12).
        rulebooks: Versions of the law that were used.
    """

    period: Period | None
    law: RegionLaw
    level: str
    counts: Counts
    rows: tuple[Ranked, ...]
    others: tuple[Ranked, ...]
    blocked: tuple[BankFigures, ...]
    superseded: tuple[BankFigures, ...]
    refused: tuple[RefusedFile, ...]
    groups: Groups
    moved: Moved | None
    attention: tuple[Attention, ...]
    duties: tuple[Unmet, ...]
    benchmarks: tuple[Beside, ...]
    quality: Quality
    rulebooks: tuple[str, ...]


def region_law(rulebook: Rulebook) -> RegionLaw:
    """What any of a period's rulebooks says for all of its banks."""
    return RegionLaw(
        bands=tuple(sorted(rulebook.bands, key=lambda band: -band.at_least)),
        elements=tuple(element.id for element in rulebook.elements),
        sources=rulebook.sources,
        benchmarks=rulebook.benchmarks,
        articles=rulebook.articles,
    )


def region_of(
    figures: Iterable[BankFigures],
    *,
    period: Period | None,
    law: RegionLaw,
    refused: Sequence[RefusedFile] = (),
) -> Region:
    """Take the banks of one period together.

    Args:
        figures: Every filing of the period that could be read, in any order.
        period: The period; None where no file told one.
        law: What holds for all of them.
        refused: Files that could not be read.
    """
    known = sorted(figures, key=lambda bank: (bank.code, bank.sequence))
    standing = [bank for bank in known if not bank.superseded]
    blocked = tuple(bank for bank in standing if bank.blocked)
    level, chosen, rest = _levels([bank for bank in standing if not bank.blocked])
    since, order = last_known((*chosen, *rest)), tuple(band.id for band in law.bands)
    rows, others = ranked(chosen, since), ranked(rest, since)
    return Region(
        period=period,
        law=law,
        level=level,
        counts=_counts(known, refused),
        rows=rows,
        others=others,
        blocked=blocked,
        superseded=tuple(bank for bank in known if bank.superseded),
        refused=tuple(refused),
        groups=groups(chosen, order, law.elements),
        moved=moved(rows, period, since, order) if period else None,
        attention=attention((*rows, *others), blocked, order),
        duties=duties((*chosen, *rest)),
        benchmarks=beside(law.benchmarks, chosen, period) if period else (),
        quality=quality(standing),
        rulebooks=tuple(sorted({bank.rulebook for bank in known})),
    )


def _counts(banks: Sequence[BankFigures], refused: Sequence[RefusedFile]) -> Counts:
    standing = [bank for bank in banks if not bank.superseded]
    blocked = sum(bank.blocked for bank in standing)
    return Counts(
        files=len(banks) + len(refused),
        evaluated=len(standing),
        ranked=len(standing) - blocked,
        blocked=blocked,
        superseded=len(banks) - len(standing),
        refused=len(refused),
    )


def _levels(
    banks: Sequence[BankFigures],
) -> tuple[str, tuple[BankFigures, ...], tuple[BankFigures, ...]]:
    """Whose figures count, those banks, and the rest."""
    persons = tuple(bank for bank in banks if bank.level == LEGAL_PERSON)
    branches = tuple(bank for bank in banks if bank.level != LEGAL_PERSON)
    if branches and not persons:
        return branches[0].level, branches, ()
    return LEGAL_PERSON, persons, branches
