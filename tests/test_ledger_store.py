"""The original bytes of submissions: kept once, under their digest, proven when fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from supervise.errors import LedgerError
from supervise.ledger.store import Store


def test_what_is_kept_is_fetched(tmp_path: Path) -> None:
    store = Store(tmp_path / "quarter.files")
    address = store.keep(b"one")
    assert address.startswith("store:")
    assert store.keep(b"one") == address
    assert store.keep(b"two") != address
    assert store.fetch(address) == b"one"
    assert len([p for p in store.folder.rglob("*") if p.is_file()]) == 2


def test_bytes_that_were_changed_are_not_handed_out(tmp_path: Path) -> None:
    store = Store(tmp_path)
    address = store.keep(b"one")
    place = next(p for p in tmp_path.rglob("*") if p.is_file())
    place.write_bytes(b"other")
    with pytest.raises(LedgerError) as caught:
        store.fetch(address)
    assert caught.value.code == "store_changed"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file")
    for action in (lambda: store.keep(b"one"), lambda: store.fetch("store:" + "0" * 64)):
        with pytest.raises(LedgerError) as caught:
            action()
        assert caught.value.code == "store_failed"


def test_a_full_disk_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(LedgerError) as caught:
        Store(tmp_path).keep(b"one")
    assert caught.value.code == "store_failed"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("address", ["store:../../etc/passwd", "/etc/passwd", "store:", ""])
def test_an_address_is_a_digest_and_never_a_path(tmp_path: Path, address: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Store(tmp_path).fetch(address)
    assert caught.value.code == "store_failed"
