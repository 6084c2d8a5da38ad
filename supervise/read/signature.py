"""The electronic signature behind a report → who signed, and whether it holds; pyHanko reads it.

Nothing is fetched: neither certificates nor lists of revoked ones. When it was signed is what the
signature says of itself, and the certificate is judged for that moment.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from supervise.core.persons import certified_name
from supervise.errors import UsageError
from supervise.read.report_update import only_signs
from supervise.read.told import MALFORMED
from supervise.record import record

Flaw = Literal[
    "not_signed", "several", "broken", "not_whole", "changes_more", "untrusted", "unreadable"
]
USABLE = frozenset({"digital_signature", "non_repudiation"})
_VERSIONS = {"issuer_and_serial_number": "v1", "subject_key_identifier": "v3"}
"""Of what is said about a signer, by how the certificate is named (RFC 5652, 5.3)."""
_LOUD = ("pyhanko", "pyhanko_certvalidator")


@record(kw_only=True)
class Signature:
    """What a signature says and what it is worth.

    Attributes:
        subject: Whom the certificate names.
        issuer: Who vouches for that.
        signed_at: ISO 8601, as the signature says; empty if it does not.
        trusted: Whether the certificate leads to one that is trusted; None: nobody said which are.
        flaws: Everything that does not hold.
    """

    subject: str = ""
    issuer: str = ""
    signed_at: str = ""
    trusted: bool | None = None
    flaws: tuple[Flaw, ...] = ()


def read_trust(path: Path) -> tuple[Any, ...]:
    """Certificates that are trusted.

    Raises:
        UsageError: ``trust_unreadable``: no certificate in PEM or DER is there.
    """
    require_pyhanko(path)
    from pyhanko.keys.pemder import load_certs_from_pemder_data

    try:
        found = tuple(load_certs_from_pemder_data(path.read_bytes()))
        if not found or not all(one.native for one in found):
            raise ValueError("no certificate")
        return found
    except (OSError, *MALFORMED) as error:
        raise UsageError(
            "受信任的证书文件不能读取",
            where=str(path),
            expected="PEM 或 DER 格式的证书，可含多张",
            fix="向证书签发机构索取根证书，用 --trust 指明。",
            code="trust_unreadable",
        ) from error


def require_pyhanko(where: Path) -> None:
    """See that signatures can be examined here.

    Raises:
        UsageError: ``signature_package_missing``.
    """
    try:
        import pyhanko  # noqa: F401  # is it there
    except ModuleNotFoundError as error:
        raise UsageError(
            "文件有电子签名，本机没有核对签名所需的组件",
            where=str(where),
            expected="已安装 pyHanko",
            fix="执行：pip install 'supervise[sign]'，再核验一次。",
            code="signature_package_missing",
        ) from error


def read_signature(data: bytes, length: int, trust: Sequence[Any] | None) -> Signature:
    """Examine what stands behind a report.

    Args:
        data: The whole file.
        length: Of the report at its beginning, which is intact.
        trust: Certificates that are trusted; None: do not ask.

    Raises:
        UsageError: ``signature_package_missing``.
    """
    require_pyhanko(Path())
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        with _quiet():
            found = PdfFileReader(BytesIO(data)).embedded_signatures
            if len(found) != 1:
                return Signature(flaws=("several" if found else "not_signed",))
            return _examined(found[0], data, length, trust)
    except Exception:  # three libraries read what anybody may have written
        return Signature(flaws=("unreadable",))


def _examined(found: Any, data: bytes, length: int, trust: Sequence[Any] | None) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    said = found.self_reported_timestamp
    context = ValidationContext(trust_roots=[*trust] if trust else [], moment=said)
    usage = KeyUsageConstraints(key_usage=USABLE, match_all_key_usages=False)
    status = validate_pdf_signature(found, context, key_usage_settings=usage, skip_diff=True)
    flaws: list[Flaw] = []
    sound = status.intact and status.valid
    if not (sound and _agrees_with_itself(found) and _spelt_as_written(found, data)):
        flaws.append("broken")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        flaws.append("not_whole")
    if not only_signs(data, length):
        flaws.append("changes_more")
    trusted = None if trust is None else bool(status.trusted)
    if trusted is False:
        flaws.append("untrusted")
    certificate = status.signing_cert
    return Signature(
        subject=certified_name(certificate.subject.native),
        issuer=certified_name(certificate.issuer.native),
        signed_at="" if said is None else said.astimezone(UTC).isoformat(timespec="seconds"),
        trusted=trusted,
        flaws=tuple(flaws),
    )


def _agrees_with_itself(found: Any) -> bool:
    """Whether what is not signed agrees with what is: the certificate beside it, the algorithms.

    What we sign names the digest of its certificate (RFC 5035); other programs need not.
    """
    content, signer = found.signed_data, found.signer_info
    if signer["version"].native != _VERSIONS.get(signer["sid"].name):
        return False
    if content.native["digest_algorithms"] != [signer["digest_algorithm"].native]:
        return False
    named = [
        one["values"][0]["certs"][0]
        for one in signer["signed_attrs"]
        if one["type"].native == "signing_certificate_v2"
    ]
    certificate = found.signer_cert.dump()
    return all(
        one["cert_hash"].native
        == hashlib.new(one["hash_algorithm"]["algorithm"].native, certificate).digest()
        for one in named
    )


def _spelt_as_written(found: Any, data: bytes) -> bool:
    """Whether the place that no signature can cover, its own, holds nothing but it.

    Its digits could be in mixed case, and what fills up the place behind it anything at all.
    """
    from asn1crypto.parser import peek

    _, first, second, _ = (int(each) for each in found.byte_range)
    place, contents = data[first:second], bytes(found.pkcs7_content)
    filling = contents[peek(contents) :]
    digits = contents.hex().encode()
    return place in (b"<%b>" % digits, b"<%b>" % digits.upper()) and not any(filling)


@contextmanager
def _quiet() -> Iterator[None]:
    """What the libraries would say beside is said by us, once and in words for people."""
    loggers = [logging.getLogger(name) for name in _LOUD]
    silent, before = logging.NullHandler(), [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(silent)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.removeHandler(silent)
            logger.propagate = was
