"""The rows of ``peer_references.yaml`` as they stand, to be carried over into a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from supervise.read.law_tables import REFERENCE_KEYS
from supervise.read.overlay import LawTree
from supervise.read.yaml import read_yaml

NAME = "peer_references.yaml"


def reference_rows(path: Path | None, overlay: Path | None) -> Sequence[Mapping[str, str]]:
    """Every row with its keys as written.

    Args:
        path: The file itself; None: the one that counts.
        overlay: The office's tree over the shipped law.

    Raises:
        RulebookError: Not strict YAML, or no such rows.
    """
    tree = LawTree.open(None, overlay)
    if path is None and not tree.has(NAME):
        return ()
    data = read_yaml(path) if path is not None else tree.read(NAME)
    data.only(("peer_references",))
    found = []
    for row in data.maps("peer_references"):
        row.only(REFERENCE_KEYS)
        found.append({key: row.text(key) for key in row})
    return found
