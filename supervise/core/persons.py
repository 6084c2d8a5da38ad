"""Names of persons: whether two as people type them are one person's, whom a certificate names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_LONGEST = 120


def person_key(name: str) -> str:
    """The same for one name however it is typed: full width, spaces and capitals aside.

    Example:
        >>> person_key("李　四") == person_key("李四 "), person_key("Ｌi Si") == person_key("li si")
        (True, True)
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def certified_name(subject: Mapping[str, object]) -> str:
    """Whom a certificate speaks of, in one line: common name and organisation.

    Args:
        subject: Its distinguished name, by attribute; a value may be several.

    Example:
        >>> certified_name({"organization_name": "某局", "common_name": "普惠处"})
        '普惠处，某局'
    """
    found: list[str] = []
    for attribute in ("common_name", "organization_name"):
        value = subject.get(attribute)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one not in found:
                found.append(one)
    kept = "，".join(found)[:_LONGEST]
    return "".join(c if c.isprintable() else "?" for c in kept)
