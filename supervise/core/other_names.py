"""Does a text name a bank that it should not? Codes and names of institutions, found in any text.

In: the names that a register and a ledger know, and texts. Out: the names found. Full and half
width, spaces and letter case make no difference. What lies within an allowed longer name is no
find: 北京银行 within 北京银行股份有限公司, if that is the addressee.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

_SHORTEST: Final = 4
"""Characters that a name must have to be looked for: shorter ones stand in ordinary words."""
APART: Final = "\0"
"""Between pieces of a text that do not belong together; no name reaches across it."""
_SPACE: Final = re.compile(r"\s+")


class KnownNames:
    """Codes and names of all institutions that may have to do with a period.

    Args:
        names: By code, every name that the institution goes by.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, set[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for code, several in names.items():
            forms = dict.fromkeys(folded(form) for form in (code, *several))
            self._forms[code] = tuple(form for form in forms if len(form) >= _SHORTEST)
            for form in self._forms[code]:
                self._codes.setdefault(form, set()).add(code)
        for form in self._codes:
            self._by_start.setdefault(form[:_SHORTEST], []).append(form)

    def found_in(self, text: str, allowed: Iterable[str] = ()) -> tuple[str, ...]:
        """Codes of the institutions that a text names.

        Args:
            text: Any text.
            allowed: Codes of institutions that it may name.
        """
        plain, free = _once(folded(text)), set(allowed)
        known = sorted((f for code in free for f in self._forms.get(code, ())), key=len)
        starts = {plain[at : at + _SHORTEST] for at in range(len(plain) - _SHORTEST + 1)}
        found: set[str] = set()
        for start in starts & self._by_start.keys():
            for form in self._by_start[start]:
                codes = self._codes[form]
                if not codes & free and form in plain and _outside(form, plain, known):
                    found |= codes
        return tuple(sorted(found))


def _once(text: str) -> str:
    """A text whose pieces stand apart, each piece once: a workbook says most things often."""
    return APART.join({piece for piece in text.split(APART) if len(piece) >= _SHORTEST})


def _outside(form: str, text: str, allowed: Iterable[str]) -> bool:
    """Whether a name stands anywhere but within longer ones that are allowed."""
    for longer in allowed:
        if form in longer:
            text = text.replace(longer, APART)
    return form in text


def folded(text: str) -> str:
    """A text as it is compared."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _SPACE.sub("", plain).casefold()
