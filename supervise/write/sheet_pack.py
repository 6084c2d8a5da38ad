"""Finishing a written workbook: formula results put in, and the same bytes every time.

openpyxl writes formulas without results and stamps the clock into the file; both are mended in
the parts themselves.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from supervise.write.sheet_values import CellValue

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v(?: ?/>|></v>)')
_MODIFIED = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*")
_FIRST = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


def finish(data: bytes, results: Mapping[str, Mapping[str, CellValue]], day: date) -> bytes:
    """Put formula results in and pack the parts in a fixed order, dated ``day``.

    Args:
        data: The workbook as openpyxl wrote it.
        results: Part name such as ``xl/worksheets/sheet1.xml`` to address to result.
        day: Creation and modification day of the document.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, cells in results.items():
        parts[name] = _with_results(parts[name].decode("utf-8"), cells).encode("utf-8")
    stamp = f"{day.isoformat()}T00:00:00Z"
    core = parts["docProps/core.xml"].decode("utf-8")
    parts["docProps/core.xml"] = _MODIFIED.sub(rf"\g<1>{stamp}", core).encode("utf-8")
    return _pack(parts)


def _with_results(xml: str, cells: Mapping[str, CellValue]) -> str:
    def put(match: re.Match[str]) -> str:
        address, attributes, formula = match.group(1, 2, 3)
        value = cells[address]
        if isinstance(value, Decimal):
            return f'<c r="{address}"{attributes}><f>{formula}</f><v>{plain(value)}</v>'
        return f'<c r="{address}"{attributes} t="str"><f>{formula}</f><v>{escape(str(value))}</v>'

    return _FORMULA.sub(put, xml)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pack(parts: Mapping[str, bytes]) -> bytes:
    order = [*(name for name in _FIRST if name in parts), *sorted(set(parts) - set(_FIRST))]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in order:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            package.writestr(entry, parts[name], compresslevel=6)
    return target.getvalue()
