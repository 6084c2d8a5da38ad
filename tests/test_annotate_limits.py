"""Marking where there is no room, where parts are damaged, and where everything is wrong."""

from __future__ import annotations

import random
import re
import time
import zipfile
from pathlib import Path

import pytest
from marked import (
    BLOCKED,
    OURS,
    SOUND,
    WORDS,
    changed,
    document,
    evaluated,
    finding,
    marked,
    opened,
    parts_of,
    saved,
)
from openpyxl import load_workbook
from openpyxl.comments import Comment
from plain_workbook import pack
from rich_workbook import BANK, repacked, rich, sheet_part

from supervise.errors import UsageError
from supervise.ooxml import limits, marks
from supervise.pipeline.case import check_file
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.annotate import annotate

FORM = "S71_I"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("rich"), rich(BLOCKED), BLOCKED)


def refused(path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        marked(path)
    assert all(caught.value.parts().values())
    assert caught.value.code == "cannot_annotate"
    return caught.value


def test_a_workbook_with_as_many_sheets_as_are_read_gets_no_further_one(tmp_path: Path) -> None:
    book = load_workbook(SOUND)
    while len(book.sheetnames) < limits.SHEETS:
        book.create_sheet()
    path = tmp_path / SOUND.name
    book.save(path)
    assert "64 张工作表" in refused(path).what


def test_a_workbook_with_as_many_parts_as_are_read_gets_no_further_one(tmp_path: Path) -> None:
    spare = limits.MEMBERS - len(parts_of(SOUND.read_bytes()))
    filler = {f"docProps/n{number}.bin": b"" for number in range(spare)}
    path = saved(tmp_path, repacked(SOUND.read_bytes(), filler), SOUND)
    assert evaluated(path).status == "passed"
    assert "内部文件过多" in refused(path).what


def test_a_workbook_with_as_many_cells_as_are_read_gets_no_further_one(tmp_path: Path) -> None:
    part = sheet_part(SOUND.read_bytes(), "填报说明")
    total = sum(c.count(b"<c ") for n, c in parts_of(SOUND.read_bytes()).items() if "/sheet" in n)
    spare = limits.CELLS - total
    rows = "".join(
        f'<row r="{900 + n}">{"<c/>" * min(400, spare - 400 * n)}</row>'
        for n in range(-(-spare // 400))
    )
    data = changed(SOUND, part, lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))
    path = saved(tmp_path, data, SOUND)
    told = replace(evaluated(path), findings=(finding("G01!Z99"),))
    assert evaluated(path).status == "passed"
    with pytest.raises(UsageError) as caught:
        annotate(data, told, WORDS)
    assert "单元格过多" in caught.value.what
    assert annotate(data, replace(told, findings=(finding("G01!C6"),)), WORDS)


TYPES = "[Content_Types].xml"
DEAR = {
    "names": (
        "xl/workbook.xml",
        "</workbook>",
        "<definedNames>" + '<definedName name="n">A</definedName>' * 201_000 + "</definedNames>",
    ),
    "styles": ("xl/styles.xml", "</cellXfs>", '<xf numFmtId="0"/>' * 201_000),
    "types": (TYPES, "</Types>", '<Override PartName="/a"/>' * 201_000),
    "piece": (TYPES, "</Types>", f'<Override PartName="/{"a" * 2_000_000}"/>'),
    "namespace": (TYPES, "</Types>", f'<x xmlns="urn:{"a" * 500_000}">{"<b/>" * 100_000}</x>'),
}


@pytest.mark.parametrize("name", DEAR)
def test_a_part_that_takes_long_to_take_apart_is_not_marked(name: str, tmp_path: Path) -> None:
    part, end, more = DEAR[name]
    data = parts_of(SOUND.read_bytes())
    data[part] = data[part].replace(end.encode(), more.encode() + end.encode())
    path = tmp_path / SOUND.name
    path.write_bytes(pack(data, zipfile.ZIP_STORED))
    assert evaluated(path).status == "passed"
    started = time.process_time()
    assert refused(path).where.endswith(part)
    assert time.process_time() - started < 5


def test_damaged_comments_are_said_and_not_written_over(tmp_path: Path) -> None:
    book = load_workbook(BLOCKED)
    book[FORM]["B9"].comment = Comment("见底稿", BANK)
    path = tmp_path / BLOCKED.name
    book.save(path)
    part = next(n for n in parts_of(path.read_bytes()) if "comments/" in n)
    path.write_bytes(repacked(path.read_bytes(), {part: b"<comments><broken"}))
    error = refused(path)
    assert "XML" in error.what
    assert part in error.where


def test_a_list_of_comments_that_is_none_is_not_added_to(tmp_path: Path, full: Path) -> None:
    part = next(n for n in parts_of(full.read_bytes()) if n.startswith("xl/comments/"))
    path = saved(tmp_path, repacked(full.read_bytes(), {part: b"<a/>"}), full)
    assert "最外层元素为 a" in refused(path).what


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The file with one element, attribute or part spoiled."""
    parts = parts_of(data)
    name = dice.choice([n for n in parts if n.endswith((".xml", ".rels", ".vml"))])
    text = parts[name]
    pattern = dice.choice(
        [rb"<[^>]*>", rb"<\w[^>]*/>", rb"\s[\w:]+=\"[^\"]*\"", rb"(?<==\")[^\"]*"]
    )
    found = [match.span() for match in re.finditer(pattern, text)] or [(0, len(text))]
    start, end = dice.choice(found)
    new = dice.choice([b"", b"", text[start:end] * 2, b"0", b"99999999", b"A1:B2"])
    return repacked(data, {name: text[:start] + new + text[end:]})


@pytest.mark.parametrize(
    ("first", "count"), [(0, 12), pytest.param(1000, 2000, marks=pytest.mark.soak)]
)
def test_a_damaged_workbook_is_marked_soundly_or_not_at_all(
    full: Path, tmp_path: Path, first: int, count: int
) -> None:
    (tmp_path / "marked").mkdir()
    told = 0
    for seed in range(first, first + count):
        path = saved(tmp_path, damaged(full.read_bytes(), random.Random(seed)), full)
        evaluation = check_file(path, Settings()).evaluation
        if evaluation is None:
            continue
        try:
            data = annotate(path.read_bytes(), evaluation, WORDS)
        except UsageError:
            continue
        copy = saved(tmp_path / "marked", data, full)
        assert document(copy) == document(path), seed
        marked(copy)
        told += 1
    assert told > count // 3


def test_a_workbook_in_which_every_cell_is_wrong_is_marked_whole(tmp_path: Path) -> None:
    def spoiled(content: bytes) -> bytes:
        text = re.sub(r't="n"><v>[^<]*</v>', 't="inlineStr"><is><t>约数</t></is>', content.decode())
        return text.encode()

    parts = parts_of(SOUND.read_bytes())
    cover = sheet_part(SOUND.read_bytes(), "封面")
    spoil = {n: spoiled(c) for n, c in parts.items() if "/sheet" in n and n != cover}
    path = saved(tmp_path, repacked(SOUND.read_bytes(), spoil), SOUND)
    findings = evaluated(path).findings
    assert len(findings) > 400
    copy = saved(tmp_path, marked(path), path)
    book = opened(copy.read_bytes())
    assert book[OURS].max_row == 6 + len(findings)
    for told in findings:
        for named in told.cells:
            sheet, _, address = named.rpartition("!")
            assert book[sheet][address].fill.fgColor.rgb[2:] in marks.COLOURS.values()
    assert document(copy) == document(path)
    assert marked(copy) == copy.read_bytes()
