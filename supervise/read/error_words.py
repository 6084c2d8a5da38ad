"""An error in another language: its four parts looked up, its reason code unchanged."""

from __future__ import annotations

from typing import TypeVar

from supervise.errors import SuperviseError

SAID = "errors.say"
Error = TypeVar("Error", bound=SuperviseError)


def in_language(error: Error, lang: str) -> Error:
    """The same error in a language; what its catalogue does not know stays as it is."""
    from supervise.read.prose import read_prose

    prose = read_prose(lang)
    if prose is None:
        return error
    told = {key: prose(SAID, part) for key, part in error.parts().items()}
    return type(error)(
        told["what"],
        where=error.where,
        expected=told["expected"],
        fix=told["fix"],
        code=error.code,
    )
