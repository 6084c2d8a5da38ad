"""Settings of one run, read once from options and environment."""

from __future__ import annotations

import os
from pathlib import Path

from supervise.record import record

RULEBOOK_VARIABLE = "SUPERVISE_RULEBOOK"
LEDGER_VARIABLE = "SUPERVISE_LEDGER"
PKCS12_VARIABLE = "SUPERVISE_PKCS12_PASSWORD"
"""Passphrase of the certificate that signs reports; with ``_FILE``: a file of its owner's alone."""


@record(kw_only=True)
class Settings:
    """What holds for a whole run.

    Attributes:
        overlay: An office's overlay over the shipped law; None: the shipped law alone.
        lang: Language of words for people, ``zh`` or ``en``.
        debug: Show tracebacks.
    """

    overlay: Path | None = None
    lang: str = "zh"
    debug: bool = False


def overlay_from(option: str | None) -> Path | None:
    """The overlay folder: the option, else the environment variable, else none."""
    chosen = option or os.environ.get(RULEBOOK_VARIABLE)
    return Path(chosen) if chosen else None
