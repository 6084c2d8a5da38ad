"""A secret from the environment, or from a file that only its owner can read; never from a flag."""

from __future__ import annotations

import os
from pathlib import Path

from supervise.errors import DispatchError, why_not

_IN_FILE = "_FILE"
_OTHERS = 0o077


def read_secret(variable: str) -> str | None:
    """A secret.

    Args:
        variable: Environment variable that holds it; with ``_FILE`` after its name, one that
            names a file whose first line it is.

    Returns:
        None if neither is set.

    Raises:
        DispatchError: ``secret_exposed`` or ``secret_unreadable``.
    """
    told = os.environ.get(variable)
    if told is not None:
        return told
    named = os.environ.get(variable + _IN_FILE)
    return None if named is None else first_line(Path(named))


def first_line(path: Path) -> str:
    """The secret that is the first line of a file.

    Raises:
        DispatchError: ``secret_exposed`` or ``secret_unreadable``.
    """
    require_private(path)
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise _unreadable(path, why_not(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "不是 UTF-8 文本") from error


def require_private(path: Path) -> None:
    """See that nobody but its owner can read a file; Windows keeps no such bits.

    Raises:
        DispatchError: ``secret_exposed``, or ``secret_unreadable``: there is no such file.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unreadable(path, why_not(error)) from error
    if os.name == "posix" and mode & _OTHERS:
        raise DispatchError(
            "口令文件可以被其他用户读取",
            where=str(path),
            expected="只有本人可读的文件（权限 0600）",
            fix=f"执行：chmod 600 {path}",
            code="secret_exposed",
        )


def _unreadable(path: Path, why: str) -> DispatchError:
    return DispatchError(
        "口令文件不能读取",
        where=str(path),
        expected=f"可以读取的 UTF-8 文本，口令在第一行（{why}）",
        fix="检查路径和权限。",
        code="secret_unreadable",
    )
