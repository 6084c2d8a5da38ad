"""The register and the log of receipts: strict, every fault at once, CSV and xlsx alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from supervise.core.filing_status import Registered
from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.read.register import read_receipts, read_register
from supervise.read.rulebook import bank_types, provinces

PERIOD = Period(2026, 3)
HEAD = ["机构代码", "机构名称", "机构类型", "省份", "报送期限"]
ROW = ["B9001H233010001", "云汀农村商业银行", "农村商业银行", "浙江省", "2026-10-20"]
READ = Registered(
    code="B9001H233010001",
    name="云汀农村商业银行",
    type="rural_commercial",
    province="330000",
    due=date(2026, 10, 20),
)


def written(folder: Path, *lines: Sequence[str], encoding: str = "utf-8") -> Path:
    path = folder / "banks.csv"
    text = "".join(",".join(line) + "\r\n" for line in lines)
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> tuple[Registered, ...]:
    return read_register(path, PERIOD, bank_types=bank_types(), provinces=provinces())


def refused(path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(path)
    assert caught.value.code == "register_invalid"
    assert all(caught.value.parts().values())
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_save(encoding: str, tmp_path: Path) -> None:
    assert read(written(tmp_path, HEAD, ROW, encoding=encoding)) == (READ,)


def test_an_xlsx_is_read_with_its_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append([*HEAD, "联系人"])
    sheet.append([*ROW[:4], date(2026, 10, 20), "示例甲"])
    sheet.append([])
    book.save(tmp_path / "banks.xlsx")
    assert read(tmp_path / "banks.xlsx") == (READ,)


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    path = written(tmp_path, ["序号", *reversed(HEAD)], ["1", *reversed(ROW)])
    assert read(path) == (READ,)


def test_ids_are_as_good_as_names(tmp_path: Path) -> None:
    row = [ROW[0], ROW[1], "rural_commercial", "330000", "20261020"]
    assert read(written(tmp_path, ["code", "name", "type", "province", "due"], row)) == (READ,)


def test_a_code_in_full_width_letters_is_the_same_code(tmp_path: Path) -> None:
    row = ["ｂ9001h233010001", *ROW[1:]]
    assert read(written(tmp_path, HEAD, row)) == (READ,)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = [
        ROW,
        [ROW[0], *ROW[1:]],
        ["9.1E+17", *ROW[1:]],
        ["B9004", "", *ROW[2:]],
        ["B9005", "丙", "信托公司", "火星", "2026-02-30"],
        ["B9006", "丁", ROW[2], ROW[3], "2026-09-30"],
    ]
    error = refused(written(tmp_path, HEAD, *rows))
    assert error.what == "名册有 7 处错误，未采用"
    lines = error.where.split("\n")
    assert lines[0] == "banks.csv 第 3 行：机构 B9001H233010001 重复，首见第 2 行"
    assert "9.1E+17" in lines[1]
    assert "第 5 行" in lines[2]
    assert [line.partition("：")[0] for line in lines[3:6]] == ["banks.csv 第 6 行"] * 3
    assert "2026-09-30 不晚于报告期末" in lines[6]
    assert len(error.fix.split("\n")) == len(set(error.fix.split("\n")))


def test_a_missing_column_is_one_fault_and_the_others_are_still_read(tmp_path: Path) -> None:
    error = refused(written(tmp_path, HEAD[:4], ["?", *ROW[1:4]]))
    assert error.what == "名册有 2 处错误，未采用"
    assert "缺少列“报送期限”" in error.where


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    error = refused(written(tmp_path, [*HEAD, "due"], [*ROW, "2026-10-21"]))
    assert "有 2 个" in error.what


def test_a_register_without_banks_is_refused(tmp_path: Path) -> None:
    assert "没有数据行" in refused(written(tmp_path, HEAD)).what


def test_a_short_line_lacks_what_it_lacks(tmp_path: Path) -> None:
    assert "“报送期限”为空" in refused(written(tmp_path, HEAD, ROW[:4])).what


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00\x01", '机构代码,"机构名称\r\n'.encode(), b"", "云".encode("utf-16")]
)
def test_what_is_no_table_is_refused_in_four_parts(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "banks.csv"
    path.write_bytes(data)
    refused(path)


@pytest.mark.parametrize("name", ["banks.csv", "banks.xlsx"])
def test_a_register_that_is_not_there_or_no_workbook_is_refused(name: str, tmp_path: Path) -> None:
    refused(tmp_path / name)
    (tmp_path / "banks.xlsx").write_bytes(b"PK")
    refused(tmp_path / "banks.xlsx")


def test_receipts_are_read_by_file_name(tmp_path: Path) -> None:
    path = written(tmp_path, ["文件名", "收到日期"], ["a.xlsx", "2026年10月14日"])
    assert read_receipts(path) == {"a.xlsx": date(2026, 10, 14)}


def test_every_fault_of_the_receipts_is_told_at_once(tmp_path: Path) -> None:
    rows = [["a.xlsx", "2026-10-14"], ["a.xlsx", "昨天"], ["", "2026-10-14"]]
    with pytest.raises(UsageError) as caught:
        read_receipts(written(tmp_path, ["file", "received"], *rows))
    assert caught.value.code == "receipts_invalid"
    assert len(caught.value.where.split("\n")) == 3
