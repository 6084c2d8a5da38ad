"""Standings among peers, told apart from the evaluation that they belong to.

In: a bank's places in its group, and the document of its evaluation made without them. Out: what
its context and its document say of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise.core.context import Place, Spread
from supervise.core.law import Better
from supervise.core.peers import TOTAL, element_key, placed, quartile_of
from supervise.record import record
from supervise.write.context_document import BANK, told_standing
from supervise.write.document_indicator import peer_document

_MOST = 1 << 12
Told = dict[str, Any]


@record
class ToldPlace:
    """What is said of one standing; nobody changes it, for it may be said of other banks too."""

    context: Told
    document: Told


class Places:
    """Tells standings to one audience.

    A bank reads its quarter and what its group comes to: the same words for a quarter of the group.
    """

    def __init__(self, audience: str) -> None:
        self._audience = audience
        self._known: dict[tuple[int, str, int | None], tuple[Spread, ToldPlace]] = {}

    def told(self, place: Place, better: Better, group: str) -> ToldPlace:
        """What is said of a place; ``better`` and ``group`` as for ``core/peers.py``."""
        if self._audience != BANK:
            return self._said(place, better, group)
        # The spread is kept, so that no other one gets its id.
        key = (id(place.spread), group, quartile_of(place, better))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[key] = place.spread, self._said(place, better, group)
        return known[1]

    def _said(self, place: Place, better: Better, group: str) -> ToldPlace:
        stat = placed(place, better, group)
        document = peer_document(stat, self._audience)
        assert document is not None
        return ToldPlace(told_standing(stat, self._audience), document)


def put_standings(document: Told, told: Mapping[str, ToldPlace]) -> None:
    """Put into an unsealed document what it has of an evaluation that knew its peers.

    Args:
        document: Of the same evaluation without peers.
        told: By the keys of ``Context.peers``.
    """
    places = [(document["score"], TOTAL)]
    places += [(one, element_key(one["id"])) for one in document["elements"]]
    for indicator in document["indicators"]:
        places.append((indicator, indicator["id"]))
        places += [(one, f"{indicator['id']}.{one['id']}") for one in indicator["parts"]]
    for place, key in places:
        if key in told:
            place["peer"] = told[key].document
