"""Entries that processes add to a folder: whole or not at all, whatever happens to one of them."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervise.pipeline.run.entries import NAME, Entries, Label


def label(number: int, key: int = 0) -> Label:
    return Label(bytes([number]) * NAME, bytes([number]) * 32, bytes([key]) * 32)


def filled(folder: Path, *numbers: int) -> tuple[Entries, Path]:
    """Entries 0, 1, 2 ... of different lengths in the only file of a folder."""
    entries = Entries(folder)
    for number in numbers:
        entries.add(label(number), bytes([number]) * (50 + number), b"half" * number)
    (file,) = folder.glob("*.entries")
    return entries, file


def told(entries: Entries) -> dict[int, tuple[bytes | None, bytes | None]]:
    return {
        place.label.name[0]: (entries.read(place), entries.read(place, 1))
        for place in entries.places()
    }


def one(number: int) -> tuple[bytes, bytes]:
    return bytes([number]) * (50 + number), b"half" * number


def test_what_was_added_is_found_and_read(tmp_path: Path) -> None:
    entries, _ = filled(tmp_path / "made", 1, 2, 3)
    assert told(entries) == {n: one(n) for n in (1, 2, 3)}
    assert [place.label for place in entries.places()] == [label(n) for n in (1, 2, 3)]
    assert Entries(tmp_path / "none").places() == []


@settings(max_examples=60)
@given(st.data())
def test_a_torn_end_costs_the_last_entry_alone(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    entries, file = filled(tmp_path_factory.mktemp("torn"), 1, 2)
    before = entries.places()[0].end
    whole = file.read_bytes()
    file.write_bytes(whole[: data.draw(st.integers(before, len(whole) - 1))])
    assert told(entries) == {1: one(1)}
    entries.add(label(3), *one(3))
    assert told(entries).items() >= {1: one(1)}.items()
    assert told(entries).keys() <= {1, 2, 3}
    assert all(parts[0] in (None, one(n)[0]) for n, parts in told(entries).items())


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_byte_costs_one_entry(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    entries, file = filled(tmp_path_factory.mktemp("damaged"), 1, 2, 3)
    first, second, _ = entries.places()
    changed = bytearray(file.read_bytes())
    changed[data.draw(st.integers(first.end, second.end - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(changed)
    found = told(entries)
    assert found[1] == one(1)
    assert found[3] == one(3)
    assert found.get(2) != one(2)
    assert all(part in (None, own) for part, own in zip(found.get(2, ()), one(2), strict=False))


@pytest.mark.parametrize("at", ["once", "halfway"])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    entries, file = filled(tmp_path, 1)
    length = file.stat().st_size

    class Full(FileIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            if at == "once":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda path, mode, buffering: Full(path, mode))
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            entries.add(label(2), *one(2))
    assert file.stat().st_size == length
    entries.add(label(3), *one(3))
    assert told(entries) == {1: one(1), 3: one(3)}


def test_processes_add_to_files_of_their_own(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from supervise.pipeline.run.entries import *\n"
        "number = int(sys.argv[1])\n"
        "for _ in range(50):\n"
        "    label = Label(bytes([number]) * 16, bytes(32), bytes(32))\n"
        "    Entries(Path(sys.argv[2])).add(label, bytes([number]) * 5000)\n"
    )
    several = [
        subprocess.Popen([sys.executable, "-c", script, str(number), str(tmp_path)])
        for number in (1, 2, 3)
    ]
    assert [process.wait(60) for process in several] == [0, 0, 0]
    assert len([*tmp_path.glob("*.entries")]) == 3
    entries = Entries(tmp_path)
    read = [entries.read(place) for place in entries.places()]
    assert sorted(filter(None, read)) == [bytes([n]) * 5000 for n in (1, 2, 3) for _ in range(50)]


def test_only_what_is_wanted_is_kept_and_no_half(tmp_path: Path) -> None:
    entries, file = filled(tmp_path, 1, 2, 3)
    entries.keep([place for place in entries.places() if place.label != label(2)])
    assert told(entries) == {n: (one(n)[0], b"") for n in (1, 3)}
    assert not file.exists()
    (kept,) = tmp_path.iterdir()
    entries.keep(entries.places())
    assert [*tmp_path.iterdir()] == [kept], "nothing to do"
    entries.add(label(2), *one(2))
    assert [place.label.name[0] for place in entries.places()] == [1, 3, 2]
    entries.keep([])
    assert [*tmp_path.iterdir()] == []


def test_an_entry_whose_file_is_gone_is_no_entry(tmp_path: Path) -> None:
    entries, file = filled(tmp_path, 1)
    (place,) = entries.places()
    file.unlink()
    assert entries.read(place) is None
