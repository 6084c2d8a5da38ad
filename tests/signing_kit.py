"""What the tests of signing share: a quarter judged and kept, and certificates made anew."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from trust_kit import NOW

from supervise.batch import Mapper
from supervise.ledger.address import parse_address
from supervise.ledger.upgrading import upgrade
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.run.keeping import keeper_of, keeping_of
from supervise.settings import PKCS12_VARIABLE, Settings

GOOD, OTHER, BLOCKED = "B9001H233010001", "B9002H233010001", "B9009H251010001"
FILES = ("rc01-yunting.xlsx", "rc02-weidu.xlsx", "rc09-chengyan.xlsx")
PERIOD = "2026Q3"
PASSPHRASE = "口令 s3cret"
SUBJECT = "示例监管局普惠金融处，示例监管局"
DAY = timedelta(days=1)


class Quarter:
    """A ledger and the folder of the run that filled it.

    Attributes:
        who: Options of ``signoff`` that are the same everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = str(folder / "quarter.db")
        self.reports = folder / "reports"

    @property
    def who(self) -> list[str]:
        return ["--ledger", self.url, "--reports", str(self.reports), "--role", "处长"]

    def evaluate(self, *, reports: Path | None = None, **wanted: Any) -> None:
        """Judge the quarter into a folder and the ledger."""
        files = wanted.pop("files", FILES)
        target = Target(folder=reports or self.reports, **wanted)
        run = Run(settings=Settings(), target=target, keeping=keeping_of(self.url, None))
        with keeper_of(run) as keeper:
            evaluate_many([NOW / name for name in files], run, Mapper(1), keeper=keeper)

    def file(self, bank: str = GOOD, end: str = ".pdf") -> Path:
        return self.reports / bank / f"{bank}-{PERIOD}{end}"

    def copied(self, folder: Path) -> Quarter:
        shutil.copytree(self.folder, folder)
        return Quarter(folder)


def judged_quarter(folder: Path) -> Quarter:
    """Two banks that can be signed off and one that is blocked."""
    made = Quarter(folder)
    upgrade(parse_address(made.url))
    made.evaluate()
    return made


# --- certificates -----------------------------------------------------------------------------


class Authority:
    """A certificate authority of our own."""

    def __init__(self, name: str = "示例根") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _certificate(name, name, self.key, self.key, authority=True)

    def pem(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path

    def pkcs12(self, path: Path, **wanted: Any) -> Path:
        """A certificate with its key in a file.

        Args:
            path: The file.
            wanted: ``rsa``, ``since`` and ``until`` (days from now), ``usage``, ``keyless``.
        """
        kind = rsa.generate_private_key(65537, 2048) if wanted.get("rsa") else None
        key = kind or ec.generate_private_key(ec.SECP256R1())
        made = _certificate("示例监管局普惠金融处", "示例根", key, self.key, **wanted)
        with_key = None if wanted.get("keyless") else key
        data = pkcs12.serialize_key_and_certificates(
            b"office", with_key, made, [self.certificate],
            BestAvailableEncryption(PASSPHRASE.encode()),
        )  # fmt: skip
        path.write_bytes(data)
        return path


def _certificate(
    subject: str, issuer: str, key: Any, by: Any, *, authority: bool = False, **wanted: Any
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only", "crl_sign", "digital_signature", "content_commitment", "key_cert_sign"),
        False,
    )  # fmt: skip
    signing: Sequence[str] = wanted.get("usage", ("digital_signature", "content_commitment"))
    usage |= dict.fromkeys(("key_cert_sign",) if authority else signing, True)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + wanted.get("since", -1) * DAY)
        .not_valid_after(now + wanted.get("until", 300) * DAY)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, "示例监管局"),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def passphrase(monkeypatch: Any, value: str = PASSPHRASE) -> None:
    monkeypatch.setenv(PKCS12_VARIABLE, value)
