"""What stands beside the indicators: peer references, the 23 measures, standing rules, series.

In: top-level files of the law tree, each of which may be absent. Out: ``Library`` on the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from supervise import __version__
from supervise.core.references import PeerReference, PolicyItem
from supervise.read.law_dated import number
from supervise.read.law_reading import Reading
from supervise.read.law_tables import read_peer_references
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap
from supervise.record import record


@record
class Library:
    """The tables that no formula names, except peer references."""

    version: str
    peer_references: tuple[PeerReference, ...]
    policy_items: tuple[PolicyItem, ...]
    standing_rules: Mapping[str, str]
    benchmarks: tuple[Mapping[str, Any], ...]


def read_library(tree: LawTree, at: Reading) -> Library:
    """Read the tables.

    Raises:
        RulebookError: A fault, with file and line.
    """
    peers = _optional(tree, "peer_references.yaml")
    items = _optional(tree, "policy_items.yaml")
    rules = _optional(tree, "standing_rules.yaml")
    series = _optional(tree, "benchmarks.yaml")
    found = (at.attempt(partial(_policy_item, row)) for row in items.maps("policy_items"))
    return Library(
        version=_optional(tree, "version.yaml").text("version", __version__),
        peer_references=read_peer_references(peers.maps("peer_references"), at),
        policy_items=tuple(item for item in found if item is not None),
        standing_rules=MappingProxyType({key: rules.text(key) for key in rules}),
        benchmarks=tuple(MappingProxyType(dict(row)) for row in series.maps("benchmarks")),
    )


def _optional(tree: LawTree, name: str) -> YamlMap:
    return tree.read(name) if tree.has(name) else YamlMap(name, 1)


def _policy_item(row: YamlMap) -> PolicyItem:
    row.only(("number", "title", "addressed_to_bank", "answered_by", "note"))
    return PolicyItem(
        number=int(number(row, "number")),
        title=row.text("title"),
        addressed_to_bank=row.flag("addressed_to_bank"),
        answered_by=row.texts("answered_by"),
        note=row.text("note", ""),
    )
