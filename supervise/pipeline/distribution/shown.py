"""What a run that sends came to, in one of its forms."""

from __future__ import annotations

from typing import Literal

from supervise.core.delivery_rows import Sent, SentRow
from supervise.read.error_words import in_language, in_words
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.distribution_told import distribution_document, distribution_text
from supervise.write.terminal import Style, plain

Form = Literal["text", "json"]


def shown(sent: Sent, form: Form, settings: Settings, style: Style = plain) -> bytes:
    """The rows for people or for machines."""
    sent = replace(sent, rows=tuple(_told(row, settings.lang) for row in sent.rows))
    if form == "json":
        from supervise.json_text import to_json

        return to_json(distribution_document(sent)).encode()
    text = distribution_text(sent, read_words(settings.lang), style)
    return text.encode("utf-8", "replace")


def _told(row: SentRow, lang: str) -> SentRow:
    fault = None if row.fault is None else in_language(row.fault, lang)
    return replace(row, fault=fault, detail=in_words(row.detail, lang))
