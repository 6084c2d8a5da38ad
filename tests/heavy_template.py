"""Copies of the filled template that keep within every limit and cost as much as that allows."""

from __future__ import annotations

import random
import re

from filled_template import (
    BOOK,
    BOOK_LINKS,
    STYLES,
    edited,
    filled,
    own_entry,
    own_link,
    parts,
    replaced,
    reworked,
    sheets,
    with_rows,
)
from hostile_archive import S71, Maker, noise
from hostile_content import many_attributes, own, scattered
from plain_workbook import worksheet

SQUARES = "".join(map(chr, range(0x3300, 0x3358)))
ACCENTS = "\u0300\u0316"
BRANCHES = "XW2分支机构"
DATE_FORMAT = '<numFmt numFmtId="{n}" formatCode="yy-{odd}"/>'


def numbered(count: int, pattern: str) -> str:
    """Many pieces of markup, each with numbers of its own."""
    return "".join(pattern.format(n=n, odd=n * 7919 % 99_991) for n in range(count))


def branch_rows(count: int, cell: str) -> bytes:
    """The open table of branches with that many rows, the same fault in each column."""
    cells = "".join(cell.replace("{at}", f"{column}{{n}}") for column in "BCDEFGHI")
    rows = "".join(f'<row r="{n}">{cells.format(n=n)}</row>' for n in range(40, 40 + count))
    return with_rows(BRANCHES, rows)


def failing_branches(count: int) -> bytes:
    """Branches that are filled in as they should be, each with a weight of 500%."""

    def work(xml: str) -> str:
        row = re.search(r'<row r="16".*?</row>', xml)
        assert row is not None
        wrong = row[0].replace("<v>0.12</v>", "<v>5</v>")
        assert wrong != row[0]
        rows = [
            re.sub(r'(r="[A-Z]*)16"', rf'\g<1>{n}"', wrong.replace("城中", f"第{n}"))
            for n in range(40, 40 + count)
        ]
        return xml.replace("</sheetData>", f"{''.join(rows)}</sheetData>")

    return reworked(BRANCHES, work)


def labels_everywhere() -> bytes:
    """Every label of a sheet changed, and its texts in 190,000 cells elsewhere."""
    labels = re.findall(r"<t>([^<]{2,})</t>", parts()[S71].decode())
    cells = [
        f'<c s="{n * 7919 % 9973}" t="str"><v>{labels[n % len(labels)]}</v></c>'
        for n in range(190_000)
    ]
    rows = "".join(
        f'<row r="{n // 300 + 100}">{"".join(cells[n : n + 300])}</row>'
        for n in range(0, len(cells), 300)
    )

    def work(xml: str) -> str:
        changed = xml.replace("不良", "坏账").replace("余额", "数额")
        return changed.replace("</sheetData>", f"{rows}</sheetData>")

    return reworked("S71_I", work)


def large_texts() -> bytes:
    """Texts up to all the XML that is read, beside a picture that fills the file."""
    texts = "".join(
        f'<row><c t="str"><v>{noise(32_000 + n % 700)}</v></c></row>' for n in range(1_200)
    )
    return filled(
        {
            "xl/media/scan.png": random.Random(1).randbytes(40 << 20),
            "xl/worksheets/own.xml": worksheet(texts),
            BOOK: replaced(parts()[BOOK], ("</sheets>", own_entry())),
            BOOK_LINKS: replaced(parts()[BOOK_LINKS], ("</Relationships>", own_link("worksheet"))),
        }
    )


def every_value_wrong() -> bytes:
    """Every stored number of the form replaced by a word."""
    return filled(
        {
            part: re.sub(
                r'(?: t="\w+")?>(<f>[^<]*</f>)?<v>[^<]*</v>',
                r' t="str">\1<v>约两万</v>',
                parts()[part].decode(),
            ).encode()
            for part in sheets().values()
        }
    )


def drawn(marks: str, length: int, seed: int) -> str:
    """A text of random characters."""
    return "".join(random.Random(seed).choices(marks, k=length))


def dear_branches(marks: str, length: int, count: int) -> bytes:
    """Branches whose every cell is a text of characters that take long to be made plain."""
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{column}{n}" t="str"><v>{drawn(marks, length, 8 * n + place)}</v></c>'
            for place, column in enumerate("BCDEFGHI")
        )
        + "</row>"
        for n in range(40, 40 + count)
    )
    return with_rows(BRANCHES, rows)


def dear_labels() -> bytes:
    """A label changed, and texts that each become five times as long in 150,000 cells."""
    cells = [f'<c t="str"><v>{drawn(SQUARES, 60, n)}</v></c>' for n in range(150_000)]
    rows = "".join(
        f'<row r="{n // 300 + 100}">{"".join(cells[n : n + 300])}</row>'
        for n in range(0, len(cells), 300)
    )
    return reworked(
        "S71_I",
        lambda xml: xml.replace("不良", "坏账").replace("</sheetData>", f"{rows}</sheetData>"),
    )


def nested(depth: int) -> str:
    """Elements inside one another."""
    return numbered(depth, '<b a="{odd}">') + "</b>" * depth


HEAVY: dict[str, Maker] = {
    "numbers": lambda: own(scattered(190_000)),
    "texts": lambda: own(scattered(190_000, "<v>第{n}项</v>", "str")),
    "cells_in_form": lambda: with_rows("S71_I", scattered(190_000)),
    "labels_everywhere": labels_everywhere,
    "attributes": lambda: own("", after=many_attributes(33, 23_000)),
    "merged": lambda: own("", after=numbered(690_000, '<mergeCell ref="A{n}:B{n}"/>')),
    "styles": lambda: edited(
        STYLES,
        (
            "</numFmts>",
            numbered(170_000, '<numFmt numFmtId="{n}" formatCode="yy-{odd}"/>') + "</numFmts>",
        ),
        ("</cellXfs>", numbered(170_000, '<xf numFmtId="{n}"/>') + "</cellXfs>"),
    ),
    "nested": lambda: own("", after=nested(470_000)),
    "names": lambda: own("", after=numbered(980_000, "<b{n}_{odd}_element_of_some_length/>")),
    "large_texts": large_texts,
    "accents": lambda: dear_branches(ACCENTS, 32_000, 70),
    "squares": lambda: dear_branches(SQUARES, 270, 5_800),
    "arabic": lambda: dear_branches("\ufdfa\ufdfb", 270, 5_800),
    "squares_beside_labels": dear_labels,
    "wrong_branches": lambda: branch_rows(5_900, '<c r="{at}" t="str"><v>怪{n}</v></c>'),
    "uncalculated_branches": lambda: branch_rows(5_900, '<c r="{at}"><f>A{n}</f></c>'),
    "failing_branches": lambda: failing_branches(5_900),
    "failing_branches_weighed": lambda: failing_branches(990),
    "every_value_wrong": every_value_wrong,
}
