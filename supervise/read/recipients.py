"""The list of recipients 收件名单: to whom each bank's parcel goes.

Columns 机构代码, 机构名称, 收件部门, for mail also 邮箱, and 允许共用 where banks share an address.
Code and name must agree with the ledger: a list whose rows slipped by one sends every report to a
stranger. All faults are told at once, and nothing is sent before they are mended.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from supervise.core.delivery import Recipient
from supervise.errors import DispatchError
from supervise.read.office_table import Entry, Faults, read_table
from supervise.read.text import fold, half_width, shorten

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("机构代码", "机构编码", "code"),
    "name": ("机构名称", "name"),
    "office": ("收件部门", "收件人", "recipient"),
    "address": ("邮箱", "电子邮箱", "email"),
    "shared": ("允许共用", "shared"),
}
_YES = ("是", "yes", "y", "1", "true")
_LONGEST_NAME, _LONGEST_ADDRESS = 60, 254
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029<>\"\\,;:@\[\]]|=\?")
"""What could make another header, another recipient or an encoded word of a name."""
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_FORM_OF_ADDRESS = "一个邮箱地址，如 puhui@bank.example（只含 ASCII，不带姓名、尖括号和逗号）"


def read_recipients(
    path: Path, *, banks: Mapping[str, str], signed: Collection[str], mail: bool
) -> Mapping[str, Recipient]:
    """Every recipient by bank.

    Args:
        path: CSV or xlsx.
        banks: Code to name of every bank that has filed for the period.
        signed: Codes of those whose parcels are to go; each must have a recipient.
        mail: Whether addresses are needed.

    Raises:
        DispatchError: ``recipients_invalid``, with every fault and its line.
    """
    faults = Faults("收件名单", path.name, "recipients_invalid", DispatchError)
    optional = ("shared",) if mail else ("address", "shared")
    reading = _Reading(banks, mail, faults)
    for entry in read_table(path, COLUMNS, faults, optional=optional):
        reading.take(entry)
    for code in sorted(set(signed) - reading.lines.keys()):
        faults.add(
            0,
            f"{banks.get(code, '')}（{code}）已签发而没有收件人",
            expected="每家已签发的机构有一行收件人",
            fix="在名单上补上该机构。",
        )
    faults.refuse()
    return reading.found


def is_address(text: str) -> bool:
    """Whether this is one mail address and nothing besides."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def is_plain_name(text: str) -> bool:
    """Whether a name can stand in a header without becoming anything else."""
    return len(text) <= _LONGEST_NAME and _UNSAFE.search(text) is None


class _Reading:
    """Takes rows one by one; what is wrong goes to the faults."""

    def __init__(self, banks: Mapping[str, str], mail: bool, faults: Faults) -> None:
        self.found: dict[str, Recipient] = {}
        self.lines: dict[str, int] = {}
        self._banks = banks
        self._mail = mail
        self._faults = faults
        self._addresses: dict[str, tuple[int, bool]] = {}

    def take(self, entry: Entry) -> None:
        """One row."""
        code = half_width(entry.texts.get("code", "")).upper()
        office = self._office(entry)
        address = self._address(entry) if self._mail else ""
        if self._known(entry, code):
            self.found[code] = Recipient(
                code=code, name=self._banks[code], office=office, address=address
            )

    def _known(self, entry: Entry, code: str) -> bool:
        """Whether this is a bank of the period, named as there, for the first time."""
        first = self.lines.setdefault(code, entry.line)
        if first != entry.line:
            self._fault(
                entry, f"机构 {shorten(code)} 重复，首见第 {first} 行", "每家机构一行", "只留一行。"
            )
            return False
        name = self._banks.get(code)
        if name is None:
            told = f"机构代码“{shorten(code)}”在本期台账中没有" if code else "“机构代码”为空"
            self._fault(
                entry, told, "本期已报送机构的代码", "改正代码；没有报送的机构从名单中去掉。"
            )
            return False
        given = entry.texts.get("name", "")
        if fold(given) != fold(name):
            self._fault(
                entry,
                f"机构 {code} 的名称“{shorten(given)}”与台账的“{shorten(name)}”不同",
                "代码和名称属于同一家机构，与报送件封面一致",
                "核对该行是否错位，改正代码或名称。",
            )
        return True

    def _office(self, entry: Entry) -> str:
        # As typed: a line break is to be seen, not smoothed away.
        office = entry.texts.get("office", "")
        if not office:
            self._fault(entry, "“收件部门”为空", "收件部门或岗位，如 普惠金融部", "补上。")
        elif not is_plain_name(office):
            self._fault(
                entry,
                f"收件部门“{shorten(office)}”含有不能用于邮件的字符，或过长",
                f"一行文字，不含换行、引号、逗号、分号、冒号、@、尖括号，不超过 {_LONGEST_NAME} 字",
                "只写部门或岗位的名称。",
            )
        return office

    def _address(self, entry: Entry) -> str:
        address = entry.texts.get("address", "")
        if not is_address(address):
            told = f"邮箱“{shorten(address)}”写法不对" if address else "“邮箱”为空"
            self._fault(entry, told, _FORM_OF_ADDRESS, "改正邮箱。")
            return ""
        self._share(entry, address)
        return address

    def _share(self, entry: Entry, address: str) -> None:
        """Two banks read one mailbox only where every row of it says so."""
        leave = fold(entry.texts.get("shared", "")) in _YES
        line, before = self._addresses.setdefault(address.casefold(), (entry.line, leave))
        if line != entry.line and not (leave and before):
            self._fault(
                entry,
                f"邮箱“{shorten(address)}”第 {line} 行已用于另一家机构",
                "每家机构用自己的邮箱；确需共用的，各行“允许共用”都写“是”",
                "改正邮箱，或在各行注明允许共用。",
            )

    def _fault(self, entry: Entry, what: str, expected: str, fix: str) -> None:
        self._faults.add(entry.line, what, expected=expected, fix=fix)
