"""A parcel 送达件: the files for one bank and the manifest that binds them.

In: files as bytes and what was signed off. Out: the manifest, schema ``supervise/parcel/1``; a
sealed file in parts. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from supervise.core.proof import seal_of
from supervise.json_text import to_json
from supervise.record import record

SCHEMA = "supervise/parcel/1"
MANIFEST = "manifest.json"
LETTER = "letter.html"


@record(kw_only=True)
class Enclosed:
    """What a manifest tells of a parcel beside its files.

    Attributes:
        parcel: Name of the report that it brings, the same however often it is sent.
        rulebook: Digest of the law that the bank was judged by.
        signed: Role and day of each sign-off; names of persons do not leave the office.
        supersedes: Name of the delivery whose report is replaced.
    """

    parcel: str
    bank: str
    name: str
    period: str
    sequence: int
    submission: str
    document: str
    rulebook: str
    signed: Sequence[tuple[str, str]]
    supersedes: str | None


@record
class ParcelFile:
    """One file of a parcel.

    Attributes:
        kind: ``report``, ``signed_report``, ``marked``, ``evaluation`` or ``letter``.
    """

    kind: str
    name: str
    data: bytes


def manifest_of(enclosed: Enclosed, files: Sequence[ParcelFile]) -> bytes:
    """The manifest; no program version and no clock, so that it is the same in every run."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "parcel": enclosed.parcel,
        "bank": {"code": enclosed.bank, "name": enclosed.name},
        "period": enclosed.period,
        "sequence": enclosed.sequence,
        "submission": enclosed.submission,
        "document": enclosed.document,
        "rulebook": enclosed.rulebook,
        "signed_off": [{"role": role, "on": on} for role, on in enclosed.signed],
        "supersedes": enclosed.supersedes,
        "files": [
            {
                "kind": one.kind,
                "path": one.name,
                "size": len(one.data),
                "sha256": hashlib.sha256(one.data).hexdigest(),
            }
            for one in files
        ],
    }
    return to_json({**document, "digest": seal_of(document)}).encode()


def contents_of(manifest: bytes, files: Sequence[ParcelFile]) -> Mapping[str, bytes]:
    """All files of a parcel by name, the manifest first."""
    return {MANIFEST: manifest, **{one.name: one.data for one in files}}


def split(data: bytes, count: int) -> list[bytes]:
    """A file in so many parts of one size, the last one shorter; put together they are the file."""
    size = -(-len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), size)]


def parts_needed(size: int, most: int) -> int:
    """How many parts a file of ``size`` bytes takes if none may have more than ``most``."""
    return max(1, -(-size // most))


def part_file(name: str, number: int, count: int) -> str:
    """The file name of a part; 7-Zip opens ``.001`` and finds the others."""
    return name if count == 1 else f"{name}.{number:03d}"
