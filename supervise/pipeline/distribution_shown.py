"""What a run that sends came to, in one of its forms."""

from __future__ import annotations

from typing import Literal

from supervise.core.delivery_rows import Sent
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.distribution_told import distribution_document, distribution_text
from supervise.write.terminal import Style, plain

Form = Literal["text", "json"]


def shown(sent: Sent, form: Form, settings: Settings, style: Style = plain) -> bytes:
    """The rows for people or for machines."""
    if form == "json":
        from supervise.json_text import to_json

        return to_json(distribution_document(sent)).encode()
    text = distribution_text(sent, read_words(settings.lang), style)
    return text.encode("utf-8", "replace")
