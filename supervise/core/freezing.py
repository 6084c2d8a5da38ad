"""Peer references from the filings of a period: what points of later periods are compared with.

In: sorted values by bank type, the groups of each type, which measures the law asks for. Out: one
reference for each group that is large enough (standing rule 7). Pure and exact; a median has six
digits, so that it tells no bank's amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from supervise.core.formula import Call, Expression, Name, walk
from supervise.core.law import Rulebook
from supervise.core.peers import median
from supervise.record import record

REFERENCE = "peer_reference"
"""The function of formulas that asks for a frozen reference."""
Values = Mapping[str, tuple[Fraction, ...]]


@record(kw_only=True)
class Reference:
    """The median of a measure in a group.

    Attributes:
        values: What it is made from, rising.
    """

    group: str
    measure: str
    value: Fraction
    values: tuple[Fraction, ...]


def wanted_measures(rulebook: Rulebook) -> frozenset[str]:
    """The measures whose peer reference the points of a bank type depend on."""
    return frozenset(
        arg.id
        for expression in _expressions(rulebook)
        for node in walk(expression.tree)
        if isinstance(node, Call) and node.name == REFERENCE
        for arg in node.args
        if isinstance(arg, Name)
    )


def _expressions(rulebook: Rulebook) -> Iterator[Expression]:
    yield from rulebook.definitions.values()
    for law in rulebook.indicators:
        named = [law.value, law.memo, law.applies_when]
        for part in law.parts:
            named += [part.value, part.base]
            for case in part.curve.cases if part.curve is not None else ():
                named += [case.when, case.points]
        for requirement in law.requirements:
            named += [requirement.value, requirement.limit]
        yield from (one for one in named if one is not None)


def references(
    peers: Mapping[str, Values],
    groups: Mapping[str, tuple[str, ...]],
    wanted: Iterable[str],
    least: int,
) -> tuple[Reference, ...]:
    """One for each measure and each type or group of types with enough banks.

    Args:
        peers: By bank type: by measure its values.
        groups: By bank type: the groups that hold it, as the law has them; it is pooled in the
            first, so that a wider one behind it is of the types that have no nearer one.
        wanted: Measures.
        least: Fewer values than these are told of no group.
    """
    members: dict[str, set[str]] = {}
    for bank_type, above in groups.items():
        for group in (bank_type, *above[:1]):
            members.setdefault(group, set()).add(bank_type)
    found = []
    for measure in sorted(wanted):
        for group in sorted(members):
            pooled = (peers.get(one, {}).get(measure, ()) for one in members[group])
            values = tuple(sorted(value for some in pooled for value in some))
            if len(values) >= least:
                one = Reference(group=group, measure=measure, value=median(values), values=values)
                found.append(one)
    return tuple(found)
