"""Bytes → a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from supervise.errors import UsageError


def save(path: Path, data: bytes, *, what: str, expected: str, fix: str) -> None:
    """Write a file beside its place, then move it there; its folder is made if need be.

    Args:
        path: Where it belongs.
        data: All of it.
        what: What could not be done, for the message.
        expected: What the place should be.
        fix: What to do.

    Raises:
        UsageError: ``cannot_write``.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            what,
            where=str(path),
            expected=f"{expected}（{error.strerror}）",
            fix=fix,
            code="cannot_write",
        ) from error
