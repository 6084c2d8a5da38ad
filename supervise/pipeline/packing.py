"""Records → bytes, and back; a bank's figures for its region → text, compressed, and back."""

from __future__ import annotations

import base64
import json
import zlib

from supervise.core.model import Basis as LegalBasis
from supervise.core.period import Period
from supervise.core.region import figures
from supervise.json_text import compact
from supervise.read.codec import Encoder, decode

_LEVEL = 1
FIGURES: tuple[type, ...] = (
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
"""Of what a region needs of a bank."""


def packed_figures(told: figures.BankFigures) -> str:
    """What a region needs of a bank, a tenth as large: a run holds that of thousands."""
    # By the standard library: a ledger keeps it within what it makes a digest of.
    return base64.b64encode(zlib.compress(pack(told, FIGURES), _LEVEL)).decode("ascii")


def unpacked_figures(packed: str) -> figures.BankFigures:
    """The same again.

    Raises:
        ValueError, zlib.error: It is something else.
    """
    found = unpack(zlib.decompress(base64.b64decode(packed)), FIGURES)
    if not isinstance(found, figures.BankFigures):
        raise ValueError("not what a region needs of a bank")
    return found


def pack(value: object, classes: tuple[type, ...]) -> bytes:
    """One value; whoever reads it must name the same classes in the same order."""
    return compact(Encoder(classes).alone(value))


def unpack(data: bytes, classes: tuple[type, ...]) -> object:
    """The same again.

    Raises:
        ValueError, LookupError, TypeError: It is something else.
    """
    return decode(json.loads(data.decode("utf-8", "surrogatepass")), classes, [])
