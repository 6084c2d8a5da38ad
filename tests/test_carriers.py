"""Files that are no .xlsx workbook: each is told what it is, and how it becomes one."""

from __future__ import annotations

import json
import os
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from hostile import compound
from hostile_archive import ARCHIVES, Maker, zipped
from plain_workbook import plain

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.carriers import CARRIERS
from supervise.ooxml.compound import top_names
from supervise.ooxml.refusals import REASONS
from supervise.pipeline.precheck.check import as_json, as_text, check_files, exit_code
from supervise.read.workbook import read_workbook
from supervise.settings import Settings

OTHERS = {
    name: maker for code in ("old_xls", "other_carrier") for name, maker in ARCHIVES[code].items()
}
UNPACKED_FIRST = {"zipped", "repacked_with_folder", "gnumeric"}


def refused(data: bytes, name: str) -> WorkbookUnreadable:
    """The refusal of a file under a name."""
    with pytest.raises(WorkbookUnreadable) as caught:
        read_workbook(data, name)
    return caught.value


def tree(*entries: tuple[str, int, int, int]) -> bytes:
    """A compound file whose directory holds these entries: name, kind, next, child."""
    data = bytearray(compound("x"))
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB3l", 2 * len(name) + 2, kind, 1, -1, following, child).ljust(64, b"\0")
        for name, kind, following, child in entries
    )
    data[1024:] = directory.ljust(1024, b"\0")
    return bytes(data)


def locked(length: int, version: bytes) -> bytes:
    """An old workbook whose stream begins as one with a password does."""
    begin = b"\x09\x08" + bytes([length, 0]) + version + bytes(length - 2)
    return compound("Workbook") + begin + b"\x2f\0\x36\0" + bytes(54)


@pytest.mark.parametrize("kind", CARRIERS)
def test_every_carrier_has_its_reason_and_leads_to_xlsx(kind: str) -> None:
    carrier = CARRIERS[kind]
    assert carrier.code in REASONS
    assert ".xlsx" in carrier.fix


@pytest.mark.parametrize("name", OTHERS)
def test_another_carrier_is_told_how_to_save_it_in_excel_and_in_wps(name: str) -> None:
    fix = refused(OTHERS[name](), "报送").fix
    if name in UNPACKED_FIRST:
        assert fix.startswith("解压")
    elif name == "numbers":
        assert "导出为—Excel" in fix
    else:
        assert "用 Excel 打开，点“文件—另存为”，“保存类型”选“Excel 工作簿(*.xlsx)”" in fix
        assert "用 WPS 打开，点“文件—另存为”，“文件类型”选“Microsoft Excel 文件(*.xlsx)”" in fix


def test_each_other_carrier_is_called_by_its_own_name() -> None:
    said = {refused(maker(), "报送").what for maker in OTHERS.values()}
    # old workbooks of one kind, two texts, three web pages, two OpenDocument files, two archives
    assert len(said) == len(OTHERS) - 7


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.et", "文件是 WPS 表格（.et）工作簿"),
        ("a.XLS", "文件是旧版 Excel 97—2003（.xls）工作簿，"),
        ("a.bak", "文件是旧版 Excel 97—2003（.xls）或 WPS 表格（.et）工作簿"),
    ],
)
def test_wps_and_old_excel_share_a_format_that_the_name_tells_apart(name: str, said: str) -> None:
    refusal = refused(compound("Workbook"), name)
    assert refusal.code == "old_xls"
    assert refusal.what.startswith(said)


@pytest.mark.parametrize("root", ["styleSheet", "tableColumns", "metadata", "headers"])
def test_markup_is_no_web_page_because_a_name_begins_like_one(root: str) -> None:
    assert refused(f"<?xml version='1.0'?><{root}/>".encode(), "a.xml").code == "not_a_workbook"


def test_excel_is_not_advised_for_a_file_that_it_cannot_open() -> None:
    assert "用 Excel 打开，" not in refused(compound("Workbook"), "a.et").fix


@pytest.mark.parametrize("maker", OTHERS.values(), ids=OTHERS)
def test_a_changed_extension_is_seen_through(maker: Maker) -> None:
    refusal = refused(maker(), "报送表.XLSX")
    assert refusal.code == refused(maker(), "报送表").code
    assert "扩展名虽为 .XLSX，但改扩展名不会转换格式" in refusal.what


def test_a_good_workbook_is_read_whatever_its_name() -> None:
    assert read_workbook(plain(), "报送.csv").sheets[0].name == "G01"


@pytest.mark.parametrize("version", [(16, b"\0\6"), (8, b"\0\5")])
def test_an_old_workbook_with_a_password_says_both(version: tuple[int, bytes]) -> None:
    refusal = refused(locked(*version), "a.xls")
    assert refusal.code == "old_xls"
    assert "设有打开密码" in refusal.what
    assert "取消打开密码" in refusal.fix


def test_a_workbook_embedded_in_a_letter_does_not_make_it_a_workbook() -> None:
    letter = tree(
        ("Root Entry", 5, -1, 1),
        ("WordDocument", 2, 2, -1),
        ("Pool", 1, -1, 3),
        ("Workbook", 2, -1, -1),
    )
    assert top_names(letter) == {"worddocument", "pool"}
    assert refused(letter, "a.doc").code == "not_a_workbook"


def test_a_directory_that_leads_in_circles_is_read_once() -> None:
    assert top_names(tree(("Root Entry", 5, -1, 1), ("Book", 2, 1, 0), ("x", 2, 1, 1))) == {"book"}


@pytest.mark.parametrize("length", [8, 40, 511, 512, 600, 1023])
def test_a_compound_file_cut_short_is_truncated(length: int) -> None:
    assert refused(compound("Workbook")[:length], "a.xls").code == "truncated"


def test_the_workbook_inside_an_archive_is_named_as_what_to_file() -> None:
    refusal = refused(zipped("2026Q3/报送表.xlsx"), "报送.zip")
    assert (refusal.code, refusal.fix.startswith("解压")) == ("other_carrier", True)


def test_a_sector_chain_without_end_is_left_after_the_first_entries() -> None:
    data = bytearray(compound("Workbook"))
    struct.pack_into("<L", data, 76, 0)
    struct.pack_into("<2L", data, 512, 1, 1)
    assert top_names(bytes(data)) == {"workbook"}


def test_a_file_name_in_another_encoding_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    file.write_bytes(b"a,b\n")
    outcomes = check_files([file], Settings())
    assert json.loads(as_json(outcomes).encode())["refusal"]["code"] == "other_carrier"
    assert as_text(outcomes, Settings()).encode()


def test_a_file_of_many_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with file.open("wb") as stream:
        stream.truncate(20 << 30)
    started = time.process_time()
    (outcome,) = check_files([file], Settings())
    assert time.process_time() - started < 1
    assert outcome.refusal is not None
    assert outcome.refusal.code == "too_large"
    assert outcome.sha256 == ""


def test_files_that_were_refused_do_not_stay_in_memory(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.xlsx" for n in range(20)]
    for file in files:
        file.write_bytes(b"%PDF" + bytes(1_000_000))
    check_files(files[:1], Settings())
    tracemalloc.start()
    outcomes = check_files(files, Settings())
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert exit_code(outcomes) == 3
    assert held < 1_000_000


@pytest.mark.parametrize("name", ["there_is_none.xlsx", "."])
def test_what_cannot_be_opened_is_refused_and_said(name: str, tmp_path: Path) -> None:
    (outcome,) = outcomes = check_files([tmp_path / name], Settings())
    assert exit_code(outcomes) == 3
    assert outcome.refusal is not None
    assert outcome.refusal.code == "cannot_open"
