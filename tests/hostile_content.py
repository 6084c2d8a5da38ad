"""Makers of sound archives with hostile or broken XML, from the filled template.

Each must be refused with the reason it stands under, by the guard and not as a wrong template.
"""

from __future__ import annotations

import re

from filled_template import (
    BOOK,
    BOOK_LINKS,
    STRINGS,
    STYLES,
    edited,
    filled,
    own_entry,
    own_link,
    parts,
    replaced,
    reworked,
    sheets,
    with_cell,
    with_rows,
    with_shared_strings,
    with_sheet,
    with_value,
)
from hostile_archive import S71, Maker, noise
from plain_workbook import links, pack, worksheet


def own(rows: str, after: str = "") -> bytes:
    """A sheet of the bank's own with these rows."""
    return with_sheet(worksheet(rows, after=after))


def scattered(count: int, content: str = "<v>{n}.5</v>", stored_as: str = "n") -> str:
    """Rows of 300 filled cells; changing style numbers keep the ratio honest."""
    cells = [
        f'<c s="{n * 7919 % 99_991}" t="{stored_as}">{content.format(n=n * 31 % 9973)}</c>'
        for n in range(count)
    ]
    rows = ("".join(cells[at : at + 300]) for at in range(0, count, 300))
    return "".join(f"<row>{row}</row>" for row in rows)


def laughing(part: str) -> bytes:
    """Entities that multiply, declared in one part."""
    entities = '<!ENTITY a "哈哈哈哈">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return filled({part: f"<!DOCTYPE x [{entities}]>".encode() + parts()[part]})


def outside_entity() -> bytes:
    """A cell whose text is a file of this machine."""
    doctype = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return reworked(
        "S71_I",
        lambda xml: doctype + xml.replace("<v>13927.53</v>", "<v>&x;</v>"),
    )


def hidden_doctype() -> bytes:
    """A DOCTYPE in UTF-16, which a search for its bytes would not find."""
    text = f"<!DOCTYPE worksheet>{parts()[S71].decode()}"
    return filled({S71: text.encode("utf-16")})


def many_sheets(count: int, one_part: bool = False) -> bytes:
    """Sheets of the bank's own beside those of the form."""
    numbers = range(100, 100 + count)
    listed = "".join(f'<sheet name="N{n}" sheetId="{n}" r:id="n{n}"/>' for n in numbers)
    added = links(*((f"n{n}", "worksheet", f"n{100 if one_part else n}.xml") for n in numbers))
    added = added[added.index(b"<Relationship ") :]
    return filled(
        {
            **{f"xl/n{n}.xml": worksheet("") for n in (numbers if not one_part else (100,))},
            BOOK: replaced(parts()[BOOK], ("</sheets>", f"{listed}</sheets>")),
            BOOK_LINKS: replaced(parts()[BOOK_LINKS], ("</Relationships>", added.decode())),
        }
    )


def in_strings(old: str, new: str) -> bytes:
    """The workbook as Excel saves it, with a text in its table of strings replaced."""
    content = with_shared_strings()
    return pack({**content, STRINGS: replaced(content[STRINGS], (old, new))})


def pointing(index: str) -> bytes:
    """The workbook as Excel saves it, the first cell of S71_I pointing to a string so numbered."""
    content = with_shared_strings()
    old = re.search(rb'<c r="A1"[^>]*><v>[0-9]+</v>', content[S71])
    assert old is not None
    new = re.sub(rb"<v>[0-9]+", b"<v>" + index.encode(), old[0])
    return pack({**content, S71: content[S71].replace(old[0], new)})


def long_text_everywhere() -> bytes:
    """One long text that each of 30,000 cells shows."""
    content = with_shared_strings()
    place = content[STRINGS].count(b"<si>")
    text = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(32_000))
    content[STRINGS] = replaced(content[STRINGS], ("</sst>", f"<si><t>{text}</t></si></sst>"))
    rows = scattered(30_000, f"<v>{place}</v>", "s")
    part = sheets()["XW9其他监测"]
    content[part] = replaced(content[part], ("</sheetData>", f"{rows}</sheetData>"))
    return pack(content)


def with_links(*pairs: tuple[str, str]) -> bytes:
    """The filled workbook with its list of links changed."""
    return edited(BOOK_LINKS, *pairs)


def relinked(target: str) -> bytes:
    """The filled workbook with one more sheet that links to ``target``."""
    link = own_link("worksheet", target)
    return filled(
        {
            BOOK: replaced(parts()[BOOK], ("</sheets>", own_entry())),
            BOOK_LINKS: replaced(parts()[BOOK_LINKS], ("</Relationships>", link)),
        }
    )


def echoed(root: str = "worksheet") -> str:
    """The end of a part, behind elements for each of which expat spells out half a megabyte."""
    return f'<x xmlns="urn:{noise(500_000)}">{"<b/>" * 100_000}</x></{root}>'


def styled_rows(count: int) -> str:
    """Empty rows that only carry a format, as deleting contents row by row leaves them."""
    return "".join(
        f'<row r="{n}" spans="1:20" s="{n * 7919 % 991}" customFormat="1" ht="14.25"/>'
        for n in range(50, 50 + count)
    )


def many_attributes(elements: int, each: int) -> str:
    """Elements of attributes that all have different names."""
    return "".join(
        "<x " + " ".join(f'a{n * 7919 % 99_991}_{e}="{n % 10}"' for n in range(each)) + "/>"
        for e in range(elements)
    )


CONTENTS: dict[str, dict[str, Maker]] = {
    "doctype": {
        "laughs_in_sheet": lambda: laughing(S71),
        "laughs_in_book": lambda: laughing(BOOK),
        "laughs_in_links": lambda: laughing("_rels/.rels"),
        "outside_entity": outside_entity,
        "utf16": hidden_doctype,
    },
    "damaged": {
        "cut_short": lambda: reworked("S71_I", lambda xml: xml[:-20]),
        "two_roots": lambda: reworked("S71_I", lambda xml: xml + "<a/>"),
        "wrong_root": lambda: reworked("S71_I", lambda xml: xml.replace("worksheet", "chart")),
        "unknown_entity": lambda: with_value("S71_I", "C10", "&nbsp;"),
        "gb2312": lambda: filled(
            {S71: b'<?xml version="1.0" encoding="gb2312"?>' + parts()[S71].decode().encode("gbk")}
        ),
        "lone_surrogate": lambda: with_value("S71_I", "C10", "&#xD800;", "str"),
        "lone_surrogate_utf16": lambda: filled(
            {S71: parts()[S71].decode().encode("utf-16") + b"\x00\xd8"}
        ),
        "control": lambda: with_value("S71_I", "C10", "\x01", "str"),
        "string_index_beyond": lambda: pointing("999999"),
        "string_index_negative": lambda: pointing("-1"),
        "string_index_odd": lambda: pointing("1e3"),
        "strings_broken": lambda: in_strings("</sst>", ""),
        "styles_broken": lambda: edited(STYLES, ("</styleSheet>", "")),
        "link_twice": lambda: with_links(('Id="rId4"', 'Id="rId5"')),
        "links_broken": lambda: with_links(("</Relationships>", "")),
        "reference_odd": lambda: with_cell("S71_I", "C10", '<c r="10C"><v>1</v></c>'),
        "reference_endless": lambda: with_cell(
            "S71_I", "C10", f'<c r="C{"1" * 5_000}"><v>1</v></c>'
        ),
        "row_zero": lambda: with_rows("S71_I", '<row r="0"><c><v>1</v></c></row>'),
        "row_negative": lambda: with_rows("S71_I", '<row r="-5"><c><v>1</v></c></row>'),
        "sheet_name_twice": lambda: edited(BOOK, ('name="G11"', 'name="g01"')),
        "one_part_twice": lambda: with_links(("sheet4.xml", "sheet3.xml")),
    },
    "missing_part": {
        "sheet": lambda: filled({S71: None}),
        "book": lambda: filled({BOOK: None}),
        "links": lambda: filled({"_rels/.rels": None}),
        "book_links": lambda: filled({BOOK_LINKS: None}),
        "styles": lambda: filled({STYLES: None}),
        "outside": lambda: relinked("../../../etc/passwd"),
        "absolute": lambda: relinked("/etc/passwd"),
        "file": lambda: relinked("file:///etc/passwd"),
        "external": lambda: with_links(
            ('Id="rId5"', 'Id="rId5" TargetMode="External"'),
        ),
        "no_id": lambda: edited(BOOK, ("</sheets>", own_entry().replace(' r:id="own"', ""))),
    },
    "not_a_workbook": {
        "no_sheets": lambda: edited(BOOK, ("<sheets>", "<!--"), ("</sheets>", "-->"))
    },
    "part_too_large": {
        "empty_styled_rows": lambda: own(styled_rows(660_000)),
        "all_together": lambda: filled(
            {
                part: parts()[part] + f"<!--{noise(450_000)}-->".encode() * 6
                for part in sheets().values()
            }
        ),
    },
    "too_many_sheets": {
        "65": lambda: many_sheets(49),
        "5000_on_one_part": lambda: many_sheets(5_000, one_part=True),
    },
    "too_many_cells": {
        "empty": lambda: own(scattered(200_001, "")),
        "filled": lambda: own(scattered(200_001)),
        "in_form": lambda: with_rows("S71_I", scattered(200_001, "")),
        "rows": lambda: own(styled_rows(170_000)),
        "marks": lambda: own("", after=scattered(260_000, "<b/><b/><b/>")),
        "styles": lambda: edited(
            STYLES,
            ("<cellXfs ", f"<cellStyleXfs>{many_attributes(35, 24_000)}</cellStyleXfs><cellXfs "),
        ),
    },
    "too_many_members": {
        "links": lambda: with_links(
            (
                "</Relationships>",
                "".join(f'<Relationship Id="x{n}" Type="a" Target="b{n}"/>' for n in range(600))
                + "</Relationships>",
            )
        ),
    },
    "too_many_rows": {
        "far": lambda: with_rows("S71_I", '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "far_corner": lambda: own('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "next": lambda: own('<row r="20001"><c r="A20001"><v>1</v></c></row>'),
        "beyond_the_format": lambda: own('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'),
    },
    "too_many_columns": {
        "far": lambda: with_rows("S71_I", '<row r="40"><c r="XFD40"><v>1</v></c></row>'),
        "next": lambda: own('<row r="1"><c r="SS1"><v>1</v></c></row>'),
        "beyond_the_format": lambda: own('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
        "unnamed": lambda: own(f"<row>{'<c><v>1</v></c>' * 513}</row>"),
    },
    "string_too_long": {
        "shared": lambda: in_strings("<t ", f'<t a="" >{noise(32_768)}</t><t '),
        "inline": lambda: own(f'<row><c t="inlineStr"><is><t>{noise(32_768)}</t></is></c></row>'),
        "5M": lambda: own(f'<row><c t="str"><v>{noise(5_000_000)}</v></c></row>'),
        "number": lambda: with_value("S71_I", "C10", "1" * 40_000),
        "formula": lambda: own(f"<row><c><f>{noise(40_000)}</f><v>1</v></c></row>"),
        "attribute": lambda: with_rows("S71_I", f'<row a="{noise(5_000_000)}"/>'),
        "comment": lambda: with_rows("S71_I", f"<!--{noise(5_000_000)}-->"),
        "comment_with_marks": lambda: with_rows(
            "S71_I", f"<!--{noise(5_000_000).replace('1', '<')}-->"
        ),
        "instruction": lambda: with_rows("S71_I", f"<?a {noise(5_000_000)}?>"),
        "namespaces": lambda: with_rows(
            "S71_I", "<a " + " ".join(f'xmlns:n{n * 7919}="u{n}"' for n in range(60_000)) + "/>"
        ),
        "shown_everywhere": long_text_everywhere,
        "namespace": lambda: reworked("S71_I", lambda xml: xml.replace("</worksheet>", echoed())),
        "namespace_in_book": lambda: edited(BOOK, ("</workbook>", echoed("workbook"))),
        "namespace_in_links": lambda: with_links(("</Relationships>", echoed("Relationships"))),
        "namespace_in_styles": lambda: edited(STYLES, ("</styleSheet>", echoed("styleSheet"))),
        "namespace_in_strings": lambda: in_strings("</sst>", echoed("sst")),
        "namespace_of_attributes": lambda: own(
            "",
            after=f"<x xmlns:p\n=\n'urn:{noise(500_000)}'>" + '<b p:a="1"/>' * 39_000 + "</x>",
        ),
        "namespace_utf16": lambda: filled(
            {S71: parts()[S71].decode().replace("</worksheet>", echoed()).encode("utf-16")}
        ),
    },
}
