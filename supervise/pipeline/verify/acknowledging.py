"""A bank's receipt for a parcel: made offline, once the parcel was examined and is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.errors import NotIntact, UsageError
from supervise.json_text import to_json
from supervise.pipeline.saving import keep_apart, save
from supervise.read.acknowledgements import SCHEMA
from supervise.read.files import digest_of
from supervise.read.told import MALFORMED, json_of
from supervise.read.told_parcel import MANIFEST, ToldParcel, is_zip, read_told_parcel, unpacked
from supervise.read.words import read_words
from supervise.settings import Settings

if TYPE_CHECKING:
    from supervise.write.verification import Verified


def acknowledged_text(
    verified: Sequence[Verified], paths: Sequence[Path], receipt: Path, on: str, settings: Settings
) -> str:
    """Write the receipt for what was verified, and say so.

    Args:
        verified: What examining it came to.
        paths: What was examined: one parcel.
        receipt: Where the receipt goes.
        on: The day of the receipt.
        settings: Names the language.

    Raises:
        UsageError: It is no single parcel, or the receipt cannot be written.
        NotIntact: A file is missing or is another.
    """
    if [one.kind for one in verified] != ["parcel"]:
        raise _no_parcel("、".join(map(str, paths)))
    path = acknowledge(paths[0], receipt, on)
    return read_words(settings.lang)("receipts.acknowledged", path=path)


def acknowledge(parcel: Path, receipt: Path, on: str) -> Path:
    """Write the receipt for a parcel.

    Args:
        parcel: Its folder, the manifest in it, or a zip of it that is not encrypted.
        receipt: Where the receipt goes.
        on: The day of the receipt.

    Raises:
        UsageError: It is no parcel, or the receipt cannot be written.
        NotIntact: A file is missing or is another.
    """
    if parcel.is_file() and is_zip(parcel):
        with unpacked(parcel) as folder:
            return acknowledge(folder, receipt, on)
    manifest = parcel / MANIFEST if parcel.is_dir() else parcel
    told, content = _read(manifest)
    _require_whole(manifest, told)
    keep_apart([manifest, *(manifest.parent / one.name for one in told.files)], [receipt])
    document = {
        "schema": SCHEMA,
        "parcel": told.parcel,
        "content": content,
        "bank": told.bank,
        "period": told.period,
        "on": on,
    }
    save(
        receipt,
        to_json(document).encode(),
        what="回执写不进文件",
        expected="可以写入的文件",
        fix="检查路径和权限。",
    )
    return receipt


def _require_whole(manifest: Path, told: ToldParcel) -> None:
    """See that every file is there and is the one listed."""
    files = [(manifest.parent / one.name, one.sha256) for one in told.files]
    wrong = [p.name for p, digest in files if not p.is_file() or digest_of(p) != digest]
    if wrong or not told.intact:
        raise NotIntact(
            f"送达件不完好，不写回执：{'、'.join(wrong or [manifest.name])}",
            where=str(manifest.parent),
            expected="送达单位写出的清单，和清单所列的全部文件，逐字节相同",
            fix="重新解压；仍不相符的，告知送达单位重送。",
            code="parcel_altered",
        )


def _read(path: Path) -> tuple[ToldParcel, str]:
    """What a manifest says, and its digest."""
    try:
        data = path.read_bytes()
        told = read_told_parcel(json_of(data), path.name)
    except (OSError, NotIntact, *MALFORMED) as error:
        raise _no_parcel(str(path)) from error
    return told, hashlib.sha256(data).hexdigest()


def _no_parcel(where: str) -> UsageError:
    return UsageError(
        "回执只为一件送达件而写",
        where=where,
        expected=f"送达件的文件夹，或其中的 {MANIFEST}",
        fix="先用口令解压，再指明其中的 manifest.json。",
        code="not_a_parcel",
    )
