"""A record → what will be written: its payload, its digest, its rows. Needs no database."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from supervise.deflate import compressed
from supervise.json_text import canonical
from supervise.ledger.canonical import digest, storable
from supervise.ledger.kinds import BY_CLASS, Child, Kind, Record
from supervise.ledger.records import Evaluated
from supervise.record import record


@record(kw_only=True)
class Documents:
    """What is kept beside an evaluation, compressed; ``packed_documents`` makes it.

    Whoever judges a bank compresses, not whoever appends: that one holds others up.

    Attributes:
        document: Digest of the evaluation document.
        past: Digest of the excerpt that later evaluations compare with; see ``past.py``.
        packed: The two, compressed.
    """

    document: str
    past: str
    packed: tuple[bytes, bytes]


def packed_documents(document: bytes, past: bytes) -> Documents:
    """Digest and compress an evaluation document and its excerpt, both UTF-8 JSON."""
    packed = (compressed(document), compressed(past))
    return Documents(document=digest(document), past=digest(past), packed=packed)


@record
class Draft:
    """A record ready to be chained.

    Attributes:
        row: Values of its own table's columns after institution and number.
        children: By child table: the values of its rows after institution and number.
        packed: Document and excerpt, compressed.
    """

    kind: Kind
    key: str
    digest: str
    fields: Mapping[str, Any]
    children: Mapping[str, tuple[tuple[Any, ...], ...]]
    packed: tuple[bytes, bytes] | None

    @property
    def row(self) -> tuple[Any, ...]:
        """Values in the order of the table's columns, after institution and number."""
        return tuple(self.fields[name] for name in self.kind.fields)


def drafted(made: Record, documents: Documents | None = None) -> Draft:
    """Prepare one record.

    Args:
        made: The record.
        documents: Of an evaluation: what is kept beside it.

    Raises:
        ValueError: The documents are not those that the record names.
    """
    kind = BY_CLASS[type(made)]
    fields = {name: getattr(made, name) for name in kind.fields}
    children = {c.table: tuple(map(tuple, getattr(made, c.field))) for c in kind.children}
    text = payload(kind, fields, children)
    if not _plain(text):
        fields = {name: _cleaned(value) for name, value in fields.items()}
        children = {
            table: tuple(tuple(map(_cleaned, row)) for row in rows)
            for table, rows in children.items()
        }
        text = payload(kind, fields, children)
    key = canonical([fields[name] for name in kind.key])
    return Draft(kind, key, digest(text), fields, children, _packed(made, documents))


def payload(
    kind: Kind, fields: Mapping[str, Any], children: Mapping[str, tuple[tuple[Any, ...], ...]]
) -> str:
    """The canonical text whose digest is chained; children in the order of their keys."""
    ordered = {child.field: in_order(child, children[child.table]) for child in kind.children}
    return canonical({**fields, **ordered})


def unpacked(packed: bytes) -> bytes:
    """What was compressed.

    Raises:
        zlib.error: It is not what we wrote.
    """
    return zlib.decompress(packed)


def in_order(child: Child, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A record's rows in the order of their key, however the database gave them."""
    places = [child.row._fields.index(name) for name in child.key]
    return sorted(rows, key=lambda one: [one[place] for place in places])


def _packed(made: Record, documents: Documents | None) -> tuple[bytes, bytes] | None:
    if not isinstance(made, Evaluated):
        return None
    if documents is None:
        raise ValueError("an evaluation comes with its document")
    if (documents.document, documents.past) != (made.document, made.past):
        raise ValueError("the documents are not those that the evaluation names")
    return documents.packed


def _plain(text: str) -> bool:
    """Whether every database can hold the texts in it as they are."""
    if "\\u0000" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _cleaned(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value
