"""Secrets from files that nobody else may read: passphrases of banks, the password of a mailbox.

No message shows a secret, nor any part of one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from supervise.errors import DispatchError, why_not
from supervise.read.office_table import Faults, read_table
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


def read_secret(path: Path) -> str:
    """A password that is the first line of a file.

    Raises:
        DispatchError: ``secret_exposed``, or it cannot be read.
    """
    require_private(path)
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error


def require_private(path: Path) -> None:
    """See that only its owner can read a file; Windows keeps no such bits.

    Raises:
        DispatchError: ``secret_exposed``, or there is no such file.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unreadable(path, why_not(error)) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise DispatchError(
            "口令文件别人也能读",
            where=f"{path}（权限 {stat.S_IMODE(mode):o}）",
            expected="只有本人能读（0600）",
            fix=f"chmod 600 {path}；若可能已被读过，先更换其中的口令。",
            code="secret_exposed",
        )


def _unreadable(path: Path, why: str) -> DispatchError:
    return DispatchError(
        "口令文件不能读取",
        where=str(path),
        expected=f"可以读取的文本文件（{why}）",
        fix="检查路径和权限。",
        code="secret_unreadable",
    )


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
