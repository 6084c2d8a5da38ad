"""Two evaluation documents side by side, leaving out every text that a language could change.

In: documents ``supervise/evaluation/1`` as JSON gives them. Out: a digest of what one says, and
the places where a later one says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from supervise.core.proof import digest_of
from supervise.record import record

APART = frozenset({"digest", "program", "context", "proof", "previous", "opinions"})
"""Of a document: what says something about it, and a supervisor's words; not the result."""
TEXTS = frozenset({"message", "fix", "name", "label", "workings", "group"})
TEXTS_WITHIN = {
    "rectification": frozenset({"requirement", "indicator"}),
    "refusal": frozenset({"expected"}),
}
"""Under these keys of a document, what is a text besides; elsewhere it is an id or a figure."""
AS_FILED = frozenset({"submission", "facts"})
_HOLDERS = frozenset({dict, list})
NAMING = ("id", "check", "item", "indicator")


@record
class Difference:
    """A place where two documents differ.

    Attributes:
        path: Such as ``indicators[first_loan].score.points``.
        told: What the first says there, shortened; ``-``: nothing.
        found: What the second says there.
    """

    path: str
    told: str
    found: str


def result_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the canonical JSON of a document without its texts."""
    return digest_of(_without_texts(document))


def differences(told: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Where a document that was worked out again differs from one at hand.

    Keys that only the new one has are no difference: documents may gain keys.
    """
    yield from _between(_without_texts(told), _without_texts(found), "")


def _without_texts(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if key in AS_FILED else _bare(value, TEXTS | TEXTS_WITHIN.get(key, frozenset()))
        for key, value in document.items()
        if key not in APART
    }


def _bare(value: Any, texts: frozenset[str]) -> Any:
    # Most of a document are single values: these are passed over without a call.
    if isinstance(value, dict):
        return {
            key: _bare(inner, texts) if type(inner) in _HOLDERS else inner
            for key, inner in value.items()
            if key not in texts
        }
    if isinstance(value, list):
        return [_bare(inner, texts) if type(inner) in _HOLDERS else inner for inner in value]
    return value


def _between(told: Any, found: Any, path: str) -> Iterator[Difference]:
    if isinstance(told, dict) and isinstance(found, dict):
        for key, value in told.items():
            yield from _between(value, found.get(key), f"{path}.{key}" if path else key)
    elif isinstance(told, list) and isinstance(found, list):
        yield from _between_lists(told, found, path)
    elif told != found or isinstance(told, bool) is not isinstance(found, bool):
        yield Difference(path, _shown(told), _shown(found))


def _between_lists(told: list[Any], found: list[Any], path: str) -> Iterator[Difference]:
    for place in range(max(len(told), len(found))):
        one = told[place] if place < len(told) else None
        other = found[place] if place < len(found) else None
        yield from _between(one, other, f"{path}[{_name(one, other, place)}]")


def _name(one: Any, other: Any, place: int) -> str:
    """What an entry of a list is called: its id, else its place."""
    for entry in (one, other):
        if isinstance(entry, dict):
            known = next((entry[key] for key in NAMING if isinstance(entry.get(key), str)), None)
            if known is not None:
                return _shown(known)
    return str(place + 1)


def _shown(value: Any) -> str:
    """A value in a few printable characters; a document at hand may hold anything."""
    if value is None:
        return "-"
    text = "…" if isinstance(value, dict | list) else str(value)
    kept = "".join(c if c.isprintable() else "?" for c in text[:41])
    return kept if len(kept) <= 40 else f"{kept[:40]}…"
