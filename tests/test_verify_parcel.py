"""``supervise verify`` of a parcel, by the bank that has it: complete, unchanged, and its own."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from signing_kit import GOOD, OTHER, PERIOD, Authority, Quarter, passphrase
from test_cli import Console, run
from trust_kit import codes

from supervise.core.proof import seal_of
from supervise.pipeline.verify.files import verify_files
from supervise.settings import Settings
from supervise.write.verification import Verified


@pytest.fixture(scope="module")
def sent(judged: Quarter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``distribute`` laid out for two banks, with their reports signed."""
    made = judged.copied(tmp_path_factory.mktemp("sent") / "quarter")
    authority = Authority()
    authority.pem(made.folder / "ca.pem")
    recipients = made.folder / "recipients.csv"
    recipients.write_text(
        "机构代码,机构名称,收件部门,文件夹\n"
        + f"{GOOD},云汀农村商业银行股份有限公司,普惠金融部,云汀\n"
        + f"{OTHER},苇渡农村商业银行股份有限公司,普惠金融部,苇渡\n",
        encoding="utf-8",
    )
    certificate = authority.pkcs12(made.folder / "office.p12")
    with pytest.MonkeyPatch.context() as patch:
        passphrase(patch)
        call("signoff", PERIOD, *made.who, "--by", "张三", "--pkcs12", certificate)
    call(
        "distribute", PERIOD, *made.who[:4], "--recipients", recipients, "-o", made.folder / "out",
        "--via", "folder",
    )  # fmt: skip
    return made.folder


def call(*arguments: object) -> None:
    from supervise.cli import main

    with pytest.raises(SystemExit):
        main([str(one) for one in arguments])


def parcel_of(sent: Path, bank: str) -> Path:
    (manifest,) = (
        path
        for path in (sent / "out").rglob("manifest.json")
        if json.loads(path.read_text(encoding="utf-8"))["bank"]["code"] == bank
    )
    return manifest.parent


@pytest.fixture
def parcel(sent: Path, tmp_path: Path) -> Path:
    """One bank's parcel, to be spoilt."""
    return Path(shutil.copytree(parcel_of(sent, GOOD), tmp_path / "parcel"))


def verified(path: Path, trust: Path | None = None) -> Verified:
    return verify_files([path], Settings(), trust=trust)[0]


def test_a_parcel_is_intact_and_comes_to_the_same_again(parcel: Path, sent: Path) -> None:
    found = verified(parcel / "manifest.json", sent / "ca.pem")
    assert codes(found) == []
    assert (found.kind, found.result, found.repeated) == ("parcel", "intact", True)
    assert (found.told["bank"], found.told["period"], found.told["documents"]) == (GOOD, PERIOD, 5)
    assert found.signature is not None
    assert (found.signature["valid"], found.signature["trusted"]) == (True, True)


def test_a_bank_may_name_the_folder_or_a_zip(capsys: Console, parcel: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "bank"), "zip", parcel))
    code, out, _ = run(capsys, "verify", parcel, archive)
    assert code == 0
    lines = out.splitlines()
    assert [line.partition("：")[0] for line in lines] == ["parcel", "bank.zip"]
    assert all("送达件完好，所列 5 个文件齐全未改，均属收件机构" in line for line in lines)
    assert all("电子签名完好" in line for line in lines)


def test_a_pdf_that_is_a_zip_too_is_examined_as_what_people_see(
    parcel: Path, tmp_path: Path
) -> None:
    """Else a page of one's own could stand before an intact parcel."""
    archive = Path(shutil.make_archive(str(tmp_path / "bank"), "zip", parcel))
    both = tmp_path / "report.pdf"
    both.write_bytes(b"%PDF-1.7\n" + archive.read_bytes() + b"%%EOF\n")
    found = verified(both)
    assert (found.kind, found.result) == ("report", "not_intact")


def test_what_is_wrong_with_a_parcel_is_told_in_english_too(
    capsys: Console, sent: Path, parcel: Path
) -> None:
    strange = parcel_of(sent, OTHER)
    for end in (".pdf", ".json", "-marked.xlsx", "-signed.pdf"):
        data = (strange / f"{OTHER}-{PERIOD}{end}").read_bytes()
        (parcel / f"{GOOD}-{PERIOD}{end}").write_bytes(data)
    sealed_anew(parcel)
    _, _, told = run(capsys, "verify", parcel, "--lang", "en")
    assert "other_bank" in told
    assert told.isascii()


@pytest.mark.parametrize(
    "end", [f"{PERIOD}.pdf", "-signed.pdf", f"{PERIOD}.json", "-marked.xlsx", "letter.html"]
)
def test_a_file_that_was_changed_or_is_missing_is_named(parcel: Path, end: str) -> None:
    (path,) = (one for one in parcel.iterdir() if one.name.endswith(end))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = verified(parcel)
    assert codes(found) == ["document_altered"]
    assert found.faults[0].where == path.name
    path.unlink()
    assert codes(verified(parcel)) == ["document_missing"]


def test_a_manifest_that_was_changed_is_found(parcel: Path) -> None:
    path = parcel / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(GOOD, OTHER, 1), encoding="utf-8")
    assert "manifest_altered" in codes(verified(parcel))


def sealed_anew(parcel: Path, change: Callable[[dict[str, Any]], None] | None = None) -> None:
    """As who can write manifests could."""
    path = parcel / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for one in manifest["files"]:
        data = (parcel / one["path"]).read_bytes()
        one |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    if change is not None:
        change(manifest)
    manifest["digest"] = seal_of(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (".pdf", "other_bank"),
        ("-signed.pdf", "other_report"),
        (".json", "other_bank"),
        ("-marked.xlsx", "other_bank"),
    ],
)
def test_a_part_of_another_bank_is_found_though_the_manifest_agrees(
    sent: Path, parcel: Path, end: str, code: str
) -> None:
    strange = parcel_of(sent, OTHER) / f"{OTHER}-{PERIOD}{end}"
    (parcel / f"{GOOD}-{PERIOD}{end}").write_bytes(strange.read_bytes())
    sealed_anew(parcel)
    found = verified(parcel)
    assert found.result == "not_intact"
    assert code in codes(found)


def test_a_parcel_without_its_report_is_not_complete(parcel: Path) -> None:
    def without(manifest: dict[str, Any]) -> None:
        manifest["files"] = [one for one in manifest["files"] if one["kind"] != "report"]

    sealed_anew(parcel, without)
    assert codes(verified(parcel)) == ["parcel_incomplete"]


def test_an_evaluation_that_was_not_signed_off_is_found(parcel: Path) -> None:
    sealed_anew(parcel, lambda manifest: manifest.update(document="0" * 64))
    assert "other_result" in codes(verified(parcel))


@pytest.mark.parametrize("name", ["../outside", "a/b", "c:d", "", "manifest.json"])
def test_a_manifest_that_reaches_out_is_refused(parcel: Path, name: str) -> None:
    def reaching(manifest: dict[str, Any]) -> None:
        manifest["files"][0]["path"] = name

    sealed_anew(parcel, reaching)
    assert codes(verified(parcel)) == ["document_incomplete"]


def test_where_a_root_is_named_an_unsigned_parcel_is_not_enough(sent: Path, parcel: Path) -> None:
    def without(manifest: dict[str, Any]) -> None:
        manifest["files"] = [one for one in manifest["files"] if one["kind"] != "signed_report"]

    sealed_anew(parcel, without)
    assert codes(verified(parcel)) == []
    assert codes(verified(parcel, sent / "ca.pem")) == ["signature_missing"]


def test_a_zip_that_is_encrypted_is_to_be_opened_first(parcel: Path, tmp_path: Path) -> None:
    from supervise.dispatch.sealing import seal

    archive = tmp_path / "sealed.zip"
    archive.write_bytes(seal({one.name: one.read_bytes() for one in parcel.iterdir()}, "S3cret"))
    found = verified(archive)
    assert (codes(found), found.result) == (["zip_encrypted"], "unreadable")


@pytest.mark.parametrize("spoilt", ["outside", "twice", "many", "bomb", "cut"])
def test_a_zip_that_is_no_parcel_is_refused(parcel: Path, tmp_path: Path, spoilt: str) -> None:
    archive = tmp_path / "bank.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(parcel / "manifest.json", "manifest.json")
        if spoilt == "outside":
            made.writestr("../outside", b"")
        elif spoilt == "twice":
            with pytest.warns(UserWarning, match="Duplicate"):
                made.writestr("manifest.json", b"{}")
        elif spoilt == "many":
            for number in range(40):
                made.writestr(f"{number}", b"")
        elif spoilt == "bomb":
            made.writestr("large", b"\0" * (65 * 1024 * 1024))
    if spoilt == "cut":
        data = archive.read_bytes()
        archive.write_bytes(data[:60] + bytes(40) + data[100:])
    assert codes(verified(archive)) == ["zip_damaged"]
    assert not (tmp_path.parent / "outside").exists()


def test_a_bank_acknowledges_what_is_intact_and_nothing_else(
    capsys: Console, parcel: Path, tmp_path: Path
) -> None:
    receipt, manifest = tmp_path / "receipt.json", parcel / "manifest.json"
    assert run(capsys, "verify", manifest, "--acknowledge", receipt)[0] == 0
    told = json.loads(receipt.read_text(encoding="utf-8"))
    assert told["bank"] == GOOD
    assert told["content"] == hashlib.sha256(manifest.read_bytes()).hexdigest()
    receipt.unlink()
    assert run(capsys, "verify", manifest, manifest, "--acknowledge", receipt)[0] == 2
    (parcel / "letter.html").unlink()
    assert run(capsys, "verify", manifest, "--acknowledge", receipt)[0] == 8
    assert not receipt.exists()
