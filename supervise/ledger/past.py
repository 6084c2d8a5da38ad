"""What later evaluations compare with: excerpts of documents, and sums over predecessors.

The figures are those of the evaluation document, to the digit, so that a bank that keeps its
documents (``--history DIR``) and an office that keeps a ledger compare with the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from supervise.core.context import PastEvaluation
from supervise.core.period import Period
from supervise.ledger.canonical import canonical
from supervise.ledger.later_records import Succession

K = TypeVar("K")
Summable = Callable[[str], bool]
LEDGER = "ledger"


class Figures(Mapping[K, Fraction]):
    """Exact figures kept as texts until somebody asks: a history has thousands, few are used."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[K, str]) -> None:
        self._texts = texts

    def __getitem__(self, key: K) -> Fraction:
        return Fraction(self._texts[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, key: object) -> bool:
        return key in self._texts


def excerpt(document: Mapping[str, Any]) -> bytes:
    """The part of an evaluation document that later evaluations compare with.

    Args:
        document: ``supervise/evaluation/1``, of an evaluation.
    """
    kept = {
        "period": document["submission"]["period"],
        "kind": document["evaluation"]["kind"],
        "file": document["submission"]["file"],
        "facts": document["facts"],
        "parts": _parts(document),
        "elements": {one["id"]: one["points"] for one in document["elements"]},
        "total": document["score"]["total"],
        "grade": document["grade"]["id"],
        "findings": document["findings"],
    }
    return canonical(kept).encode("utf-8", "backslashreplace")


def _parts(document: Mapping[str, Any]) -> list[list[str]]:
    parts = []
    for indicator in document["indicators"]:
        parts.append([indicator["id"], "", indicator["value"]])
        parts += [[indicator["id"], part["id"], part["value"]] for part in indicator["parts"]]
    return [part for part in parts if part[2] is not None]


def past_of(data: bytes) -> PastEvaluation:
    """An earlier evaluation from its excerpt."""
    kept = json.loads(data)
    return PastEvaluation(
        period=kept["period"],
        kind=kept["kind"],
        file=kept["file"],
        facts=Figures(kept["facts"]),
        parts=Figures({(one, part): value for one, part, value in kept["parts"]}),
        elements=Figures(kept["elements"]),
        total=Fraction(kept["total"]),
        grade=kept["grade"],
        findings=tuple(kept["findings"]),
        source=LEDGER,
    )


def constituents(
    bank: str, period: Period, successions: Collection[tuple[str, Succession]]
) -> tuple[str, ...]:
    """Whose filings for a period stand for this bank as it is now (standing rule 6).

    Args:
        bank: A code.
        period: A period.
        successions: With the code of each successor.

    Returns:
        The bank alone, unless it continues others that still filed then.
    """
    found: dict[str, None] = {}
    _collect(bank, period, successions, found, set())
    return tuple(found)


def _collect(
    bank: str,
    period: Period,
    successions: Collection[tuple[str, Succession]],
    found: dict[str, None],
    seen: set[str],
) -> None:
    if bank in seen:
        return
    seen.add(bank)
    later = [s for to, s in successions if to == bank and period < Period.parse(s.from_period)]
    if all(succession.continues for succession in later):
        found[bank] = None
    for succession in later:
        _collect(succession.predecessor, period, successions, found, seen)


def pro_forma(
    period: Period, parts: Sequence[PastEvaluation], summable: Summable
) -> PastEvaluation:
    """Predecessors as if they had been one: facts that can be added are, nothing else is known.

    An item that one of them did not file is not known for all: missing is never zero.

    Args:
        period: Of all of them.
        parts: Two or more.
        summable: Whether an item is an amount or a count, so that a sum means something.
    """
    first, *others = (part.facts for part in parts)
    shared = [i for i in first if summable(i) and all(i in other for other in others)]
    return PastEvaluation(
        period=str(period),
        kind=period.kind,
        file=" + ".join(part.file for part in parts),
        facts={item: sum((part.facts[item] for part in parts), Fraction(0)) for item in shared},
        parts={},
        elements={},
        total=None,
        grade=None,
        source=LEDGER,
    )
