"""Whether two names as people type them are one person's."""

from __future__ import annotations

import unicodedata


def person_key(name: str) -> str:
    """The same for one name however it is typed: full width, spaces and capitals aside.

    Example:
        >>> person_key("李　四") == person_key("李四 "), person_key("Ｌi Si") == person_key("li si")
        (True, True)
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
