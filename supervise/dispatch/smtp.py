"""The channel that mails: SMTP over TLS, certificate checked; what each answer means.

Every dialogue has one moment from which nobody can tell what happened: the end of the message
was sent and no answer came. Before it a lost connection means *not sent*, after it *uncertain*.
So the end is sent apart from the rest.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from pathlib import Path

from supervise.core.delivery import masked
from supervise.dispatch.mail import Composer, Sender
from supervise.dispatch.outbox import Consignment, Outcome, Unreachable
from supervise.errors import DispatchError
from supervise.record import record

_END = b"\r\n.\r\n"
_DOT = re.compile(rb"(?m)^\.")
"""Doubled, so that no line of a message is taken for its end."""
_LONGEST = 200
_GO_ON, _DONE, _CLOSING, _LATER, _FINAL = 354, 250, 421, 400, 500


@record(kw_only=True)
class Server:
    """The office's mail server.

    Attributes:
        security: ``starttls`` or ``tls``; there is no way without.
        ca: Certificates to trust instead of the system's; None: the system's.
        user: Empty: no login.
        timeout: Seconds to wait for an answer.
    """

    host: str
    port: int
    security: str
    ca: Path | None
    user: str
    password: str
    timeout: int

    def __repr__(self) -> str:
        """Without the password: a trace may be written to a log."""
        return f"Server({self.host}:{self.port})"


class Smtp:
    """Mails one part after the other over one connection, renewed when it is lost.

    Args:
        server: Where.
        sender: Who sends.
        compose: Makes the mail of a part.

    Raises:
        DispatchError: ``ca_invalid``.
    """

    def __init__(self, server: Server, sender: Sender, compose: Composer) -> None:
        self._server = server
        self._sender = sender
        self._compose = compose
        self._tls = _context(server.ca)
        self._open: smtplib.SMTP | None = None

    def ready(self) -> None:
        """Connect and log in, unless that is done and still holds."""
        if self._open is not None:
            try:
                if self._open.noop()[0] == _DONE:
                    return
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        self._open = self._connected()

    def deliver(self, one: Consignment) -> Outcome:
        """Mail one part."""
        assert one.mail is not None
        message = self._compose(one.mail, one.prepared).as_bytes()
        outcome = self._sent(one.mail.to[1], message)
        return Outcome(outcome.state, _fit(outcome.detail, one.mail.to[1]))

    def close(self) -> None:
        """Say good-bye if anybody listens."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
            self._open.close()
            self._open = None

    # --- one message -------------------------------------------------------------------------

    def _sent(self, to: str, message: bytes) -> Outcome:
        """The dialogue about one message."""
        connection = self._open
        assert connection is not None
        try:
            outcome = self._announced(connection, to)
            if outcome is not None:
                return self._closing(outcome)
            connection.send(_DOT.sub(b"..", message.removesuffix(b"\r\n")))
        except (OSError, smtplib.SMTPException) as error:
            self._lost()
            return Outcome("deferred", str(error))
        try:
            connection.send(_END)
            code, said = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._lost()
            return Outcome("uncertain", str(error))
        if code < _DONE:
            self._lost()
            return Outcome("uncertain", _told(code, said))
        return self._closing(_judged(code, said) or Outcome("accepted", _told(code, said)))

    def _announced(self, connection: smtplib.SMTP, to: str) -> Outcome | None:
        """Sender, recipient, and that the message comes; None: the server wants it.

        Raises:
            DispatchError: The server does not let this sender send anything.
        """
        code, said = connection.mail(self._sender.address)
        if code >= _FINAL:
            raise DispatchError(
                f"邮件服务器不接受发件人：{_told(code, said)}",
                where=f"{self._server.host} {masked(self._sender.address)}",
                expected="该账号可以使用的发件地址",
                fix="改正发件地址（SUPERVISE_SMTP_SENDER）或账号。",
                code="sender_refused",
            )
        outcome = _judged(code, said) or _judged(*connection.rcpt(to))
        if outcome is not None:
            return outcome
        code, said = connection.docmd("DATA")
        if code == _GO_ON:
            return None
        return _judged(code, said) or Outcome("deferred", _told(code, said))

    def _closing(self, outcome: Outcome) -> Outcome:
        """Make the connection fit for the next message, or give it up."""
        if outcome.detail.startswith(str(_CLOSING)):
            self._lost()
        elif outcome.state != "accepted" and self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.rset()
        return outcome

    def _lost(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    # --- the connection ----------------------------------------------------------------------

    def _connected(self) -> smtplib.SMTP:
        """A connection with TLS and login.

        Raises:
            Unreachable: Not now.
            DispatchError: The server is not the one meant, or does not let us in.
        """
        try:
            return self._logged_in()
        except ssl.SSLCertVerificationError as error:
            raise self._fault("证书核对不通过", error.verify_message, "cert_invalid") from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._fault("不支持所要求的加密或登录", str(error), "not_supported") from error
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise Unreachable(_told(error.smtp_code, error.smtp_error)) from error
            raise self._fault("不接受账号或口令", str(error.smtp_code), "login_refused") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(str(error)) from error

    def _logged_in(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security != "tls":
                connection.starttls(context=self._tls)
            connection.ehlo()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _fault(self, what: str, detail: str, code: str) -> DispatchError:
        return DispatchError(
            f"邮件服务器{what}（{detail}）",
            where=f"{self._server.host}:{self._server.port}",
            expected="证书与主机名相符、可信，支持 STARTTLS 或 TLS，账号可用",
            fix="核对主机、端口、账号；自建证书用 --smtp-ca 指明。",
            code=code,
        )


def _context(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca) if ca is not None else None)
    except (OSError, ssl.SSLError) as error:
        raise DispatchError(
            "证书文件不能用",
            where=str(ca),
            expected="PEM 格式的 CA 证书",
            fix="改正 --smtp-ca。",
            code="ca_invalid",
        ) from error


def _judged(code: int, said: bytes) -> Outcome | None:
    """What an answer means: 2xx go on (None), 5xx never, all else later."""
    if _DONE <= code < _LATER:
        return None
    return Outcome("refused" if code >= _FINAL else "deferred", _told(code, said))


def _told(code: int, said: bytes | str) -> str:
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return f"{code} {text}"


def _fit(text: str, address: str) -> str:
    """An answer as it may be kept: one line, not long, the address masked."""
    line = "".join(c if c.isprintable() else " " for c in text)
    at = line.casefold().find(address.casefold())
    while at >= 0:
        line = line[:at] + masked(address) + line[at + len(address) :]
        at = line.casefold().find(address.casefold(), at + len(masked(address)))
    return line[:_LONGEST]
