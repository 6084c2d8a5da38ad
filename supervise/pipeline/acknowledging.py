"""A bank's receipt for a parcel: made offline, once every file is what the manifest lists."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from supervise.core.proof import seal_of
from supervise.dispatch.parcel import MANIFEST
from supervise.dispatch.parcel import SCHEMA as PARCEL
from supervise.errors import NotIntact, UsageError, why_not
from supervise.pipeline.saving import save
from supervise.read.acknowledgements import SCHEMA
from supervise.read.files import digest_of
from supervise.read.told import MALFORMED, json_of, text
from supervise.record import record
from supervise.write.document import to_json


@record(kw_only=True)
class _Told:
    """What a parcel's manifest says: its own digest, its bank, its files with their digests."""

    content: str
    parcel: str
    bank: str
    period: str
    files: dict[str, str]


def acknowledge(parcel: Path, receipt: Path, on: str) -> Path:
    """Write the receipt for a parcel.

    Args:
        parcel: Its folder, or the manifest in it.
        receipt: Where the receipt goes.
        on: The day of the receipt.

    Raises:
        UsageError: It is no parcel, or the receipt cannot be written.
        NotIntact: A file is missing or is another.
    """
    manifest = parcel / MANIFEST if parcel.is_dir() else parcel
    told = _read(manifest)
    wrong = [name for name, digest in told.files.items() if not _is(manifest, name, digest)]
    if wrong:
        raise NotIntact(
            f"送达件不完好，不写回执：{'、'.join(wrong)}",
            where=str(manifest.parent),
            expected="清单所列的全部文件，逐字节相同",
            fix="重新解压；仍不相符的，告知送达单位重送。",
            code="parcel_altered",
        )
    document = {
        "schema": SCHEMA,
        "parcel": told.parcel,
        "content": told.content,
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


def _is(manifest: Path, name: str, digest: str) -> bool:
    path = manifest.parent / name
    return Path(name).name == name and path.is_file() and digest_of(path) == digest


def _read(path: Path) -> _Told:
    try:
        data = path.read_bytes()
        document: Any = json_of(data)
        if document["schema"] != PARCEL:
            raise ValueError("schema")
        intact = document["digest"] == seal_of(document)
        told = _Told(
            content=hashlib.sha256(data).hexdigest(),
            parcel=text(document["parcel"]),
            bank=text(document["bank"]["code"]),
            period=text(document["period"]),
            files={text(one["path"]): text(one["sha256"]) for one in document["files"]},
        )
    except OSError as error:
        raise _no_parcel(path, why_not(error)) from error
    except MALFORMED as error:
        raise _no_parcel(path, "不是送达清单") from error
    if not intact:
        raise NotIntact(
            "送达清单被改动过",
            where=str(path),
            expected="送达单位写出的原件",
            fix="重新解压；仍不相符的，告知送达单位重送。",
            code="parcel_altered",
        )
    return told


def _no_parcel(path: Path, why: str) -> UsageError:
    return UsageError(
        "回执只为送达件而写",
        where=str(path),
        expected=f"送达件的文件夹，或其中的 {MANIFEST}（{why}）",
        fix="先解压加密包，再指明其中的 manifest.json。",
        code="not_a_parcel",
    )
