"""A real SMTP server on loopback, with TLS, login and faults, and the certificates for it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office", "mail s3cret"
SENDER = "xw@office.example"


# --- certificates -----------------------------------------------------------------------------


class Certificates:
    """An authority of our own and what it signed for ``localhost``."""

    def __init__(self, folder: Path, host: str = "localhost") -> None:
        self.ca, self.chain = folder / "ca.pem", folder / f"{host}.pem"
        key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca = _certificate("Test CA", key.public_key(), key, None)
        names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        alternative = x509.SubjectAlternativeName(names if host == "localhost" else names[:1])
        server = _certificate(host, server_key.public_key(), key, alternative)
        self.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        shape = serialization.PrivateFormat.PKCS8
        secret = server_key.private_bytes(serialization.Encoding.PEM, shape, plain)
        self.chain.write_bytes(server.public_bytes(serialization.Encoding.PEM) + secret)

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain)
        return context


def _certificate(name: str, public: Any, key: Any, alternative: Any) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=alternative is None, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
    )
    if alternative is not None:
        made = made.add_extension(alternative, False)
    else:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, True)
    return made.sign(key, hashes.SHA256())


# --- the server -------------------------------------------------------------------------------

Fault = Callable[[str, int], str]
"""Recipient, how often a message for it came → what happens; empty: nothing special."""


def no_fault(recipient: str, time: int) -> str:
    return ""


class _Controller(Controller):
    """Knows its connections, so that it can go away as a crashed server does."""

    def factory(self) -> Any:
        made = super().factory()  # type: ignore[no-untyped-call]  # as the package has it
        self.__dict__.setdefault("made", []).append(made)
        return made

    async def cut(self) -> None:
        if self.server is not None:
            self.server.close()
        for one in self.__dict__.get("made", ()):
            for transport in (one.transport, one._original_transport):
                if transport is not None:
                    transport.abort()
        await asyncio.sleep(0.05)


class PostOffice:
    """Takes mail as a server does; ``fault`` says what goes wrong.

    ``refused``: no such mailbox. ``later``: come again. ``lost``: taken, then the line goes dead
    before the answer. ``broken``: not taken, and the line goes dead. ``slow``: taken, but the
    answer comes too late. ``rejected``: refused after the message was seen.
    """

    def __init__(self, certificates: Certificates, *, tls: bool = False, slow: float = 3) -> None:
        self.delivered: list[tuple[str, bytes]] = []
        self.tried: Counter[str] = Counter()
        self.fault: Fault = no_fault
        self.port = _free_port()
        self.password = PASSWORD
        self._slow = slow
        self._tls = tls
        self._certificates = certificates
        self._controller: _Controller | None = None
        self._lock = threading.Lock()
        self._leaving = threading.Lock()
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    # aiosmtpd calls these by name.

    async def handle_RCPT(  # noqa: N802  # its name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried[address] += 1
        self.before()
        kind = self.fault(address, self.tried[address])
        if kind == "refused":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if kind == "later":
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(  # noqa: N802  # its name
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        (address,) = envelope.rcpt_tos
        kind = self.fault(address, self.tried[address])
        if kind == "rejected":
            return "554 5.7.1 not wanted"
        assert isinstance(envelope.content, bytes)
        if kind != "broken":
            with self._lock:
                self.delivered.append((address, envelope.content))
            self.after()
        if kind in ("lost", "broken"):
            server.transport.abort()
        if kind == "slow":
            await asyncio.sleep(self._slow)
        return "250 2.0.0 taken"

    def authenticate(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = data.login == USER.encode() and data.password == self.password.encode()
        return AuthResult(success=right, handled=False)

    def start(self) -> None:
        given: dict[str, Any] = (
            {"ssl_context": self._certificates.context()}
            if self._tls
            else {
                "tls_context": self._certificates.context(),
                "require_starttls": True,
            }
        )
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self.authenticate,
            auth_required=True,
            auth_require_tls=not self._tls,
            ready_timeout=30,
            data_size_limit=64 << 20,
            **given,
        )
        self._controller.start()

    def stop(self) -> None:
        """Gone, and every line dead; whoever asks meanwhile waits until it is."""
        with self._leaving:
            if self._controller is not None:
                cut = self._controller.cut()
                asyncio.run_coroutine_threadsafe(cut, self._controller.loop).result(timeout=10)
                self._controller.stop()
                self._controller = None

    def environment(self, **changes: str) -> dict[str, str]:
        """How the office mails through it."""
        usual = {
            "HOST": "localhost", "PORT": str(self.port), "USER": USER, "PASSWORD": PASSWORD,
            "SENDER": SENDER, "SENDER_NAME": "普惠金融处", "CA": str(self._certificates.ca),
            "SECURITY": "tls" if self._tls else "starttls", "PER_MINUTE": "0", "ATTEMPTS": "3",
            "BACK_OFF": "0", "TIMEOUT": "2",
        }  # fmt: skip
        return {f"SUPERVISE_SMTP_{key}": value for key, value in (usual | changes).items()}

    def messages(self) -> list[tuple[str, EmailMessage]]:
        """What was delivered, opened."""
        parsed = [(to, message_from_bytes(data, policy=default)) for to, data in self.delivered]
        return [(to, one) for to, one in parsed if isinstance(one, EmailMessage)]


@contextmanager
def running(certificates: Certificates, **more: Any) -> Iterator[PostOffice]:
    office = PostOffice(certificates, **more)
    office.start()
    try:
        yield office
    finally:
        office.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Instant:
    """A clock whose sleep takes no time, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def attachments(message: EmailMessage) -> list[tuple[str, bytes]]:
    parts = ((one.get_filename(), one.get_content()) for one in message.iter_attachments())
    return [(str(name), bytes(data)) for name, data in parts]
