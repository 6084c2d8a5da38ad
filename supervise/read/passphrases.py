"""The banks' passphrases 口令, from a list that nobody but its owner can read.

No message shows a passphrase, nor any part of one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from supervise.errors import DispatchError
from supervise.read.office_table import Faults, read_table
from supervise.read.secret import require_private
from supervise.read.text import half_width, shorten

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("机构代码", "机构编码", "code"),
    "passphrase": ("口令", "passphrase"),
}
SHORTEST = 12
_FEWEST_KINDS, _FEWEST_DIFFERENT = 2, 6
_FORM = f"至少 {SHORTEST} 位可打印 ASCII 字符，字母、数字、符号中至少两类，不含机构代码，各家不同"
_MAKE = "改用随机口令，如 openssl rand -base64 18 生成的。"


def read_passphrases(path: Path, banks: Collection[str]) -> Mapping[str, str]:
    """The passphrase of each bank.

    Args:
        path: CSV or xlsx, readable by its owner alone.
        banks: Codes of the banks whose parcels are to be sealed; each must have one.

    Raises:
        DispatchError: ``secret_exposed``, or ``passphrases_invalid`` with every fault.
    """
    require_private(path)
    faults = Faults("口令文件", path.name, "passphrases_invalid", DispatchError)
    found: dict[str, str] = {}
    owners: dict[str, str] = {}
    for entry in read_table(path, COLUMNS, faults):
        code = half_width(entry.texts.get("code", "")).upper()
        passphrase = entry.texts.get("passphrase", "")
        if code in found:
            faults.add(
                entry.line, f"机构 {shorten(code)} 重复", expected="每家一行", fix="只留一行。"
            )
        if _is_weak(passphrase, code):
            told = f"机构 {shorten(code)} 的口令过弱" if passphrase else "“口令”为空"
            faults.add(entry.line, told, expected=_FORM, fix=_MAKE)
        elif owners.setdefault(passphrase, code) != code:
            told = f"机构 {shorten(code)} 与 {owners[passphrase]} 的口令相同"
            faults.add(entry.line, told, expected=_FORM, fix=_MAKE)
        found.setdefault(code, passphrase)
    for code in sorted(set(banks) - found.keys()):
        faults.add(0, f"机构 {code} 没有口令", expected="每家收件机构一个口令", fix="补上该机构。")
    faults.refuse()
    return found


def _is_weak(passphrase: str, code: str) -> bool:
    kinds = (str.isalpha, str.isdigit, lambda c: not c.isalnum())
    used = sum(any(kind(c) for c in passphrase) for kind in kinds)
    return (
        len(passphrase) < SHORTEST
        or not (passphrase.isascii() and passphrase.isprintable())
        or used < _FEWEST_KINDS
        or len(set(passphrase)) < _FEWEST_DIFFERENT
        or code.casefold() in passphrase.casefold()
    )
