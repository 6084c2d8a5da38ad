"""What later evaluations compare with: excerpts of documents, and sums over predecessors.

Beside a bank's own past an excerpt holds what its peers and the region need of it.

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
from supervise.core.supervision import OPEN, RectificationItem
from supervise.json_text import canonical
from supervise.ledger.canonical import digest
from supervise.ledger.later_records import Succession
from supervise.record import replace

K = TypeVar("K")
Summable = Callable[[str], bool]
"""Whether an item's figures may be added over predecessors: it is an amount or a count."""
Parse = Callable[[Mapping[str, Any], str], PastEvaluation]
"""An excerpt and a file's name made an earlier evaluation: the reader of documents does that."""
LEDGER = "ledger"
REGION = "region"
"""Key of what is kept for the region; not part of the document."""
_KEPT = (
    "status", "submission", "evaluation", "facts", "elements", "score", "grade", "findings",
    "rectification",
)  # fmt: skip


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


def excerpt(document: Mapping[str, Any], region: Mapping[str, Any] | None = None) -> bytes:
    """The part of an evaluation document that later evaluations compare with, in its shape.

    Args:
        document: ``supervise/evaluation/1``, of an evaluation.
        region: What the banks of its period are compared and summed up by; see
            ``pipeline/ledger/region.py``.
    """
    kept = {key: document[key] for key in _KEPT}
    kept["indicators"] = [
        {**_figure(one), "parts": [_figure(part) for part in one["parts"]]}
        for one in document["indicators"]
    ]
    if region is not None:
        kept[REGION] = region
    return canonical(kept).encode("utf-8", "backslashreplace")


def _figure(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": told["id"], "value": told["value"]}


def past_of(data: bytes, parse: Parse) -> PastEvaluation:
    """An earlier evaluation from its excerpt."""
    kept = json.loads(data)
    past = parse(kept, kept["submission"]["file"])
    return replace(past, source=LEDGER, digest=digest(data))


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

    An item that one of them did not file is not known for all: missing is never zero. What they
    had to mend is the successor's to mend.

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
        rectification=_owed(parts),
        source=LEDGER,
        digest=digest(canonical([part.digest for part in parts])),
    )


def _owed(parts: Sequence[PastEvaluation]) -> tuple[RectificationItem, ...]:
    """Each 整改 item once: of several with one id an open one, and of these the oldest."""
    items = [item for part in parts for item in part.rectification]
    items.sort(key=lambda item: (item.status not in OPEN, item.since))
    return tuple({item.id: item for item in reversed(items)}.values())
