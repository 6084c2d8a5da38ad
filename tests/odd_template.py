"""Odd copies of the filled template that are sound: each must be judged as the template is."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

from filled_template import (
    BOOK,
    FILLED,
    STRINGS,
    STYLES,
    TYPES,
    edited,
    filled,
    own_entry,
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
from hostile_archive import S71, Maker
from plain_workbook import HEAD, LINKS, MAIN, STRICT_LINKS, STRICT_MAIN, pack, worksheet

COVER = "封面"
EXTENSION = '<extLst><ext><c xmlns="urn:y" r="C10"><v>1</v></c></ext></extLst>'


def everywhere(work: Callable[[str], str]) -> bytes:
    """The filled workbook with every sheet put through a function."""
    return filled({part: work(parts()[part].decode()).encode() for part in sheets().values()})


def strict() -> bytes:
    """Strict Office Open XML, as Excel offers it."""
    return pack(
        {
            name: data.replace(MAIN.encode(), STRICT_MAIN.encode()).replace(
                LINKS.encode(), STRICT_LINKS.encode()
            )
            for name, data in parts().items()
        }
    )


def prefixed(xml: str) -> str:
    """Every element with a prefix, as some libraries write it."""
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml.replace(f' xmlns="{MAIN}"', ""))
    return xml.replace("<x:worksheet", f'<x:worksheet xmlns:x="{MAIN}"', 1)


def backwards(xml: str) -> str:
    """The rows in reverse order."""
    head, data, tail = re.split(r"(?<=<sheetData>)(.*)(?=</sheetData>)", xml, flags=re.DOTALL)
    rows = re.findall(r"<row .*?</row>", data, re.DOTALL)
    return head + "".join(reversed(rows)) + tail


def cells_backwards(xml: str) -> str:
    """The cells of each row in reverse order."""

    def turned(found: re.Match[str]) -> str:
        cells = re.findall(r"<c (?:[^>]*/>|.*?</c>)", found[2], re.DOTALL)
        return found[1] + "".join(reversed(cells)) + "</row>"

    return re.sub(r"(<row [^>]*>)(.*?)</row>", turned, xml, flags=re.DOTALL)


def commented(xml: str) -> str:
    """Comments and instructions wherever XML allows them."""
    return xml.replace("<v>", "<!-- <v>9</v> --><v><!--1-->").replace("<row ", "<?x <row?><row ")


def in_cdata(xml: str) -> str:
    """Texts and numbers as CDATA."""
    xml = re.sub(r"<t>([^<]*)</t>", r"<t><![CDATA[\1]]></t>", xml)
    return re.sub(r"<v>([^<]*)</v>", r"<v><![CDATA[\1]]></v>", xml)


def resized(xml: str, dimension: str) -> str:
    """A sheet that lies about its extent."""
    return re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"', xml)


def unnumbered(xml: str) -> str:
    """Rows and cells that do not name their place, where each is the next one."""
    return re.sub(r'(<(?:row|c)) r="[A-Z]*[0-9]+"', r"\1", xml)


def streamed() -> bytes:
    """As written to a pipe: sizes stand behind the data."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts().items():
            archive.writestr(name, data)
    return pipe.getvalue()


def wide() -> bytes:
    """A directory that keeps sizes and offsets in zip64 fields, end record included."""
    data = filled()
    at = data.rfind(b"PK\5\6")
    count, _, offset = struct.unpack_from("<H2L", data, at + 10)
    directory, place = b"", offset
    for _ in range(count):
        fields = list(struct.unpack_from("<4s6H3L5H2L", data, place))
        name = data[place + 46 : place + 46 + fields[10]]
        extra = struct.pack("<2H3Q", 1, 24, fields[9], fields[8], fields[16])
        place += 46 + fields[10] + fields[11] + fields[12]
        fields[8] = fields[9] = fields[16] = 0xFFFFFFFF
        fields[11], fields[12] = len(extra), 0
        directory += struct.pack("<4s6H3L5H2L", *fields) + name + extra
    end = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), offset
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, offset + len(directory), 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:offset] + directory + end + locator + last


def renamed(rename: Callable[[str], str]) -> bytes:
    """The parts under other spellings of their names."""
    return pack({rename(name): data for name, data in parts().items()})


def since_1904() -> bytes:
    """Dates counted from 1904, as Excel for the Mac did."""
    formats = re.findall(r"<xf [^>]*>", parts()[STYLES].decode().partition("<cellXfs")[2])
    dates = {str(n) for n, xf in enumerate(formats) if 'numFmtId="164"' in xf}

    def earlier(found: re.Match[str]) -> str:
        if found[2] not in dates:
            return found[0]
        return f"{found[1]}{int(found[3]) - 1462}</v>"

    changed = {
        part: re.sub(r'(<c r="[A-Z0-9]+" s="(\d+)" t="n"><v>)(\d+)</v>', earlier, data.decode())
        for part, data in parts().items()
        if part in sheets().values()
    }
    book = replaced(parts()[BOOK], ("<workbookPr", '<workbookPr date1904="1"'))
    return filled({BOOK: book, **{part: xml.encode() for part, xml in changed.items()}})


def many_styles() -> bytes:
    """As many cell formats as Excel allows, with parents that lead in a circle."""
    more = "".join(f'<xf numFmtId="{n % 40}" xfId="{n * 7919 % 991}"/>' for n in range(64_000))
    return edited(
        STYLES,
        ("</cellXfs>", f"{more}</cellXfs>"),
        ("</cellStyleXfs>", '<xf xfId="1"/></cellStyleXfs>'),
    )


def linked_in_circles() -> bytes:
    """Sheets whose lists of links lead to one another."""
    link = f'<Relationships xmlns="{LINKS}"><Relationship Id="a" Type="t" Target="'
    return filled(
        {
            "xl/worksheets/_rels/sheet1.xml.rels": f'{link}sheet2.xml"/></Relationships>'.encode(),
            "xl/worksheets/_rels/sheet2.xml.rels": f'{link}sheet1.xml"/></Relationships>'.encode(),
        }
    )


def rich_text() -> bytes:
    """A label in two runs with a phonetic guide, in the table of strings."""
    content = with_shared_strings()
    text = '<r><rPr><b/></rPr><t>填报</t></r><r><t>内容</t></r><rPh sb="0" eb="2"><t>x</t></rPh>'
    content[STRINGS] = replaced(content[STRINGS], ('<t xml:space="preserve">填报内容</t>', text))
    return pack(content)


SAME: dict[str, Maker] = {
    "saved": FILLED.read_bytes,
    "stored": lambda: pack(parts(), zipfile.ZIP_STORED),
    "shared_strings": lambda: pack(with_shared_strings()),
    "rich_text": rich_text,
    "streamed": streamed,
    "zip64": wide,
    "zip_comment": lambda: FILLED.read_bytes()[:-2] + b"\5\0hello",
    "line_end_behind": lambda: FILLED.read_bytes() + b"\r\n",
    "folders": lambda: pack({"xl/": b"", "xl/worksheets/": b"", **parts()}),
    "types_last": lambda: pack({TYPES: b"", **dict(reversed(parts().items()))}),
    "types_empty": lambda: filled({TYPES: f'{HEAD}<Types xmlns="urn:x"/>'.encode()}),
    "upper_case_parts": lambda: renamed(lambda name: name.replace("worksheets", "WorkSheets")),
    "backslash_parts": lambda: renamed(lambda name: name.replace("/", "\\")),
    "strict": strict,
    "prefixed": lambda: everywhere(prefixed),
    "indented": lambda: everywhere(lambda xml: re.sub(r"><(row|c|v|is|f)", r">\n  <\1", xml)),
    "rows_backwards": lambda: everywhere(backwards),
    "cells_backwards": lambda: everywhere(cells_backwards),
    "unnumbered": lambda: reworked(COVER, unnumbered),
    "lower_case": lambda: everywhere(
        lambda xml: re.sub(r'(<c r=")([A-Z]+)', lambda m: m[1] + m[2].lower(), xml)
    ),
    "commented": lambda: everywhere(commented),
    "cdata": lambda: everywhere(in_cdata),
    "xml_1_1": lambda: reworked("S71_I", lambda xml: f'<?xml version="1.1"?>{xml}'),
    "gb2312_declared": lambda: reworked(
        "S71_I", lambda xml: f'<?xml version="1.0" encoding="gb2312"?>{xml}'
    ),
    "utf8_marked": lambda: filled({S71: b"\xef\xbb\xbf" + parts()[S71]}),
    "utf16": lambda: filled({S71: parts()[S71].decode().encode("utf-16")}),
    "utf16_unmarked": lambda: filled({S71: parts()[S71].decode().encode("utf-16-be")}),
    "dimension_small": lambda: reworked("S71_I", lambda xml: resized(xml, "A1")),
    "dimension_large": lambda: reworked("S71_I", lambda xml: resized(xml, "A1:XFD1048576")),
    "empty_far_away": lambda: with_rows(
        "S71_I", '<row r="1048576"><c r="XFD1048576" s="3"/></row>'
    ),
    "style_dangling": lambda: with_cell("S71_I", "C10", '<c r="C10" s="99999"><v>13927.53</v></c>'),
    "style_negative": lambda: with_cell("S71_I", "C10", '<c r="C10" s="-1"><v>13927.53</v></c>'),
    "many_styles": many_styles,
    "links_in_circles": linked_in_circles,
    "since_1904": since_1904,
    "exponent": lambda: with_value("S71_I", "C10", "1.392753E4"),
    "residue": lambda: with_value("S71_I", "C10", "13927.530000000001"),
    "spaces": lambda: with_value("S71_I", "C10", " 13927.53\n"),
    "chart_sheet": lambda: with_sheet(b"<chartsheet/>", kind="chartsheet"),
    "dialog_sheet": lambda: with_sheet(b"<dialogsheet/>", kind="dialogsheet"),
    "module_sheet": lambda: edited(
        BOOK, ("</sheets>", own_entry().replace('r:id="own"', 'r:id=""'))
    ),
    "formula_as_name": lambda: with_sheet(worksheet(""), name="=cmd|&lt;script&gt;"),
    "namespace_of_some_length": lambda: reworked(
        "S71_I",
        lambda xml: xml.replace(
            "</worksheet>", f'<x xmlns:odd = "urn:{"a" * 240}"><odd:b/></x></worksheet>'
        ),
    ),
    "extensions": lambda: reworked(
        "S71_I", lambda xml: xml.replace("</worksheet>", f"{EXTENSION}</worksheet>")
    ),
}
