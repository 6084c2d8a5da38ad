"""Reports signed electronically: the report untouched, the signature sound, any change found."""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from signing_kit import (
    GOOD,
    OTHER,
    PASSPHRASE,
    PERIOD,
    SUBJECT,
    Authority,
    Quarter,
    passphrase,
)
from test_cli import Console, run
from trust_kit import codes

from supervise.cli import main
from supervise.core.whole_file import sealed_length
from supervise.errors import DispatchError
from supervise.ledger.address import parse_address
from supervise.ledger.later_records import SignedOff
from supervise.ledger.ledger import Ledger
from supervise.pipeline.verify.files import verify_files
from supervise.pipeline.verify.signature import _fault
from supervise.read.error_words import in_language
from supervise.read.signature import Flaw, read_signature, read_trust
from supervise.settings import PKCS12_VARIABLE, Settings
from supervise.write import electronic_signature as signing
from supervise.write.press import Credits, Press
from supervise.write.typeface import SHIPPED
from supervise.write.verification import Verified

SIGNED = "-signed.pdf"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def signed(
    judged: Quarter, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Quarter:
    """A quarter whose reports were signed off and signed."""
    made = judged.copied(tmp_path_factory.mktemp("signed") / "quarter")
    authority.pem(made.folder / "ca.pem")
    certificate = authority.pkcs12(made.folder / "office.p12")
    with pytest.MonkeyPatch.context() as patch:
        passphrase(patch)
        with pytest.raises(SystemExit):
            main(["signoff", PERIOD, *made.who, "--by", "张三", "--pkcs12", str(certificate),
                  "--on", "2026-10-20"])  # fmt: skip
    return made


@pytest.fixture
def quarter(judged: Quarter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quarter:
    """One that nobody has signed; the right passphrase is set."""
    passphrase(monkeypatch)
    return judged.copied(tmp_path / "quarter")


def verified(path: Path, trust: Path | None = None) -> Verified:
    return verify_files([path], Settings(), trust=trust)[0]


def sign(capsys: Console, quarter: Quarter, certificate: Path, *more: object) -> tuple[int, str]:
    told = run(
        capsys, "signoff", PERIOD, *quarter.who, "--by", "张三", "--bank", GOOD,
        "--pkcs12", certificate, *more,
    )  # fmt: skip
    assert PASSPHRASE not in told[1] + told[2]
    return told[0], told[1] + told[2]


# --- what a signature is ----------------------------------------------------------------------


def test_the_report_stands_unchanged_before_its_signature(signed: Quarter) -> None:
    report, copy = signed.file().read_bytes(), signed.file(end=SIGNED).read_bytes()
    assert copy.startswith(report)
    assert sealed_length(copy) == len(report)
    with Ledger(parse_address(signed.url)) as ledger:
        one = dict(ledger.records(SignedOff))[GOOD]
    assert hashlib.sha256(copy[: sealed_length(copy)]).hexdigest() == one.report


def test_verify_says_who_signed_and_that_nobody_vouched_for_it(signed: Quarter) -> None:
    found = verified(signed.file(end=SIGNED))
    assert (found.result, found.repeated) == ("intact", True)
    assert found.signature is not None
    assert found.signature["subject"] == SUBJECT
    assert found.signature["issuer"] == "示例根，示例监管局"
    assert (found.signature["valid"], found.signature["trusted"]) == (True, None)
    assert found.signature["signed_at"].endswith("+00:00")


def test_verify_follows_the_chain_to_a_root_that_is_named(
    signed: Quarter, tmp_path: Path, capsys: Console
) -> None:
    copy = signed.file(end=SIGNED)
    code, out, _ = run(capsys, "verify", copy, "--trust", signed.folder / "ca.pem")
    assert code == 0
    assert f"电子签名完好，覆盖整个文件：{SUBJECT}" in out
    assert "证书可信" in out
    stranger = Authority("另一个根").pem(tmp_path / "stranger.pem")
    found = verified(copy, stranger)
    assert codes(found) == ["signature_untrusted"]
    assert found.signature is not None
    assert (found.signature["valid"], found.signature["trusted"]) == (True, False)


def test_where_a_root_is_named_a_report_must_be_signed(signed: Quarter) -> None:
    assert codes(verified(signed.file(), signed.folder / "ca.pem")) == ["signature_missing"]
    assert verified(signed.file()).signature is None


def test_a_file_without_certificates_is_no_trust(capsys: Console, signed: Quarter) -> None:
    for path in (signed.file(end=".json"), signed.file(), signed.folder / "none.pem"):
        code, _, told = run(capsys, "verify", signed.file(), "--trust", path)
        assert code == 2
        assert "trust_unreadable" in told


def test_the_signed_report_is_the_archival_file_that_it_was(signed: Quarter) -> None:
    with pikepdf.open(signed.file()) as report, pikepdf.open(signed.file(end=SIGNED)) as copy:
        assert bytes(copy.Root.Metadata.read_bytes()) == bytes(report.Root.Metadata.read_bytes())
        assert copy.docinfo.unparse(resolved=True) == report.docinfo.unparse(resolved=True)
        assert copy.pdf_version == "1.7"
        assert "/Version" not in copy.Root
        (field,) = copy.Root.AcroForm.Fields
        assert {str(key) for key in field.AP} == {"/N"}
        assert int(field.F) & 4, "it is printed"
        drawn = field.AP.N.Resources.XObject.Drawn
        fonts = [font.DescendantFonts[0].FontDescriptor for font in drawn.Resources.Font.values()]
        assert fonts
        assert all("/FontFile2" in font for font in fonts), "every typeface is in the file"


@pytest.mark.real
def test_other_readers_find_the_signature_sound_and_the_file_whole(signed: Quarter) -> None:
    copy = signed.file(end=SIGNED)
    told = subprocess.run(["pdfsig", "-nocert", copy], capture_output=True, text=True, check=True)
    assert "Signature Field Name: seal" in told.stdout
    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout
    subprocess.run(["qpdf", "--check", copy], capture_output=True, check=True)


@pytest.mark.real
def test_what_is_drawn_stands_in_the_seal_area_alone(signed: Quarter, tmp_path: Path) -> None:
    pages = []
    for name in (".pdf", SIGNED):
        command = ["pdftoppm", "-r", "36", "-f", "1", "-l", "1", str(signed.file(end=name))]
        pages.append(subprocess.run(command, capture_output=True, check=True).stdout)
    header, width = pages[0].index(b"255\n") + 4, int(pages[0].split()[1])
    assert len(pages[0]) == len(pages[1])
    changed = {
        ((n - header) // 3 % width, (n - header) // 3 // width)
        for n in range(header, len(pages[0]))
        if pages[0][n] != pages[1][n]
    }
    columns, rows = {x for x, _ in changed}, {y for _, y in changed}
    assert changed
    assert columns <= set(range(23, 83)), "17 to 57 mm at 36 dots an inch"
    assert rows <= set(range(368, 407)), "11 to 36 mm from below"


# --- what is found ----------------------------------------------------------------------------


def test_a_byte_changed_in_the_report_is_found(signed: Quarter, tmp_path: Path) -> None:
    data = signed.file(end=SIGNED).read_bytes()
    for place in (20, 100_000, sealed_length(data) - 20):
        spoilt = tmp_path / "spoilt.pdf"
        spoilt.write_bytes(flipped(data, place))
        assert verified(spoilt).result == "not_intact"


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_a_byte_changed_in_the_signature_is_found(signed: Quarter) -> None:
    data = signed.file(end=SIGNED).read_bytes()
    length, place = sealed_length(data), data.index(b"<3082")
    dice = random.Random(1)
    places = [dice.randrange(length, place) for _ in range(8)]
    places += [dice.randrange(place, place + 2_600) for _ in range(35)]
    places += [dice.randrange(place + 2_600, place + 16_000) for _ in range(4)]
    places += [dice.randrange(place + 16_400, len(data)) for _ in range(10)]
    for one in [*places, length, len(data) - 1]:
        spoilt = flipped(data, one)
        assert sealed_length(spoilt) == length
        assert read_signature(spoilt, length, None).flaws, f"{one - length} bytes behind the report"


@pytest.mark.parametrize("after", [b"\n", b"\n% a remark\n%%EOF\n"])
def test_what_follows_the_signature_is_found(signed: Quarter, tmp_path: Path, after: bytes) -> None:
    spoilt = tmp_path / "spoilt.pdf"
    spoilt.write_bytes(signed.file(end=SIGNED).read_bytes() + after)
    (code,) = codes(verified(spoilt))
    assert code in ("signature_not_whole", "signature_unreadable")


@pytest.mark.parametrize("after", [b"\n", b"%%EOF\n", b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_what_follows_a_report_that_is_not_signed_is_found(
    signed: Quarter, tmp_path: Path, after: bytes
) -> None:
    spoilt = tmp_path / "spoilt.pdf"
    spoilt.write_bytes(signed.file().read_bytes() + after)
    (code,) = codes(verified(spoilt))
    assert code in ("added_to", "signature_unreadable")


def page_redrawn(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"BT ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def attachment_exchanged(writer: Any) -> None:
    files = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    files[1]["/EF"]["/F"] = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    writer.update_container(files[1])


def pages_told_to_show_otherwise(writer: Any) -> None:
    writer.root["/PageMode"] = generic.pdf_name("/FullScreen")
    writer.update_root()


@pytest.mark.parametrize(
    "change", [page_redrawn, attachment_exchanged, pages_told_to_show_otherwise]
)
def test_who_signs_a_report_that_he_changed_is_found_though_trusted(
    signed: Quarter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Any], None],
) -> None:
    made = signing._writer

    def changing(report: bytes) -> Any:
        writer = made(report)
        change(writer)
        return writer

    monkeypatch.setattr(signing, "_writer", changing)
    spoilt = tmp_path / "spoilt.pdf"
    spoilt.write_bytes(signing.sign_report(signed.file().read_bytes(), pen(signed), drawn()))
    found = verified(spoilt, signed.folder / "ca.pem")
    assert codes(found) == ["signature_changes_more"]


def pen(quarter: Quarter) -> signing.Certificate:
    data = (quarter.folder / "office.p12").read_bytes()
    return signing.read_certificate(data, PASSPHRASE, "office.p12", datetime.now(UTC))


def drawn() -> bytes:
    return printed("<p>签</p>")


def printed(markup: str) -> bytes:
    told = Credits(title="", author="", subject="", keywords=(), day=None)
    return Press("@page { size: 40mm 25mm }", (SHIPPED,), None).print(markup, told)


def test_a_report_that_was_signed_twice_is_not_taken(signed: Quarter, tmp_path: Path) -> None:
    from pyhanko.sign import signers

    writer = IncrementalPdfFileWriter(io.BytesIO(signed.file().read_bytes()))
    for name in ("one", "two"):
        told = signers.PdfSignatureMetadata(field_name=name)
        out = signers.sign_pdf(writer, told, pen(signed).signer)
        writer = IncrementalPdfFileWriter(io.BytesIO(out.getvalue()))
    spoilt = tmp_path / "twice.pdf"
    spoilt.write_bytes(out.getvalue())
    assert codes(verified(spoilt)) == ["signature_several"]


def test_what_is_wrong_with_a_signature_is_told_in_english_too() -> None:
    for flaw in get_args(Flaw):
        told = in_language(_fault(flaw, Path("a.pdf")), "en")
        assert all(part.isascii() for part in told.parts().values()), flaw


def test_without_the_library_a_signature_is_not_passed_over(
    capsys: Console, signed: Quarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    code, _, told = run(capsys, "verify", signed.file(end=SIGNED))
    assert code == 2
    assert "pip install 'supervise[sign]'" in told
    assert run(capsys, "verify", signed.file())[0] == 0


# --- certificates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"since": -30, "until": -1}, "certificate_expired"),
        ({"since": 1, "until": 30}, "certificate_not_yet_valid"),
        ({"keyless": True}, "pkcs12_without_key"),
    ],
)
def test_a_certificate_that_cannot_sign_now_is_refused_before_anything_is_recorded(
    capsys: Console, quarter: Quarter, authority: Authority, wanted: dict[str, Any], code: str
) -> None:
    left, told = sign(capsys, quarter, authority.pkcs12(quarter.folder / "x.p12", **wanted))
    assert (left, code in told) == (6, True)
    with Ledger(parse_address(quarter.url)) as ledger:
        assert ledger.records(SignedOff) == []


def test_a_wrong_passphrase_is_refused_and_not_repeated(
    capsys: Console, quarter: Quarter, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = authority.pkcs12(quarter.folder / "x.p12")
    passphrase(monkeypatch, "wr0ng-one")
    left, told = sign(capsys, quarter, certificate)
    assert (left, "pkcs12_passphrase" in told, "wr0ng-one" in told) == (6, True, False)
    monkeypatch.delenv(PKCS12_VARIABLE)
    left, told = sign(capsys, quarter, certificate)
    assert (left, "pkcs12_passphrase_missing" in told) == (6, True)


def test_the_passphrase_may_stand_in_a_file_of_its_owner_alone(
    capsys: Console, quarter: Quarter, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, secret = authority.pkcs12(quarter.folder / "x.p12"), quarter.folder / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    monkeypatch.delenv(PKCS12_VARIABLE)
    monkeypatch.setenv(PKCS12_VARIABLE + "_FILE", str(secret))
    secret.chmod(0o640)
    left, told = sign(capsys, quarter, certificate)
    assert (left, "secret_exposed" in told) == (6, True)
    secret.chmod(0o600)
    assert sign(capsys, quarter, certificate)[0] == 0
    secret.unlink()
    left, told = sign(capsys, quarter, certificate)
    assert (left, "secret_unreadable" in told) == (6, True)


def test_what_is_no_certificate_file_is_named_so(capsys: Console, quarter: Quarter) -> None:
    for path, code in (
        (quarter.file(end=".json"), "not_pkcs12"),
        (Path("none.p12"), "pkcs12_missing"),
    ):
        left, told = sign(capsys, quarter, path)
        assert (left, code in told) == (6, True)


def test_a_copy_that_is_signed_is_left_alone_and_one_by_another_is_not(
    capsys: Console, quarter: Quarter, authority: Authority
) -> None:
    copy = quarter.file(end=SIGNED)
    sign(capsys, quarter, authority.pkcs12(quarter.folder / "a.p12", rsa=True))
    first = copy.read_bytes()
    sign(capsys, quarter, quarter.folder / "a.p12")
    assert copy.read_bytes() == first
    copy.write_bytes(first[:-1])
    _, told = sign(capsys, quarter, quarter.folder / "a.p12", "--format", "json")
    one = json.loads(told)["banks"][0]
    assert one["signed_report"] == f"{GOOD}/{GOOD}-{PERIOD}{SIGNED}"
    assert one["certificate"] == SUBJECT
    trust = read_trust(authority.pem(quarter.folder / "ca.pem"))
    again = copy.read_bytes()
    assert read_signature(again, sealed_length(again), trust).trusted
    assert not quarter.file(OTHER, SIGNED).exists()


def test_a_certificate_that_is_not_for_signing_is_not_trusted(
    capsys: Console, quarter: Quarter, authority: Authority
) -> None:
    wrong = authority.pkcs12(quarter.folder / "x.p12", usage=("key_encipherment",))
    sign(capsys, quarter, wrong)
    found = verified(quarter.file(end=SIGNED), authority.pem(quarter.folder / "ca.pem"))
    assert codes(found) == ["signature_untrusted"]


def test_a_report_that_does_not_say_where_is_not_signed(signed: Quarter) -> None:
    with pytest.raises(DispatchError) as caught:
        signing.sign_report(printed("<p>no seal</p>"), pen(signed), drawn())
    assert caught.value.code == "no_seal_area"
