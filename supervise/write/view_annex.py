"""Annex → texts: how each number came about, law, method and provenance, digests."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from supervise import __version__
from supervise.core.evaluation import IndicatorResult, Measure, Term
from supervise.core.model import Basis
from supervise.core.references import Source
from supervise.record import record
from supervise.write.phrases import Mark, Pair, Phrases, limit_of

_MOST_VALUES = 4
_METHOD_RULES = ("2", "3", "4", "5", "10", "12")


@record
class TermRow:
    """One datum of a formula: name, value, where it stands."""

    name: str
    value: str
    where: str


@record
class Step:
    """One formula with its numbers in place and what came out."""

    label: str
    formula: str
    workings: str
    value: str
    note: str


@record
class Working:
    """How the numbers of one indicator came about, and every datum they rest on."""

    name: str
    steps: tuple[Step, ...]
    terms: tuple[TermRow, ...]


@record
class SourceRow:
    """A legal instrument with the articles that this report rests on."""

    title: str
    number: str
    dates: str
    status: str
    articles: str
    mark: Mark


@record
class Annex:
    """Everything behind the core pages."""

    workings: tuple[Working, ...]
    sources: tuple[SourceRow, ...]
    method: tuple[str, ...]
    scope: str
    memos: tuple[tuple[str, str, str], ...]
    unconfirmed: tuple[str, ...]
    unset: tuple[str, ...]
    digests: tuple[Pair, ...]


def annex(say: Phrases) -> Annex:
    """The annex of one report."""
    rulebook = say.evaluation.rulebook
    return Annex(
        workings=tuple(w for result in say.results for w in _workings(say, result)),
        sources=_sources(say),
        method=_method(say),
        scope=say.words(f"report.scope.{rulebook.bill_scope}"),
        memos=_memos(say),
        unconfirmed=tuple(say.name(name) for name in say.evaluation.unconfirmed),
        unset=tuple(p.name for p in rulebook.parameters.values() if p.value is None),
        digests=_digests(say),
    )


@record
class _Found:
    """A measure to be shown with its label, formula and unit."""

    label: str
    formula: str
    measure: Measure
    unit: str


def _workings(say: Phrases, result: IndicatorResult) -> Iterable[Working]:
    found = tuple(_measures(say, result)) if result.applies else ()
    if not found:
        return
    limit = limit_of(result)
    steps = tuple(_step(say, one, None if n else limit) for n, one in enumerate(found))
    terms = tuple(dict.fromkeys(term for one in found for term in one.measure.terms))
    yield Working(result.law.name, steps, _terms(say, terms))


def _measures(say: Phrases, result: IndicatorResult) -> Iterable[_Found]:
    law, parts = result.law, result.parts
    alone = len(parts) == 1 and parts[0].measure.workings == result.measure.workings
    if result.measure.reason != "not_applicable":
        yield _Found("", law.value_text, result.measure, law.unit)
    for part in parts:
        name, unit = part.law.name, part.law.unit
        text = part.law.value.text if part.law.value is not None else ""
        if not alone and part.applies and text not in ("", law.value_text):
            yield _Found(name, text, part.measure, unit)
        if part.base is not None and part.base.workings:
            label = say.words("report.workings.base", name="" if alone else name)
            yield _Found(label, "", part.base, unit)


def _step(say: Phrases, found: _Found, near: Fraction | None) -> Step:
    return Step(
        label=found.label,
        formula=found.formula,
        workings=found.measure.workings,
        value=say.numbers.value(found.measure.value, found.unit, near=near),
        note=say.reason(found.measure),
    )


def _terms(say: Phrases, terms: tuple[Term, ...]) -> tuple[TermRow, ...]:
    """Terms in formula order, those of one item together; texts of the law are left out."""
    by_item: dict[str, list[Term]] = {}
    for term in terms:
        if not (term.source == "rulebook" and isinstance(term.value, str)):
            by_item.setdefault(term.item, []).append(term)
    return tuple(_term_row(say, item, found) for item, found in by_item.items())


def _term_row(say: Phrases, item: str, terms: list[Term]) -> TermRow:
    values = [_term_value(say, item, term.value) for term in terms[:_MOST_VALUES]]
    where = _where(say, terms[0])
    text = say.words("report.list_comma").join(values)
    if len(terms) > 1:
        last = terms[-1].cell.rpartition("!")[2]
        where = say.words("report.workings.range", first=where, last=last, n=len(terms))
        if len(terms) > _MOST_VALUES:
            text = say.words("report.workings.more", values=text)
    return TermRow(say.name(item), text, where)


def _where(say: Phrases, term: Term) -> str:
    if term.source == "cell":
        return term.cell
    return say.words(f"report.workings.source.{term.source}", where=term.cell)


def _term_value(say: Phrases, item: str, value: Fraction | str | bool | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return say.words("units.yes" if value else "units.no")
    if isinstance(value, str):
        return value
    known = say.evaluation.rulebook.forms.items.get(item)
    parameter = say.evaluation.rulebook.parameters.get(item)
    unit = known.unit if known else parameter.unit if parameter else "count"
    return say.numbers.value(
        value, unit if say.words.has(f"units.{unit}") or unit == "yuan" else "count"
    )


def _sources(say: Phrases) -> tuple[SourceRow, ...]:
    law = say.evaluation.rulebook
    articles: dict[str, dict[str, None]] = {}
    for basis in _used_bases(say):
        articles.setdefault(basis.source, {})[law.article(basis)] = None
    known = law.sources
    return tuple(_source_row(say, known[s], tuple(a)) for s, a in articles.items() if s in known)


def _used_bases(say: Phrases) -> Iterable[Basis]:
    for result in say.results:
        yield result.law.basis
        for requirement in result.requirements:
            yield requirement.law.basis
    for finding in say.evaluation.findings:
        yield finding.basis


def _source_row(say: Phrases, source: Source, articles: tuple[str, ...]) -> SourceRow:
    dates = source.in_force_on or source.issued_on
    return SourceRow(
        title=source.title,
        number=source.number or "—",
        dates=dates or "—",
        status=source.status,
        articles=say.words("report.list_semicolon").join(a for a in articles if a) or "—",
        mark=say.provenance(source.provenance),
    )


def _method(say: Phrases) -> tuple[str, ...]:
    rulebook = say.evaluation.rulebook
    rules = [rulebook.standing_rules[n] for n in _METHOD_RULES if n in rulebook.standing_rules]
    return (*rules, *rulebook.notices)


def _memos(say: Phrases) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            result.law.name,
            say.numbers.value(result.measure.value, result.law.unit, near=result.memo.value),
            say.numbers.value(result.memo.value, result.law.unit, near=result.measure.value),
        )
        for result in say.results
        if result.memo is not None and result.applies
    )


def _digests(say: Phrases) -> tuple[Pair, ...]:
    evaluation = say.evaluation
    filing, rulebook = evaluation.submission, evaluation.rulebook
    pairs = [
        ("file", filing.file or "—"),
        ("submission", filing.sha256 or "—"),
        ("form_version", filing.form_version),
        ("rulebook_version", rulebook.version),
        ("rulebook", rulebook.digest),
        ("overlay", rulebook.overlay or say.words("report.digest.no_overlay")),
        ("program", f"supervise {__version__}"),
    ]
    return tuple(Pair(say.words(f"report.digest.{key}"), text) for key, text in pairs)
