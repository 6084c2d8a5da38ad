"""What a compound file (OLE2) holds: the names at the top of its directory.

Excel 97—2003, WPS 表格, Word, encrypted workbooks and mail share this container. A workbook that is
embedded in a letter has its stream deeper in the tree, so the names alone would not tell.
In: the bytes. Out: names in lower case; nothing is believed of lengths, chains or loops.
"""

from __future__ import annotations

import struct
from typing import Final

_HEADER: Final = 512
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_ENTRIES: Final = 4096
_ROOT: Final = 5


def top_names(data: bytes) -> frozenset[str]:
    """Names directly under the root; all names if the tree cannot be followed.

    Returns:
        Lower-cased names, empty if the directory lies outside the file.
    """
    entries = _entries(data)
    names: set[str] = set()
    open_places = [_place(entries[0], 76)] if entries and entries[0][66] == _ROOT else []
    seen: set[int] = set()
    while open_places:
        place = open_places.pop()
        if 0 < place < len(entries) and place not in seen:
            seen.add(place)
            names.add(_name(entries[place]))
            open_places += [_place(entries[place], 68), _place(entries[place], 72)]
    return frozenset(names or map(_name, entries[1:])) - {""}


def _entries(data: bytes) -> list[bytes]:
    shift = int.from_bytes(data[30:32], "little")
    if len(data) < _HEADER or shift not in (9, 12):
        return []
    entries: list[bytes] = []
    sector = int.from_bytes(data[48:52], "little")
    while len(entries) < _ENTRIES:
        at = (sector + 1) << shift
        block = data[at : at + (1 << shift)]
        entries += [block[n : n + _ENTRY] for n in range(0, len(block) - _ENTRY + 1, _ENTRY)]
        following = _next(data, sector, shift)
        if not block or following is None:
            break
        sector = following
    return entries


def _next(data: bytes, sector: int, shift: int) -> int | None:
    """The sector behind this one, as far as the header lists the table of sectors."""
    table, place = divmod(sector, 1 << (shift - 2))
    if table >= _IN_HEADER:
        return None
    at = ((_number(data, 76 + 4 * table) + 1) << shift) + 4 * place
    following = _number(data, at)
    return following if following < 0xFFFFFFFA else None


def _number(data: bytes, at: int) -> int:
    piece = data[at : at + 4]
    return int.from_bytes(piece, "little") if len(piece) == 4 else 0xFFFFFFFF


def _place(entry: bytes, at: int) -> int:
    return int(struct.unpack_from("<L", entry, at)[0])


def _name(entry: bytes) -> str:
    length = min(int.from_bytes(entry[64:66], "little"), 64)
    return entry[: max(0, length - 2)].decode("utf-16-le", "replace").lower()
