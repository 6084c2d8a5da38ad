"""Random damage to a filled workbook: its values, types, XML, links and archive.

Every mutation follows from its seed alone. The parts are either as openpyxl writes them or as Excel
and WPS do, with a table of strings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from filled_template import (
    BOOK,
    BOOK_LINKS,
    STRINGS,
    STYLES,
    Parts,
    parts,
    sheets,
    with_shared_strings,
)
from plain_workbook import pack

Mutator = Callable[[Parts, random.Random], None]

TEXTS = (
    *(
        "",
        " ",
        "约两万",
        "1,234.50",
        "１２．３％",
        "-",
        "—",
        "#REF!",
        "1e309",
        "1E-9",
        "0x10",
        "NaN",
    ),
    *(
        "9" * 40,
        "-0",
        "0.0000001",
        "12.3%",
        "1.2亿元",
        "2026-02-30",
        "46295",
        "-7",
        "TRUE",
        "不适用",
    ),
    *("=cmd|' /C calc'!A0", "&lt;script&gt;", "{cell}{0}", "%s", "&#x202e;", "_xD800_", "_x0000_"),
    *("是", "否", "农村商业银行", "2026Q3", "2025Q4", "长" * 300, "&#128512;", "\n\n", "A1", "'"),
)
TYPES = ("n", "s", "str", "b", "e", "d", "inlineStr", "", "zzz")
FORMULAS = ("A1+1", "[1]Sheet1!B2", "_xlfn.DISPIMG(1)", "SUM(A:A)", "", "#REF!", "1/0")
CHARACTERS = (b"<", b">", b"&", b'"', b"\0", b"\xff", b"]]>", b"<!---->", b"&#0;", b" ", b"<a/>")
CELL = re.compile(r"<c (?:[^>]*/>|[^>]*>.*?</c>)", re.DOTALL)
ROW = re.compile(r"<row (?:[^>]*/>|[^>]*>.*?</row>)", re.DOTALL)
VALUE = re.compile(r"<(v|t)>([^<]*)</\1>")
TAG = re.compile(r"<[^>]+>")
ATTRIBUTE = re.compile(r' [\w:]+="[^"]*"')


@cache
def bases() -> tuple[Parts, Parts]:
    """The two forms of the parts."""
    return parts(), with_shared_strings()


def mutated(seed: int) -> bytes:
    """The workbook of that seed: one to three mutations, at times of the archive too."""
    dice = random.Random(seed)
    content = dict(dice.choice(bases()))
    for mutator in dice.choices(MUTATORS, k=dice.randrange(1, 4)):
        mutator(content, dice)
    data = pack(content)
    return _spoiled(data, dice) if dice.random() < 0.1 else data


def _in_sheet(content: Parts, dice: random.Random, work: Callable[[str], str]) -> None:
    part = dice.choice([part for part in sheets().values() if part in content] or [BOOK])
    if part in content:
        content[part] = work(content[part].decode("utf-8", "replace")).encode()


def _values(content: Parts, dice: random.Random) -> None:
    def changed(found: re.Match[str]) -> str:
        text = dice.choice(TEXTS) if dice.random() < 0.05 else found[2]
        return f"<{found[1]}>{text}</{found[1]}>"

    _in_sheet(content, dice, lambda xml: VALUE.sub(changed, xml))


def _numbers(content: Parts, dice: random.Random) -> None:
    """Figures a hundred or ten thousand times too large, of the other sign, or off by one."""

    def changed(found: re.Match[str]) -> str:
        number = float(found[1])
        wrong = dice.choice((number * 10_000, number / 100, -number, number + 1, 0.0))
        return f"<v>{wrong!r}</v>" if dice.random() < 0.1 else found[0]

    pattern = re.compile(r"<v>(-?[0-9]{1,15}(?:\.[0-9]+)?)</v>")
    _in_sheet(content, dice, lambda xml: pattern.sub(changed, xml))


def _types(content: Parts, dice: random.Random) -> None:
    def changed(found: re.Match[str]) -> str:
        return f' t="{dice.choice(TYPES)}"' if dice.random() < 0.05 else found[0]

    _in_sheet(content, dice, lambda xml: re.sub(r' t="\w+"', changed, xml))


def _looks(content: Parts, dice: random.Random) -> None:
    looks = (0, 13, 24, 28, 99, 99_999, -1)

    def changed(found: re.Match[str]) -> str:
        return f' s="{dice.choice(looks)}"' if dice.random() < 0.1 else found[0]

    _in_sheet(content, dice, lambda xml: re.sub(r' s="\d+"', changed, xml))


def _formulas(content: Parts, dice: random.Random) -> None:
    def changed(found: re.Match[str]) -> str:
        if dice.random() > 0.05:
            return found[0]
        return dice.choice((f"<f>{dice.choice(FORMULAS)}</f>", "")) + dice.choice((found[0], ""))

    _in_sheet(content, dice, lambda xml: re.sub(r"<v>[^<]*</v>", changed, xml))


def _shuffled(pattern: re.Pattern[str]) -> Mutator:
    """A mutator that removes, doubles or swaps two of what the pattern finds in a sheet."""

    def mutator(content: Parts, dice: random.Random) -> None:
        def work(xml: str) -> str:
            found = [match.span() for match in pattern.finditer(xml)]
            if len(found) < 2:
                return xml
            (a, b), (c, d) = sorted(dice.sample(found, 2))
            first, second = xml[a:b], xml[c:d]
            new = dice.choice((("", second), (first * 2, second), (second, first), (first, first)))
            return xml[:a] + new[0] + xml[b:c] + new[1] + xml[d:]

        _in_sheet(content, dice, work)

    return mutator


def _merged(content: Parts, dice: random.Random) -> None:
    area = dice.choice(("A1:XFD1048576", "C6:D9", "B2", "Z9:A1", "", "#REF!"))
    merge = f'<mergeCells><mergeCell ref="{area}"/></mergeCells></worksheet>'
    _in_sheet(content, dice, lambda xml: xml.replace("</worksheet>", merge))


def _moved(content: Parts, dice: random.Random) -> None:
    """Everything from a row on pushed down or up, as an inserted or deleted row does."""
    start, step = dice.randrange(2, 30), dice.choice((-1, 1, 2, 20_000))

    def moved(found: re.Match[str]) -> str:
        row = int(found[2])
        return f'{found[1]}{row + step if row >= start else row}"'

    _in_sheet(content, dice, lambda xml: re.sub(r'(<(?:c|row) r="[A-Z]*)(\d+)"', moved, xml))


def _attributes(content: Parts, dice: random.Random) -> None:
    def changed(found: re.Match[str]) -> str:
        return dice.choice(("", found[0] * 2, ' r="?"')) if dice.random() < 0.01 else found[0]

    _in_sheet(content, dice, lambda xml: ATTRIBUTE.sub(changed, xml))


def _strings(content: Parts, dice: random.Random) -> None:
    if STRINGS not in content:
        return
    items = re.findall(r"<si>.*?</si>", content[STRINGS].decode(), re.DOTALL)
    if dice.random() < 0.5:
        dice.shuffle(items)
    else:
        del items[dice.randrange(99) :]
    head, _, _ = content[STRINGS].decode().partition("<si>")
    content[STRINGS] = f"{head}{''.join(items)}</sst>".encode()


def _sheet_list(content: Parts, dice: random.Random) -> None:
    if BOOK not in content:
        return
    book = content[BOOK].decode()
    entries = re.findall(r"<sheet [^>]*>", book)
    if not entries:
        return
    one, other = dice.choice(entries), dice.choice(entries)
    name = dice.choice(("G01", "Sheet1", "", "=cmd|&lt;a&gt;", "Ｓ71_I", "长" * 99, "s71_i"))
    state = dice.choice(("hidden", "veryHidden", "visible", "?"))
    new = dice.choice(
        (
            "",
            other,
            one + one,
            re.sub(r'name="[^"]*"', f'name="{name}"', one),
            re.sub(r'state="[^"]*"', f'state="{state}"', one),
            re.sub(r'r:id="[^"]*"', f'r:id="rId{dice.randrange(30)}"', one),
        )
    )
    book = book.replace(one, new, 1)
    if dice.random() < 0.2:
        book = book.replace("<workbookPr", '<workbookPr date1904="1"')
    content[BOOK] = book.encode()


def _links(content: Parts, dice: random.Random) -> None:
    part = dice.choice([part for part in (BOOK_LINKS, "_rels/.rels") if part in content] or [""])
    if not part:
        return
    links = content[part].decode()
    old = dice.choice(re.findall(r'(?:Target|Type|Id)="[^"]*"', links) or [links])
    name = old.partition("=")[0]
    target = dice.choice(
        ("", "../../etc/passwd", "/xl/worksheets/sheet3.xml", "urn:x/chartsheet", "rId1")
    )
    new = dice.choice((f'{name}="{target}"', f'{old} TargetMode="External"', ""))
    content[part] = links.replace(old, new, 1).encode()


def _styles(content: Parts, dice: random.Random) -> None:
    if STYLES not in content:
        return

    def changed(found: re.Match[str]) -> str:
        return (
            f'numFmtId="{dice.choice((0, 9, 14, 31, 58, 49, 999))}"'
            if dice.random() < 0.2
            else found[0]
        )

    content[STYLES] = re.sub(r'numFmtId="\d+"', changed, content[STYLES].decode()).encode()


def _parts_lost(content: Parts, dice: random.Random) -> None:
    name, other = dice.choice(list(content)), dice.choice(list(content))
    if dice.random() < 0.5:
        del content[name]
    else:
        content[name] = content[other]


def _characters(content: Parts, dice: random.Random) -> None:
    """Characters put into a part, anywhere."""
    name = dice.choice(list(content))
    at = dice.randrange(len(content[name]) + 1)
    new = dice.choice(
        (b"<", b">", b"&", b'"', b"\0", b"\xff", b"]]>", b"<!-- -->", b"&#0;", b" ", b"<a/>")
    )
    content[name] = content[name][:at] + new + content[name][at:]


def _spoiled(data: bytes, dice: random.Random) -> bytes:
    """A few bytes overwritten, cut out, put in or cut off."""
    spoiled = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(spoiled) or 1)
        match dice.randrange(4):
            case 0:
                spoiled[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del spoiled[at : at + dice.randrange(1, 200)]
            case 2:
                spoiled[at:at] = dice.randbytes(dice.randrange(1, 50))
            case _:
                del spoiled[at if dice.random() < 0.2 else len(spoiled) :]
    return bytes(spoiled)


MILD: tuple[Mutator, ...] = (_values, _numbers, _types, _looks, _formulas, _shuffled(CELL))
MUTATORS: tuple[Mutator, ...] = (
    *MILD * 3,
    _shuffled(ROW),
    _shuffled(TAG),
    _merged,
    _moved,
    _attributes,
    _strings,
    _sheet_list,
    _links,
    _styles,
    _parts_lost,
    _characters,
)
