"""The electronic signature of a report: what it is worth, and in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from supervise.errors import NotIntact
from supervise.read.report_parts import ReportParts, report_bytes
from supervise.read.signature import Flaw, Signature, read_signature, require_pyhanko

Trust = Sequence[Any] | None
"""Certificates that are trusted; None: nobody said which are."""
_ASK = "不要采用这份报告；向出具报告的单位索取原件。"
_WRONG: Mapping[Flaw, tuple[str, str, str]] = {
    "not_signed": (
        "报告之后追加了内容，却没有电子签名",
        "报告原件，或只追加了电子签名的报告",
        "added_to",
    ),
    "several": (
        "报告有一个以上的电子签名",
        "一个电子签名，之后不再追加",
        "signature_several",
    ),
    "broken": (
        "电子签名不成立：签名之后文件被改动过",
        "逐字节与签名时相同",
        "signature_broken",
    ),
    "not_whole": (
        "电子签名没有覆盖整个文件：签名之后追加了内容",
        "签名是最后一步，覆盖整个文件",
        "signature_not_whole",
    ),
    "changes_more": (
        "电子签名之外，报告的内容也被改动",
        "只在印章区加签名，报告其余一概不变",
        "signature_changes_more",
    ),
    "untrusted": (
        "签名证书不能追溯到受信任的证书，或在签名时无效",
        "由 --trust 所列证书签发、签名时有效、可用于签名的证书",
        "signature_untrusted",
    ),
    "unreadable": (
        "电子签名不能解读",
        "PDF 标准（PAdES 或 PKCS#7）的电子签名",
        "signature_unreadable",
    ),
}


def signature_of(
    parts: ReportParts, path: Path, trust: Trust
) -> tuple[Signature | None, tuple[NotIntact, ...]]:
    """The signature of a report, and what does not hold of it.

    Args:
        parts: The report as it was read.
        path: Where it is.
        trust: Certificates that are trusted; where some are named, a signature is expected.

    Raises:
        UsageError: What examines signatures is not installed.
    """
    if not parts.added:
        return None, () if trust is None else (_missing(path),)
    require_pyhanko(path)
    data = report_bytes(path)
    found = read_signature(data, len(data) - parts.added, trust)
    return found, tuple(_fault(flaw, path) for flaw in found.flaws)


def _missing(path: Path) -> NotIntact:
    return NotIntact(
        "报告没有电子签名",
        where=str(path),
        expected="指明了 --trust，应有可信证书的电子签名",
        fix="索取已签名的报告；不要求签名的，去掉 --trust。",
        code="signature_missing",
    )


def _fault(flaw: Flaw, path: Path) -> NotIntact:
    what, expected, code = _WRONG[flaw]
    return NotIntact(what, where=str(path), expected=expected, fix=_ASK, code=code)


def signature_told(found: Signature) -> dict[str, Any]:
    """What is told of a signature in the verification document."""
    return {
        "subject": found.subject or None,
        "issuer": found.issuer or None,
        "signed_at": found.signed_at or None,
        "trusted": found.trusted,
        "valid": not set(found.flaws) - {"untrusted"},
    }
