"""Standings among peers, put into the document of an evaluation that was made without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise.core.context import PeerStat
from supervise.core.peers import TOTAL, element_key
from supervise.write.document_indicator import peer_document


def put_standings(
    document: dict[str, Any], standings: Mapping[str, PeerStat], audience: str
) -> None:
    """Put into an unsealed document what it has of an evaluation that knew its peers.

    Args:
        document: Of the same evaluation without peers.
        standings: By the keys of ``Context.peers``.
        audience: Whose the document is.
    """
    told = {key: peer_document(stat, audience) for key, stat in standings.items()}
    places = [(document["score"], TOTAL)]
    places += [(one, element_key(one["id"])) for one in document["elements"]]
    for indicator in document["indicators"]:
        places.append((indicator, indicator["id"]))
        places += [(one, f"{indicator['id']}.{one['id']}") for one in indicator["parts"]]
    for place, key in places:
        if key in told:
            place["peer"] = told[key]
