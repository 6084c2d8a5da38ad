"""An electronically signed copy beside each report that was signed off.

The last step: the report itself stays as it is, and the digests of the sign-off are its own. A copy
that is there already and signed by the same certificate is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from supervise.core.whole_file import sealed_length
from supervise.errors import DispatchError, why_not
from supervise.pipeline.saving import save
from supervise.pipeline.signing.signoff import Asked, Told
from supervise.read.secret import read_secret
from supervise.read.signature import read_signature
from supervise.read.words import read_words
from supervise.record import record, replace
from supervise.settings import PKCS12_VARIABLE
from supervise.write.electronic_signature import Certificate, read_certificate, sign_report

_LARGEST = 1024 * 1024


@record
class Pen:
    """What a run signs with.

    Attributes:
        certificate: By whom.
        drawn: What is seen in the seal area, a PDF.
    """

    certificate: Certificate
    drawn: bytes


def pen_of(pkcs12: Path, asked: Asked, lang: str, templates: Path | None) -> Pen:
    """Open the certificate and draw what will be seen, before anything is recorded.

    Raises:
        DispatchError: The certificate or its passphrase is of no use.
        RenderingError: What is to be seen cannot be rendered.
    """
    passphrase = read_secret(PKCS12_VARIABLE)
    if passphrase is None:
        raise DispatchError(
            "没有给出证书文件的口令",
            where=str(pkcs12),
            expected=f"环境变量 {PKCS12_VARIABLE}，或 {PKCS12_VARIABLE}_FILE 指明的 0600 文件",
            fix="设好其中之一再运行；口令不写在命令行上。",
            code="pkcs12_passphrase_missing",
        )
    certificate = read_certificate(_bytes(pkcs12), passphrase, str(pkcs12), datetime.now(UTC))
    return Pen(certificate, _drawn(certificate.subject, asked.signer.on, lang, templates))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError as error:
        raise DispatchError(
            "证书文件不能打开",
            where=str(path),
            expected=f"可以读取的 PKCS#12 文件（{why_not(error)}）",
            fix="检查 --pkcs12 的路径和权限。",
            code="pkcs12_missing",
        ) from error


def _drawn(subject: str, on: str, lang: str, templates: Path | None) -> bytes:
    from supervise.write.numbers import Numbers
    from supervise.write.press import Credits
    from supervise.write.report import Renderer

    words = read_words(lang)
    day = date.fromisoformat(on)
    shown: dict[str, Any] = {
        "lang": words.lang,
        "subject": subject,
        "day": Numbers(words).day(day),
    }
    credits_ = Credits(
        title=words("signature.title"), author=subject, subject="", keywords=(), day=day
    )
    plain = Renderer(words=words, templates=templates, variant=None)
    return plain.printed("signature.html.j2", "signature.css", credits_, s=shown)


def sign_reports(told: Iterable[Told], asked: Asked, pen: Pen) -> Iterator[Told]:
    """Sign the report of every bank that this person has signed off.

    Raises:
        DispatchError: ``no_seal_area``: a report does not say where.
        UsageError: A copy cannot be written.
    """
    for one in told:
        if one.result not in ("signed", "already") or one.papers is None:
            yield one
            continue
        report = (asked.reports / one.papers.report).read_bytes()
        copy = asked.reports / one.papers.signed_report
        if not _is_signed(copy, report, pen.certificate.subject):
            save(
                copy,
                sign_report(report, pen.certificate, pen.drawn),
                what="签名的报告写不进结果文件夹",
                expected="可以写入的文件夹",
                fix="检查磁盘空间和权限，再运行一次：已登记的签发不会重复。",
            )
        yield replace(one, signed_report=one.papers.signed_report, subject=pen.certificate.subject)


def _is_signed(copy: Path, report: bytes, subject: str) -> bool:
    if not copy.is_file():
        return False
    data = copy.read_bytes()
    if not data.startswith(report) or sealed_length(data) != len(report):
        return False
    found = read_signature(data, len(report), None)
    return not found.flaws and found.subject == subject


def remove_signed(told: Iterable[Told], asked: Asked) -> None:
    """Take away the signed copies of what was withdrawn, lest they leave all the same."""
    for one in told:
        if one.result == "withdrawn" and one.papers is not None:
            (asked.reports / one.papers.signed_report).unlink(missing_ok=True)
