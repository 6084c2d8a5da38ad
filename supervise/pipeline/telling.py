"""What the commands say of themselves, in the language of the run."""

from __future__ import annotations

from pathlib import Path

from supervise.errors import SuperviseError
from supervise.read.error_words import in_language, in_words
from supervise.read.words import read_words

__all__ = ["error_text", "in_words", "written_text"]
PARTS = ("where", "expected", "fix")


def error_text(error: SuperviseError, lang: str) -> str:
    """What, where, what was expected and by which rule, what to do.

    Raises:
        SuperviseError: There is no such language, or its wordings are wrong.
    """
    words = read_words(lang)
    parts = in_language(error, lang).parts()
    lines = [words("error.head", what=parts["what"], code=parts["code"])]
    told = {key: parts[key].replace("\n", "\n        ") for key in PARTS if parts[key]}
    lines += [words(f"error.{key}", text=text) for key, text in told.items()]
    return "\n".join(lines)


def written_text(what: str, path: Path | None, lang: str) -> str:
    """That something was written, or was not since the file was refused.

    Args:
        what: ``marked``, ``proof`` or ``result``.
        path: Where; None: nowhere.
        lang: Language of the run.
    """
    words = read_words(lang)
    named = words(f"written.{what}")
    if path is None:
        return words("written.nothing", what=named)
    return words("written.done", what=named, path=path)
