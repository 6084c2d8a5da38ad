"""Receipts 回执: a file that a bank made, or the list that the office keeps.

``supervise/receipt/1``: parcel, content (digest of the parcel's manifest), bank, period, role, on.
The list has the columns 机构代码, 送达编号, 清单摘要, 情况 (已送达, 已取走, 已签收), 日期. Either
way a receipt binds a parcel by its digest: whoever acknowledges another one acknowledges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from supervise.core.delivery import ACCEPTED, ACKNOWLEDGED, COLLECTED
from supervise.errors import DispatchError, why_not
from supervise.read.office_table import Entry, Faults, day_of, read_table
from supervise.read.text import half_width, shorten
from supervise.read.told import MALFORMED, json_of, short
from supervise.record import record

SCHEMA = "supervise/receipt/1"
CODE = "receipt_invalid"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "bank": ("机构代码", "机构编码", "code"),
    "parcel": ("送达编号", "delivery"),
    "content": ("清单摘要", "manifest"),
    "state": ("情况", "state"),
    "on": ("日期", "date"),
}
STATES = {"已送达": ACCEPTED, "已取走": COLLECTED, "已签收": ACKNOWLEDGED}
STATES |= {state: state for state in STATES.values()}
_SHORTEST = 12
_DIGEST = re.compile(rf"[0-9a-f]{{{_SHORTEST},64}}")


@record
class Receipt:
    """That a bank has a parcel.

    Attributes:
        where: File and line, for messages.
        parcel: Number of the report, or of the delivery.
        content: Digest of the manifest, or its first digits.
        state: ``accepted``, ``collected`` or ``acknowledged``.
        on: Day; empty if it is not said.
    """

    where: str
    bank: str
    parcel: str
    content: str
    state: str
    on: str


def read_receipts_of_banks(path: Path, faults: Faults) -> list[Receipt]:
    """The receipts in a file.

    Args:
        path: A bank's JSON, or a list as CSV or xlsx.
        faults: Takes what is wrong with lines of a list.

    Raises:
        DispatchError: The file cannot be read as receipts at all.
    """
    if path.suffix.lower() == ".json":
        return [_of_bank(path)]
    found = [_of_line(entry, faults) for entry in read_table(path, COLUMNS, faults)]
    return [one for one in found if one is not None]


def _of_bank(path: Path) -> Receipt:
    try:
        document = json_of(path.read_bytes())
        if document["schema"] != SCHEMA:
            raise ValueError("schema")
        names = ("bank", "parcel", "content", "on")
        bank, parcel, content, on = (short(document[name]) for name in names)
        if len(content) != 64 or (on and day_of(on) is None):
            raise ValueError("content")
    except OSError as error:
        raise _unreadable(path, why_not(error)) from error
    except MALFORMED as error:
        raise _unreadable(path, "内容不完整或写法不对") from error
    return Receipt(path.name, bank, parcel, content, ACKNOWLEDGED, on)


def _of_line(entry: Entry, faults: Faults) -> Receipt | None:
    texts = {name: half_width(entry.texts.get(name, "")) for name in COLUMNS}
    day, state = day_of(texts["on"]), STATES.get(texts["state"].casefold())
    content = texts["content"].casefold()
    wrong = {
        "日期": (texts["on"], day is None, "日期，如 2026-11-20"),
        "情况": (texts["state"], state is None, "已送达、已取走 或 已签收"),
        "清单摘要": (
            content,
            _DIGEST.fullmatch(content) is None,
            f"manifest.json 的 SHA-256，至少前 {_SHORTEST} 位",
        ),
    }
    for column, (text, bad, expected) in wrong.items():
        if bad:
            told = f"{column}“{shorten(text)}”不能识别"
            faults.add(entry.line, told, expected=expected, fix="改正该格。")
    if day is None or state is None or wrong["清单摘要"][1]:
        return None
    where = f"{faults.file} 第 {entry.line} 行"
    bank = texts["bank"].upper()
    return Receipt(where, bank, texts["parcel"], content, state, day.isoformat())


def _unreadable(path: Path, why: str) -> DispatchError:
    return DispatchError(
        f"回执不能读取：{why}",
        where=str(path),
        expected="supervise verify --acknowledge 写出的回执，或回执登记（CSV、xlsx）",
        fix="向机构索取原件；或按列登记在表里。",
        code=CODE,
    )
