"""What a run has done so far, bank by bank, so that it can be taken up again where it broke off.

Lies in the run's folder for the office, ``internal/run/``: what the first pass remembers of each
file, and what its second pass came to. Each entry says what it rests on; whoever rests on
anything else does not use it. Written whole or not at all, by whichever process did the work
(``entries.py``); a lost or a damaged entry costs the work that it would have spared, and nothing
more. What a run did not need is gone when it ends.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from supervise.core.context import Adjustment
from supervise.deflate import compressed
from supervise.pipeline.packing import FIGURES, pack, unpack
from supervise.pipeline.run.entries import NAME, Entries, Label, Place
from supervise.pipeline.run.measured import Brief
from supervise.pipeline.run.others import Others
from supervise.pipeline.run.passed_over import PassedOver
from supervise.record import record
from supervise.write.manifest import RunRow

FOLDER = "run"
"""Below the run's internal folder."""
_CLASSES: tuple[type, ...] = (
    Brief,
    Others,
    Adjustment,
    PassedOver,
    RunRow,
)
_MEASURED, _FINISHED = "measured", "finished"
_DAMAGED = (ValueError, LookupError, TypeError, zlib.error)


@record
class Finished:
    """What a bank's second pass came to.

    Attributes:
        key: Digest of all that it rests on.
        document: Digest of the document as a ledger keeps it.
        figures: What a region needs of the bank, packed; empty where nobody asks.
    """

    key: str
    document: str
    row: RunRow
    figures: str


@record
class Journal:
    """The entries of a run.

    Attributes:
        folder: Made when it is needed.
    """

    folder: Path

    def keep_brief(self, label: Label, brief: Brief, half: bytes | None) -> None:
        """Remember what the first pass came to, until the run ends with what it left half made."""
        self._entries.add(label, _encoded(brief), half or b"")

    def brief(self, place: Place) -> Brief | None:
        """What the first pass remembers of a file; None: it cannot be read."""
        found = self._read(place)
        return found if isinstance(found, Brief) else None

    def half(self, place: Place) -> bytes | None:
        """What the first pass left half made; None as for ``brief``."""
        return self._entries.read(place, 1)

    def keep_finished(self, label: Label, finished: Finished) -> None:
        """Remember what the second pass came to, once all documents are written."""
        self._entries.add(label, _encoded(finished))

    def finished(self, place: Place) -> Finished | None:
        """What the second pass came to; None as for ``brief``."""
        found = self._read(place)
        return found if isinstance(found, Finished) else None

    def noted(self) -> Noted:
        """Where everything lies by now."""
        return Noted(self._entries.places())

    def tidy(self, files: Iterable[tuple[str, str]]) -> None:
        """The run is at its end: only what is known of its files is needed any more.

        Args:
            files: Name and SHA-256 of each.
        """
        with suppress(OSError):  # what is not tidied up is in nobody's way
            self._entries.keep(self.noted().latest(files))

    @property
    def _entries(self) -> Entries:
        return Entries(self.folder)

    def _read(self, place: Place) -> object:
        data = self._entries.read(place)
        try:
            return None if data is None else _decoded(data)
        except _DAMAGED:
            return None


class Noted:
    """Where the entries of a journal lie; of several with one label's name and file the latest.

    Args:
        places: In the order in which they were added.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._named: dict[bytes, dict[bytes, Place]] = {}
        self._halves: dict[bytes, Place] = {}
        for one in places:
            self._named.setdefault(one.label.name, {})[one.label.sha256] = one
            if one.sizes[1]:
                self._halves[one.label.key] = one

    def measured(self, name: str) -> tuple[Place, ...]:
        """What the first pass noted of files of this name, whatever was in them."""
        return (*self._named.get(_name(_MEASURED, name), {}).values(),)

    def half(self, key: str) -> Place | None:
        """Of the bank whose first pass rested on this."""
        return self._halves.get(bytes.fromhex(key))

    def finished(self, name: str, sha256: str) -> Place | None:
        """What the second pass noted of a file."""
        return self._named.get(_name(_FINISHED, name), {}).get(bytes.fromhex(sha256))

    def latest(self, files: Iterable[tuple[str, str]]) -> list[Place]:
        """Everything about these files: name and SHA-256."""
        found: list[Place] = []
        for name, sha256 in dict.fromkeys(files):
            for what in (_MEASURED, _FINISHED):
                place = self._named.get(_name(what, name), {}).get(bytes.fromhex(sha256))
                found += [place] if place is not None else []
        return found


def measured_label(name: str, sha256: str, key: str) -> Label:
    """Under what the first pass notes a file."""
    return _label(_MEASURED, name, sha256, key)


def finished_label(name: str, sha256: str, key: str) -> Label:
    """Under what the second pass notes a file."""
    return _label(_FINISHED, name, sha256, key)


def _label(what: str, name: str, sha256: str, key: str) -> Label:
    return Label(_name(what, name), bytes.fromhex(sha256), bytes.fromhex(key))


def _name(what: str, name: str) -> bytes:
    """The same bytes may come under two names, which documents tell."""
    told = f"{what} {name}".encode("utf-8", "backslashreplace")
    return hashlib.sha256(told).digest()[:NAME]


def _encoded(value: object) -> bytes:
    """A value, headed by the shapes of all records that may be in it."""
    return _SHAPES + compressed(pack(value, _ENTRIES))


def _decoded(data: bytes) -> object:
    """The value, unless records had other fields when it was written."""
    if not data.startswith(_SHAPES):
        return None
    return unpack(zlib.decompress(data.removeprefix(_SHAPES)), _ENTRIES)


_ENTRIES = (*_CLASSES, Finished)


def _shapes() -> bytes:
    told = [[cls.__qualname__, *cls.__slots__] for cls in (*_ENTRIES, *FIGURES)]  # type: ignore[attr-defined]  # records
    return hashlib.sha256(json.dumps(told).encode()).digest()


_SHAPES = _shapes()
