"""A filled submission with all that a bank may keep in its workbook beside the figures.

openpyxl adds charts, a picture, rules, comments, names; the parts that no library writes
(sparklines, pictures in cells as WPS keeps them, threaded comments, buttons) are put in by hand.
Results of formulas, which openpyxl drops, are put back.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

OWN = "本行底稿"
BANK = "张三"
SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>S71_I!C8:E8</xm:f>"
    "<xm:sqref>AK8</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    "</x14:sparklineGroups></ext></extLst>"
)
CELL_IMAGES = b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
    'threadedcomments"><threadedComment ref="C8" dT="2026-10-08T09:00:00.00"'
    ' personId="{00000000-0000-0000-0000-000000000001}"'
    ' id="{00000000-0000-0000-0000-0000000000AA}"><text>已与信贷部核对</text>'
    "</threadedComment></ThreadedComments>"
).encode()
PERSONS = (
    '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<person displayName="张三" id="{00000000-0000-0000-0000-000000000001}"/></personList>'
).encode()
BUTTON = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s2049" type="#_x0000_t201"'
    ' style="position:absolute">'
    '<x:ClientData ObjectType="Button"><x:Anchor>1, 1, 1, 1, 2, 2, 2, 2</x:Anchor>'
    "</x:ClientData></v:shape>"
)
_MS = "http://schemas.microsoft.com/office/2017/10/relationships"


def rich(source: Path) -> bytes:
    """The submission with everything a bank may add."""
    return _by_hand(_with_library(source), _results(source))


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The file with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in (*old.namelist(), *(n for n in changes if n not in old.namelist())):
            content = changes[name] if name in changes else old.read(name)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """All parts, inflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_part(data: bytes, sheet: str) -> str:
    """The part of a sheet, by the name on its tab."""
    parts = parts_of(data)
    found = re.search(rf'<(?:\w+:)?sheet [^>]*name="{re.escape(sheet)}"[^>]*>', _book(parts))
    assert found is not None
    link = re.search(r'r:id="([^"]+)"', found[0])
    assert link is not None
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    line = next(r for r in re.findall(r"<Relationship [^>]*>", rels) if f'Id="{link[1]}"' in r)
    target = re.search(r'Target="([^"]+)"', line)
    assert target is not None
    return target[1].lstrip("/") if target[1].startswith("/") else f"xl/{target[1]}"


def _book(parts: dict[str, bytes]) -> str:
    return parts["xl/workbook.xml"].decode()


def _results(source: Path) -> dict[tuple[str, str], Any]:
    values = load_workbook(source, data_only=True)
    return {(w.title, c.coordinate): c.value for w in values for row in w.iter_rows() for c in row}


def _with_library(source: Path) -> bytes:
    book = load_workbook(source)
    form = book["S71_I"]
    chart = BarChart()
    chart.add_data(Reference(form, min_col=3, min_row=8, max_col=5, max_row=9))
    form.add_chart(chart, "AM5")
    picture = Image(io.BytesIO(_png()))
    form.add_image(picture, "AM30")
    red = PatternFill("solid", bgColor="FFEEDD")
    form.conditional_formatting.add("C8:G10", CellIsRule("lessThan", ["0"], fill=red))
    form.conditional_formatting.add(
        "H8:L10", ColorScaleRule("min", None, "FFFFFF", "max", None, "63BE7B")
    )
    for address, text in (("F10", "合计由系统取数"), ("C8", "【监管自查】已核"), ("B9", "见底稿")):
        form[address].comment = Comment(text, BANK)
    own = book.create_sheet(OWN)
    for row in (("项目", "金额"), ("甲", 1), ("乙", 2)):
        own.append(row)
    own.add_table(Table(displayName="底稿表", ref="A1:B3"))
    own.print_area = "A1:B3"
    book.create_sheet("参数").sheet_state = "hidden"
    book.active = book.sheetnames.index("S63")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _png() -> bytes:
    """One red pixel."""
    pieces = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in (
        (b"IHDR", struct.pack(">2L5B", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff\0\0")),
        (b"IEND", b""),
    ):
        pieces += [struct.pack(">L", len(body)), kind, body]
        pieces.append(struct.pack(">L", zlib.crc32(kind + body)))
    return b"".join(pieces)


def _by_hand(data: bytes, results: dict[tuple[str, str], Any]) -> bytes:
    parts = parts_of(data)
    changes: dict[str, bytes] = {}
    for title in re.findall(r'<sheet [^>]*name="([^"]+)"', _book(parts)):
        part = sheet_part(data, title)
        text = parts[part].decode()
        changes[part] = re.sub(
            r'(<c r="(\w+)"[^>]*>)(<f>.*?</f>)<v(?: ?/>|></v>)',
            partial(_with_result, results, title),
            text,
        ).encode()
    form = sheet_part(data, "S71_I")
    changes[form] = changes[form].replace(b"</worksheet>", SPARKLINES.encode() + b"</worksheet>")
    _tie(
        parts, changes, f"xl/worksheets/_rels/{Path(form).name}.rels", "../threadedComments/t1.xml"
    )
    _tie(parts, changes, "xl/_rels/workbook.xml.rels", "persons/person.xml", "person")
    _tie(parts, changes, "xl/_rels/workbook.xml.rels", "cellimages.xml", "cellImage")
    drawing = next(name for name in parts if name.endswith(".vml"))
    changes[drawing] = parts[drawing].replace(b"</xml>", BUTTON.encode() + b"</xml>")
    changes |= {
        "xl/cellimages.xml": CELL_IMAGES,
        "xl/threadedComments/t1.xml": THREADS,
        "xl/persons/person.xml": PERSONS,
    }
    return repacked(data, changes)


def _with_result(results: dict[tuple[str, str], Any], sheet: str, found: re.Match[str]) -> str:
    value = results.get((sheet, found[2]))
    opening = re.sub(r' t="\w+"', "", found[1])
    if isinstance(value, str):
        opening = opening.replace(">", ' t="str">')
    shown = "" if value is None else str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f"{opening}{found[3]}<v>{shown}</v>"


def _tie(
    parts: dict[str, bytes],
    changes: dict[str, bytes],
    rels: str,
    target: str,
    kind: str = "threadedComment",
) -> None:
    text = changes.get(rels, parts[rels]).decode()
    link = f'<Relationship Id="own{kind}" Type="{_MS}/{kind}" Target="{target}"/>'
    changes[rels] = text.replace("</Relationships>", f"{link}</Relationships>").encode()
