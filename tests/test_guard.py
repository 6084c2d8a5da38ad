"""Every hostile or broken file is refused with its own reason, cheaply, in words that help."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from threading import Thread

import pytest
from hostile import REFUSED, Maker
from plain_workbook import SHEET, parts, plain, with_parts

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.guard import base_name, load_package, open_package, read_limited
from supervise.ooxml.package import resolve
from supervise.ooxml.refusals import REASONS, shown
from supervise.read.workbook import read_workbook

CASES = [
    pytest.param(code, maker, id=f"{code}-{name}")
    for code, makers in REFUSED.items()
    for name, maker in makers.items()
]


@pytest.mark.parametrize(("code", "maker"), CASES)
def test_a_hostile_file_is_refused_with_its_reason(code: str, maker: Maker) -> None:
    data = maker()
    started = time.process_time()
    with pytest.raises(WorkbookUnreadable) as refused:
        read_workbook(data, "incoming/甲银行.xlsx")
    assert time.process_time() - started < 10
    assert refused.value.code == code
    assert refused.value.exit_code == 3
    assert refused.value.where.startswith("甲银行.xlsx")
    assert all(refused.value.parts().values())


def test_every_reason_code_has_a_file_that_meets_it() -> None:
    assert set(REFUSED) == set(REASONS)


@pytest.mark.parametrize("length", range(0, len(plain()), 13))
def test_a_file_cut_anywhere_is_refused_without_a_traceback(length: int) -> None:
    with pytest.raises(WorkbookUnreadable):
        read_workbook(plain()[:length], "a.xlsx")


@pytest.mark.parametrize("start", range(0, len(plain()), 29))
def test_overwritten_bytes_never_give_a_traceback(start: int) -> None:
    data = bytearray(plain())
    data[start : start + 4] = b"\xff" * len(data[start : start + 4])
    with contextlib.suppress(WorkbookUnreadable):
        assert read_workbook(bytes(data), "a.xlsx").file == "a.xlsx"


def test_a_good_file_passes_and_gives_its_parts() -> None:
    package = open_package(plain(), "C:\\报送\\甲银行.xlsx")
    assert package.name == "甲银行.xlsx"
    assert package.has(SHEET)
    assert package.read(SHEET.upper()) == parts()[SHEET]


def test_a_part_nobody_reads_may_be_broken() -> None:
    data = bytearray(with_parts({"xl/media/a.png": b"picture" * 50}))
    entry = data.rfind(b"xl/media/a.png") - 46
    data[entry + 16] ^= 1
    assert read_workbook(bytes(data), "a.xlsx").sheets[0].cells["A2"].text == "占比"


def test_the_kind_of_file_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "renamed.et"
    path.write_bytes(plain())
    assert load_package(path).has(SHEET)


def test_a_file_over_the_limit_is_never_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as stream:
        stream.truncate(limits.FILE_BYTES * 4)
    with pytest.raises(WorkbookUnreadable) as refused:
        read_limited(path)
    assert refused.value.code == "too_large"
    assert "256.0 MB" in refused.value.what


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe.xlsx"
    os.mkfifo(path)
    writer = Thread(target=path.write_bytes, args=(plain() * 20,))
    writer.start()
    assert read_limited(path) == plain() * 20
    writer.join()


def test_the_refusal_names_sheet_and_cell() -> None:
    with pytest.raises(WorkbookUnreadable) as refused:
        read_workbook(REFUSED["too_many_columns"]["far"](), "a.xlsx")
    assert refused.value.where == "a.xlsx · G01!XFD1"


def test_a_hostile_name_cannot_reach_the_terminal() -> None:
    assert base_name("../a\x1b[2J\u202eb.xlsx") == "a\\x1b[2J\\u202eb.xlsx"
    assert len(shown("长" * 1000)) == 60


@pytest.mark.parametrize(
    ("base", "target", "part"),
    [
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/a.xml", "xl/a.xml"),
        ("xl/worksheets/sheet1.xml", "..\\comments1.xml", "xl/comments1.xml"),
        ("xl/workbook.xml", "../../../etc/passwd", "etc/passwd"),
    ],
)
def test_a_link_is_resolved_inside_the_package(base: str, target: str, part: str) -> None:
    assert resolve(base, target) == part
