"""A report PDF → the same bytes with an electronic signature behind them; pyHanko signs.

In: the report, a certificate with its key, and what is drawn into the seal area. The report stays
as it is, its metadata too; the signature certifies that nothing may follow.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from supervise.core.persons import certified_name
from supervise.core.whole_file import SEAL
from supervise.errors import DispatchError
from supervise.record import record

DIGEST = "sha256"
_ROOM = 16384
"""Bytes kept free for the signature with its certificates."""


@record(kw_only=True)
class Certificate:
    """A certificate with its private key.

    Attributes:
        signer: pyHanko's.
        subject: Whom it names.
    """

    signer: Any
    subject: str


def read_certificate(data: bytes, passphrase: str, where: str, now: datetime) -> Certificate:
    """Open a PKCS#12 file.

    Args:
        data: Its bytes.
        passphrase: Never shown.
        where: What it is called, for messages.
        now: When it is to sign.

    Raises:
        DispatchError: The passphrase is wrong, the key is missing, the certificate is not valid
            now, it cannot be used, or pyHanko is not installed.
    """
    _require_pyhanko(where)
    from cryptography.hazmat.primitives.serialization import pkcs12

    secret = passphrase.encode()
    try:
        key, found, _ = pkcs12.load_key_and_certificates(data, secret)
    except Exception as error:
        raise _not_opened(data, where) from error
    if key is None or found is None:
        raise _unusable(where, "证书文件里没有私钥，或没有与私钥相配的证书", "pkcs12_without_key")
    _require_valid(found.not_valid_before_utc, found.not_valid_after_utc, now, where)
    from pyhanko.sign.signers import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(data, [], secret)
        signer.get_signature_mechanism_for_digest(DIGEST)
    except Exception as error:
        raise _unusable(where, "证书的密钥种类不能用来签名", "pkcs12_unsupported") from error
    assert signer.signing_cert is not None
    signer.embed_roots = False  # who trusts a root has it, and nothing would cover its bytes here
    return Certificate(signer=signer, subject=certified_name(signer.signing_cert.subject.native))


def _require_pyhanko(where: str) -> None:
    try:
        import pyhanko  # noqa: F401  # is it there
    except ModuleNotFoundError as error:
        raise DispatchError(
            "电子签名所需的组件没有安装",
            where=where,
            expected="已安装 pyHanko",
            fix="执行：pip install 'supervise[sign]'",
            code="signature_package_missing",
        ) from error


def _not_opened(data: bytes, where: str) -> DispatchError:
    from asn1crypto.pkcs12 import Pfx

    try:
        is_one = Pfx.load(data)["version"].native == "v3"
    except ValueError:
        is_one = False
    if is_one:
        return DispatchError(
            "证书文件打不开：口令不对，或加密方式过旧",
            where=where,
            expected="与证书文件相符的口令（口令不在此显示）",
            fix="核对环境变量 SUPERVISE_PKCS12_PASSWORD（或 …_FILE 所指文件）；过旧的，转存一次。",
            code="pkcs12_passphrase",
        )
    return _unusable(where, "文件不是 PKCS#12 证书文件", "not_pkcs12")


def _unusable(where: str, what: str, code: str) -> DispatchError:
    return DispatchError(
        what,
        where=where,
        expected="含私钥和证书的 PKCS#12 文件（.p12 或 .pfx），密钥为 RSA 或 ECDSA",
        fix="向证书签发机构换取；国密 SM2 证书请用本局的签章系统签署未签名的报告。",
        code=code,
    )


def _require_valid(since: datetime, until: datetime, now: datetime, where: str) -> None:
    if since <= now <= until:
        return
    expired = now > until
    raise DispatchError(
        "证书已过有效期，不能签名" if expired else "证书尚未生效，不能签名",
        where=where,
        expected=f"签名时有效的证书（此证书 {since:%Y-%m-%d} 至 {until:%Y-%m-%d} 有效）",
        fix="换用有效的证书；并核对本机时钟。",
        code="certificate_expired" if expired else "certificate_not_yet_valid",
    )


def sign_report(report: bytes, certificate: Certificate, drawn: bytes) -> bytes:
    """Sign a report.

    Args:
        report: The PDF as it was written.
        certificate: By whom.
        drawn: A PDF of one page of the seal area's size: what is seen there.

    Raises:
        DispatchError: ``no_seal_area``: the report does not say where it is to be signed.
    """
    from pyhanko.sign import fields, signers

    writer = _writer(report)
    page, area = _area(writer.prev)
    told = signers.PdfSignatureMetadata(
        field_name=SEAL,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    place = fields.SigFieldSpec(SEAL, on_page=page, box=area)
    signer = signers.PdfSigner(
        told, certificate.signer, stamp_style=_appearance(drawn), new_field_spec=place
    )
    signed = BytesIO()
    signer.sign_pdf(writer, output=signed, bytes_reserved=_ROOM)
    return signed.getvalue()


def _writer(report: bytes) -> Any:
    """Adds to the end what signs, and leaves the report the PDF/A that it was."""
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Adding(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Nothing: title, producer and dates are the report's, and XMP agrees with them."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """Nothing: PDF/A-3 is PDF 1.7."""

        def register_extension(self, ext: DeveloperExtension) -> None:
            """Only those to PDF 1.7."""
            if ext.base_version == "/1.7":
                super().register_extension(ext)

    return Adding(BytesIO(report))


def _area(reader: Any) -> tuple[int, tuple[int, int, int, int]]:
    """Page and edges of the seal area, in whole points within it."""
    try:
        named = reader.root["/Names"]["/Dests"]["/Names"]
        found = [named[n + 1] for n in range(0, len(named), 2) if named[n] == SEAL]
        _, fit, *edges = found[0]
        pages = [kid.reference for kid in _pages(reader.root["/Pages"])]
        number = pages.index(found[0].raw_get(0).reference)
        left, bottom, right, top = (float(each) for each in edges)
        if fit != "/FitR" or right - left < 1 or top - bottom < 1:
            raise ValueError("area")
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise DispatchError(
            "报告里没有印章区，不知签在何处",
            expected='本版本写出的报告；本局版式的封面有 id="seal" 的印章区',
            fix='用本版本重新评价；或在本局的 cover.html.j2 里给印章区加上 id="seal"。',
            code="no_seal_area",
        ) from error
    return number, (round(left), round(bottom), round(right), round(top))


def _pages(tree: Any) -> Any:
    """The pages in order, as references."""
    kids = tree["/Kids"]
    for place in range(len(kids)):
        if kids[place]["/Type"] == "/Pages":
            yield from _pages(kids[place])
        else:
            yield kids.raw_get(place)


def _appearance(drawn: bytes) -> Any:
    """What is drawn, as pyHanko wants it: a stamp that is its background alone, edge to edge."""
    from pyhanko.pdf_utils import content, layout
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    class Drawn(content.PdfContent):
        def render(self) -> bytes:
            page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(drawn)))
            self.resources.xobject["/Drawn"] = page
            left, bottom, right, top = (float(edge) for edge in page.get_object()["/BBox"])
            self.box = layout.BoxConstraints(width=right - left, height=top - bottom)
            return b"/Drawn Do"

    edge_to_edge = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MID,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins(),
        inner_content_scaling=layout.InnerScaling.STRETCH_FILL,
    )
    return StaticStampStyle(
        border_width=0, background=Drawn(), background_layout=edge_to_edge, background_opacity=1.0
    )
