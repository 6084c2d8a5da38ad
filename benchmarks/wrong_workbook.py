"""A filled workbook with every cell wrong, for ``benchmarks/run.py``: the worst that a bank files.

Every input, total and grey cell holds a figure or a word that fails, and so does every row of the
open tables, four times as long as the template offers. Only the cover is left as it is, because a
workbook with a wrong cover is refused at once. Some 2,500 findings.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from supervise.core.layout import NUMERIC, Form, FormSet
from supervise.core.period import Period
from supervise.read.rulebook import read_law

WORDS = {"flag": "也许", "date": "昨天", "choice": "其他", "text": "X"}
ROW = re.compile(r'(<row r="([0-9]+)"[^>]*?)(?:/>|>(.*?)</row>)')
CELL = re.compile(r'<c r="([A-Z]+)[0-9]+"([^>]*?)(?:/>|>.*?</c>)')
STYLE = re.compile(r' s="[0-9]+"')
SHEET = re.compile(r'<sheet name="([^"]+)"')

LENGTH = 4
Entries = dict[tuple[int, str], str]


def wrong_entries(form: Form, forms: FormSet) -> Entries:
    """What stands in the cells of a form, by row and column."""
    entries = {}
    for number, (address, unit) in enumerate(_cells(form, forms)):
        column = address.rstrip("0123456789")
        spread = (number * 7919 + 104_729) % 99_991
        if unit in NUMERIC:
            text = f"-{spread}" + ("" if unit == "count" else f".{spread % 9_973:04}")
            content = f"<v>{text}</v>"
        else:
            content = f"<is><t>{WORDS[unit]}</t></is>"
        entries[int(address.removeprefix(column)), column] = content
    return entries


def _cells(form: Form, forms: FormSet) -> Iterator[tuple[str, str]]:
    for placed in form.placed:
        if placed.kind in ("input", "total"):
            yield placed.address, forms.items[placed.item].unit
    for address in form.undefined:
        yield address, "count"
    for table in form.tables:
        for row in range(table.first_row, table.first_row + LENGTH * table.template_rows):
            for column, item in table.columns.items():
                yield f"{column}{row}", forms.items[item].unit


def rewritten(xml: str, entries: Entries) -> str:
    """A sheet with these cells in place of those that it had."""
    start, end = xml.index("<sheetData>") + len("<sheetData>"), xml.index("</sheetData>")
    rows = {int(row[2]): (row[1], row[3] or "") for row in ROW.finditer(xml, start, end)}
    written = []
    for number in sorted(rows.keys() | {row for row, _ in entries}):
        tag, cells = rows.get(number, (f'<row r="{number}"', ""))
        known = {cell[1]: cell[0] for cell in CELL.finditer(cells)}
        for column, content in ((c, e) for (row, c), e in entries.items() if row == number):
            style = STYLE.search(known.get(column, ""))
            kind = ' t="inlineStr"' if content.startswith("<is>") else ""
            at = f'{column}{number}"{style[0] if style else ""}{kind}'
            known[column] = f'<c r="{at}>{content}</c>'
        in_order = sorted(known, key=lambda column: (len(column), column))
        written.append(f"{tag}>{''.join(known[column] for column in in_order)}</row>")
    return xml[:start] + "".join(written) + xml[end:]


def main(source: str, target: str) -> None:
    forms = read_law().forms(Period.parse(Path(source).parent.name))
    by_sheet = {form.sheet: form for form in forms.forms if form.id != "COVER"}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = SHEET.findall(old.read("xl/workbook.xml").decode())
        parts = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(names, 1)}
        for part in old.namelist():
            data = old.read(part)
            form = by_sheet.get(parts.get(part, ""))
            if form is not None:
                data = rewritten(data.decode(), wrong_entries(form, forms)).encode()
            new.writestr(part, data)


if __name__ == "__main__":
    main(*sys.argv[1:])
