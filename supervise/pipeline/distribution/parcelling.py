"""A signed-off evaluation → a parcel ready to leave, opened once more and examined.

Files are taken by the digests that were signed. What comes out lies in a folder of our own, as the
bank will have it: a folder, an encrypted zip, or parts of one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from supervise.core.delivery import FOLDER, MAIL, Recipient, delivery_of, report_of
from supervise.dispatch.folders import private_file, private_folder
from supervise.dispatch.outbox import Mail
from supervise.dispatch.parcel import (
    LETTER,
    Enclosed,
    ParcelFile,
    contents_of,
    manifest_of,
    part_file,
    parts_needed,
    split,
)
from supervise.dispatch.sealing import seal, unseal
from supervise.errors import DispatchError
from supervise.pipeline.distribution.announcing import Announced, parcel_mails, receipt_name
from supervise.pipeline.distribution.examining import Addressee, examine
from supervise.pipeline.distribution.inputs import Inputs
from supervise.pipeline.outputs import safe_name
from supervise.pipeline.signing.signed import SignedFiling
from supervise.record import record
from supervise.write.letter import Letter, LetterFile, letter_html
from supervise.write.numbers import Words
from supervise.write.report import Renderer


@record(kw_only=True)
class Packing:
    """How parcels of a run are made.

    Attributes:
        folder: Where they lie until they leave.
        channel: ``folder``, ``zip`` or ``mail``.
    """

    period: str
    channel: str
    inputs: Inputs
    folder: Path
    renderer: Renderer
    words: Words


@record(kw_only=True)
class Packed:
    """A parcel that may leave.

    Attributes:
        paths: What travels, part by part.
        mails: How each part is announced; empty where it is not mailed.
        content: Digest of the manifest.
        sealed: Digest of the encrypted zip, or of the manifest where there is none.
    """

    delivery: str
    paths: tuple[Path, ...]
    mails: tuple[Mail, ...]
    files: tuple[tuple[str, int, str], ...]
    content: str
    sealed: str


def pack(
    signed: SignedFiling,
    delivery: str,
    supersedes: str | None,
    packing: Packing,
    parts: int | None = None,
) -> Packed:
    """Make one parcel.

    Args:
        signed: What was signed off.
        delivery: Name of the delivery.
        supersedes: The delivery that it replaces.
        packing: How.
        parts: In how many parts it was begun; None: as many as it takes.

    Raises:
        DispatchError: This parcel must not leave, or cannot.
    """
    _require_for_bank(signed)
    to = packing.inputs.recipients[signed.bank]
    files = _files(signed, delivery, to, supersedes, packing)
    manifest = manifest_of(_enclosed(signed, delivery, supersedes, packing), files)
    contents, sealed = contents_of(manifest, files), manifest
    mails: tuple[Mail, ...] = ()
    if packing.channel == FOLDER:
        paths: tuple[Path, ...] = (_folder(signed, delivery, contents, packing),)
    else:
        sealed = _sealed(signed, contents, packing)
        paths = _parts(sealed, delivery, packing, parts)
        mails = _mails(paths, _digest(sealed), to, supersedes, packing)
    return Packed(
        delivery=delivery,
        paths=paths,
        mails=mails,
        files=tuple((name, len(data), _digest(data)) for name, data in contents.items()),
        content=_digest(manifest),
        sealed=_digest(sealed),
    )


def _require_for_bank(signed: SignedFiling) -> None:
    if signed.audience != "bank":
        raise DispatchError(
            "签发的是内部版，不外送",
            where=signed.bank,
            expected="评价时用 --audience bank（默认）写出、再签发的结果",
            fix="不带 --audience internal 重新评价、签发。",
            code="internal_only",
        )


def _files(
    signed: SignedFiling, delivery: str, to: Recipient, supersedes: str | None, packing: Packing
) -> list[ParcelFile]:
    """The signed files as they are in the run's folder, and a letter."""
    bank, found = signed.bank, packing.inputs.files
    files = [ParcelFile("report", *found.of(bank, signed.report))]
    copy = found.signed_copy(bank, signed.report)
    if copy is not None:
        _require_same_report(files[0], copy)
        files.append(ParcelFile("signed_report", *copy))
    files.append(ParcelFile("evaluation", *found.of(bank, signed.evaluation_json)))
    if signed.marked:
        files.append(ParcelFile("marked", *found.of(bank, signed.marked)))
    letter = Letter(
        number=report_of(delivery),
        name=to.name,
        office=to.office,
        period=packing.period,
        sequence=signed.stands.filed.sequence,
        files=[LetterFile(one.kind, one.name, one.data) for one in files],
        signed=_signers(signed),
        supersedes=report_of(supersedes) if supersedes else None,
        receipt=receipt_name(delivery),
    )
    page = letter_html(letter, packing.renderer, packing.words)
    return [ParcelFile("letter", LETTER, page), *files]


def _require_same_report(report: ParcelFile, copy: tuple[str, bytes]) -> None:
    """A signature is appended: the signed copy begins with the report that was signed off."""
    name, data = copy
    if not data.startswith(report.data):
        raise DispatchError(
            "带电子签章的副本不是所签发的报告",
            where=name,
            expected=f"{report.name} 的全部字节，其后为签章",
            fix=f"删去 {name}，用 supervise signoff --pkcs12 重新签章。",
            code="file_altered",
        )


def _enclosed(
    signed: SignedFiling, delivery: str, supersedes: str | None, packing: Packing
) -> Enclosed:
    filed, judged = signed.stands.filed, signed.stands.evaluation
    return Enclosed(
        parcel=report_of(delivery),
        bank=signed.bank,
        name=filed.name,
        period=packing.period,
        sequence=filed.sequence,
        submission=filed.sha256,
        document=signed.document,
        rulebook=judged.rulebook if judged is not None else "",
        signed=_signers(signed),
        supersedes=report_of(supersedes) if supersedes else None,
    )


def _signers(signed: SignedFiling) -> tuple[tuple[str, str], ...]:
    return tuple((one.role, one.on) for one in signed.signers)


def _addressee(signed: SignedFiling, packing: Packing) -> Addressee:
    return Addressee(
        bank=signed.bank,
        period=packing.period,
        stem=f"{safe_name(signed.bank)}-{packing.period}",
        submission=signed.stands.filed.sha256,
        family=packing.inputs.family[signed.bank],
    )


def _folder(
    signed: SignedFiling, delivery: str, contents: Mapping[str, bytes], packing: Packing
) -> Path:
    """The folder that goes, examined as it lies there."""
    folder = _laid_out(packing.folder / delivery, contents)
    examine(folder, _addressee(signed, packing), packing.inputs.known)
    return folder


def _sealed(signed: SignedFiling, contents: Mapping[str, bytes], packing: Packing) -> bytes:
    """The encrypted zip, once it was opened again and examined."""
    passphrase = packing.inputs.passphrases[signed.bank]
    sealed = seal(contents, passphrase)
    folder = _laid_out(packing.folder / "opened", unseal(sealed, passphrase))
    try:
        examine(folder, _addressee(signed, packing), packing.inputs.known)
    finally:
        shutil.rmtree(folder)
    return sealed


def _laid_out(folder: Path, contents: Mapping[str, bytes]) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    private_folder(folder)
    for name, data in contents.items():
        private_file(folder / name, data)
    return folder


def _parts(sealed: bytes, delivery: str, packing: Packing, count: int | None) -> tuple[Path, ...]:
    settings = packing.inputs.mail
    if count is None:
        count = parts_needed(len(sealed), settings.part_bytes) if settings is not None else 1
    paths = []
    for number, data in enumerate(split(sealed, count), 1):
        path = packing.folder / part_file(f"{delivery}.zip", number, count)
        private_file(path, data)
        paths.append(path)
    return tuple(paths)


def _mails(
    paths: tuple[Path, ...], sealed: str, to: Recipient, supersedes: str | None, packing: Packing
) -> tuple[Mail, ...]:
    settings = packing.inputs.mail
    if packing.channel != MAIL or settings is None:
        return ()
    said = Announced(
        to=to,
        period=packing.period,
        delivery=delivery_of(paths[0].name),
        sender=settings.sender,
        words=packing.words,
    )
    return parcel_mails(said, [path.name for path in paths], sealed, supersedes)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
