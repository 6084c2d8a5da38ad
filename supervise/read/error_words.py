"""An error in another language: its parts looked up line by line, its code unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from supervise.errors import SuperviseError

if TYPE_CHECKING:
    from supervise.read.prose import Prose

SAID = "errors.say"
PLACE = "errors.place"
Error = TypeVar("Error", bound=SuperviseError)


def in_language(error: Error, lang: str) -> Error:
    """The same error in a language; what its catalogue does not know stays as it is."""
    from supervise.read.prose import read_prose

    prose = read_prose(lang)
    if prose is None:
        return error
    told = error.parts()
    return type(error)(
        _by_line(told["what"], prose),
        where="\n".join(_place(line, prose) for line in told["where"].split("\n")),
        expected=_by_line(told["expected"], prose),
        fix=_by_line(told["fix"], prose),
        code=error.code,
    )


def in_words(text: str, lang: str) -> str:
    """A line that stands for itself, in a language; as it is if the catalogue does not know it."""
    from supervise.read.prose import read_prose

    prose = read_prose(lang)
    return text if prose is None else prose(SAID, text)


def _by_line(text: str, prose: Prose) -> str:
    """Several faults told together stand each on a line of its own."""
    return "\n".join(prose(SAID, line) for line in text.split("\n"))


def _place(line: str, prose: Prose) -> str:
    """A place, and where there are several what is wrong with it."""
    place, colon, what = line.partition("：")
    return prose(PLACE, place) + (f": {prose(SAID, what)}" if colon else "")
