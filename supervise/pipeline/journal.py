"""What a run has done so far, bank by bank, so that it can be taken up again where it broke off.

Lies in the run's folder for the office, ``internal/run/``: what the first pass remembers of each
file, and what its second pass came to. Each entry says what it rests on; whoever rests on
anything else does not use it. Written whole or not at all, by whichever process did the work;
a lost or a damaged entry costs the work that it would have spared, and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import zlib
from pathlib import Path

from supervise.core.context import Adjustment
from supervise.core.model import Basis as LegalBasis
from supervise.core.period import Period
from supervise.core.region import figures
from supervise.json_text import compact
from supervise.pipeline.measured import Brief
from supervise.pipeline.saving import put
from supervise.read.codec import Encoder, decode
from supervise.record import record
from supervise.write.manifest import RunRow

FOLDER = "run"
"""Below the run's internal folder."""
_CLASSES: tuple[type, ...] = (
    Brief,
    Adjustment,
    RunRow,
)
_FIGURES: tuple[type, ...] = (
    figures.BankFigures,
    figures.DemandFigure,
    figures.IndicatorFigure,
    figures.ElementFigure,
    figures.FindingFigure,
    figures.CheckFigure,
    figures.NotRun,
    figures.GradeFigure,
    figures.PastFigure,
    LegalBasis,
    Period,
)
_LEVEL = 1
_DAMAGED = (OSError, ValueError, LookupError, TypeError, zlib.error)


@record
class Finished:
    """What a bank's second pass came to.

    Attributes:
        key: Digest of all that it rests on.
        document: Digest of the document as a ledger keeps it.
        figures: What a region needs of the bank, packed.
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

    @property
    def halves(self) -> Path:
        """Folder of what the first pass leaves half made for the second."""
        return self.folder / "halves"

    def brief(self, entry: str) -> Brief | None:
        """What the first pass remembers of a file; None: nothing, or it cannot be read."""
        found = self._read("measured", entry)
        return found if isinstance(found, Brief) else None

    def keep_brief(self, entry: str, brief: Brief) -> None:
        """Remember what the first pass came to."""
        self._write("measured", entry, brief)

    def finished(self, entry: str) -> Finished | None:
        """What the second pass came to; None as for ``brief``."""
        found = self._read("finished", entry)
        return found if isinstance(found, Finished) else None

    def keep_finished(self, entry: str, finished: Finished) -> None:
        """Remember it, once all documents are written."""
        self._write("finished", entry, finished)

    def tidy(self) -> None:
        """The run is at its end: nothing half made is needed any more."""
        shutil.rmtree(self.halves, ignore_errors=True)

    def _read(self, kind: str, entry: str) -> object:
        try:
            return _decoded(self._place(kind, entry).read_bytes())
        except _DAMAGED:
            return None

    def _write(self, kind: str, entry: str, value: object) -> None:
        put(self._place(kind, entry), _encoded(value))

    def _place(self, kind: str, entry: str) -> Path:
        return self.folder / kind / f"{entry}.z"


def entry_of(name: str, sha256: str, first_filing: tuple[int, int] | None) -> str:
    """The name of a file's entries; the same bytes may come under two names, which documents tell.

    A resubmission is measured twice, the second time knowing what the first filing left open.
    """
    told = f"{sha256} {first_filing} {name}".encode("utf-8", "backslashreplace")
    return hashlib.sha256(told).hexdigest()[:32]


def packed_figures(told: figures.BankFigures) -> str:
    """What a region needs of a bank, a tenth as large: a run holds that of thousands."""
    return base64.b64encode(_packed(told, _FIGURES)).decode("ascii")


def unpacked_figures(packed: str) -> figures.BankFigures:
    """The same again.

    Raises:
        ValueError: It is something else.
    """
    found = _unpacked(base64.b64decode(packed), _FIGURES)
    if not isinstance(found, figures.BankFigures):
        raise ValueError("not what a region needs of a bank")
    return found


def _encoded(value: object) -> bytes:
    """A value, headed by the shapes of all records that may be in it."""
    return _SHAPES + _packed(value, _ENTRIES)


def _decoded(data: bytes) -> object:
    """The value, unless records had other fields when it was written."""
    return _unpacked(data.removeprefix(_SHAPES), _ENTRIES) if data.startswith(_SHAPES) else None


def _packed(value: object, classes: tuple[type, ...]) -> bytes:
    block = Encoder(classes).alone(value)
    return zlib.compress(compact(block), _LEVEL)


def _unpacked(data: bytes, classes: tuple[type, ...]) -> object:
    block = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    return decode(block, classes, [])


_ENTRIES = (*_CLASSES, Finished)


def _shapes() -> bytes:
    told = [[cls.__qualname__, *cls.__slots__] for cls in (*_ENTRIES, *_FIGURES)]  # type: ignore[attr-defined]  # records
    return hashlib.sha256(json.dumps(told).encode()).digest()


_SHAPES = _shapes()
