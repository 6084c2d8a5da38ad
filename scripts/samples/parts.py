"""Rewriting the parts of a workbook, for what no spreadsheet library can be asked to write."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

Parts = dict[str, bytes]
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpack(data: bytes) -> Parts:
    """Part name to content, in the order of the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same parts, without a clock."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, content, compresslevel=6)
    return target.getvalue()


def type_text(parts: Parts, part: str, cells: Mapping[str, str]) -> None:
    """Replace the content of cells by text, each keeping its style.

    Raises:
        KeyError: A cell is not there.
    """
    xml = parts[part].decode("utf-8")
    for address, text in cells.items():
        cell = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*>.*?</c>')
        if cell.search(xml) is None:
            raise KeyError(f"{part} {address}")
        xml = cell.sub(
            rf'<c r="{address}"\1 t="inlineStr"><is><t>{escape(text)}</t></is></c>', xml, count=1
        )
    parts[part] = xml.encode("utf-8")
