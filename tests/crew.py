"""Work for processes that a test starts: they import it by name."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from supervise.errors import SuperviseError, WorkbookUnreadable


def squared(number: int) -> int:
    return number * number


def fatal_at_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number


def fatal_once(path: str) -> str:
    """Dies the first time it sees a path."""
    mark = Path(path)
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return mark.name


def failing(number: int) -> int:
    raise ValueError(f"no {number}")


def lost(number: int, error: SuperviseError) -> int:
    assert error.what
    assert error.expected
    assert error.fix
    return -number


def lost_name(path: str, error: SuperviseError) -> str:
    return error.code


def hanging_at_three(number: int) -> int:
    while number == 3:
        time.sleep(60)
    return number * number


def swallowing_at_three(number: int) -> int:
    hoard = [bytearray(64 << 20) for _ in range(40 if number == 3 else 0)]
    return number * number + len(hoard)


def lacking_at_three(number: int) -> int:
    if number == 3:
        raise MemoryError
    return number * number


def growing(number: int, kept: list[bytearray] = []) -> int:  # noqa: B006 - it is to stay
    kept.append(bytearray(b"x") * (8 << 20))
    return os.getpid()


def own_process(number: int) -> int:
    return os.getpid()


def code_of(number: int, error: SuperviseError) -> str:
    return error.code


def refusing(number: int) -> int:
    raise WorkbookUnreadable("坏文件", where=f"{number}.xlsx", fix="重报", code="damaged")


def sleepy(number: int) -> int:
    time.sleep(0.1)
    return number


def blob(name: str) -> str:
    return name + "x" * (8 << 20)


class Odd(Exception):
    """Cannot be made again from its pickle."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def unheard_of(number: int) -> int:
    raise Odd("strange", "very")


def endless(folder: str) -> str:
    """Leaves its process's number, then works for ever."""
    (Path(folder) / str(os.getpid())).touch()
    while True:
        sum(range(1_000))


if __name__ == "__main__":
    import crew

    from supervise.batch import Mapper

    with Mapper(2) as mapper:
        list(mapper(crew.endless, crew.lost_name)([sys.argv[1]] * 4))
