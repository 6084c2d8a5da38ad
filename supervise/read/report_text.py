"""The pages of a report as text, in the order in which they were printed.

Reads what this program writes: fonts with a table of their characters (ToUnicode), text in
hexadecimal strings. Of anything else it sees nothing, so whoever relies on it looks first for what
must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from supervise.core.other_names import APART
from supervise.errors import UsageError
from supervise.read.report_parts import limited
from supervise.read.told import MALFORMED

_DEEPEST = 4
_SHOWN = re.compile(rb"/(\S+) [-\d.]+ Tf|\[([^\]]*)\]\s*TJ|<([0-9A-Fa-f]*)>\s*Tj|/(\S+)\s+Do\b")
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_ENTRY = 4
Characters = Mapping[bytes, str]


def pages_text(path: Path) -> str:
    """The text of all pages; lines run on, pages stand apart.

    Raises:
        UsageError: ``pages_unreadable``.
    """
    import pikepdf

    try:
        with limited(), pikepdf.open(path, attempt_recovery=False) as pdf:
            known: dict[tuple[int, int], Characters] = {}
            return APART.join("".join(_drawn(page.obj, known, 0)) for page in pdf.pages)
    except (pikepdf.PikepdfError, *MALFORMED, MemoryError) as error:
        raise UsageError(
            "报告的页面不能读取",
            where=path.name,
            expected="supervise evaluate 写出的报告原件",
            fix="重新评价、签发。",
            code="pages_unreadable",
        ) from error


def _drawn(holder: Any, known: dict[tuple[int, int], Characters], depth: int) -> Iterator[str]:
    """What a page or a drawing on it says, drawings within it where they stand."""
    resources = holder.get("/Resources", {})
    fonts, drawings = resources.get("/Font", {}), resources.get("/XObject", {})
    characters: Characters = {}
    for font, several, one, drawing in _SHOWN.findall(_content(holder)):
        if font:
            characters = _characters(fonts[f"/{font.decode()}"], known)
        elif drawing and depth < _DEEPEST:
            inner = drawings.get(f"/{drawing.decode()}")
            if inner is not None and inner.get("/Subtype") == "/Form":
                yield from _drawn(inner, known, depth + 1)
        else:
            for text in _HEX.findall(several) if several else (one,):
                yield _read(text.lower(), characters)


def _content(holder: Any) -> bytes:
    """The instructions of a page or of a drawing."""
    if "/Contents" not in holder:
        return bytes(holder.read_bytes()) if "/Subtype" in holder else b""
    contents = holder["/Contents"]
    parts = [contents] if hasattr(contents, "read_bytes") and not _is_array(contents) else contents
    return b"\n".join(bytes(part.read_bytes()) for part in parts)


def _is_array(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array)


def _characters(font: Any, known: dict[tuple[int, int], Characters]) -> Characters:
    """Code to character of a font, worked out once."""
    place = font.objgen
    if place not in known:
        table = bytes(font["/ToUnicode"].read_bytes()) if "/ToUnicode" in font else b""
        known[place] = dict(_entries(table))
    return known[place]


def _entries(table: bytes) -> Iterator[tuple[bytes, str]]:
    for kind, body in _SECTION.findall(table):
        told = [text.lower() for text in _HEX.findall(body)]
        if kind == b"char":
            yield from ((code, _text(of)) for code, of in zip(told[::2], told[1::2], strict=False))
            continue
        for first, last, of in zip(told[::3], told[1::3], told[2::3], strict=False):
            for step in range(int(last, 16) - int(first, 16) + 1):
                yield b"%04x" % (int(first, 16) + step), chr(int(of, 16) + step)


def _text(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def _read(text: bytes, characters: Characters) -> str:
    codes = (text[at : at + _ENTRY] for at in range(0, len(text), _ENTRY))
    return "".join(characters.get(code, "") for code in codes)
