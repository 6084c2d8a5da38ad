"""How the office mails: a YAML file, over it the environment, over it the command line.

Keys host, port, security, user, password_file, sender, sender_name, reply_to, ca, timeout,
per_minute, attempts, back_off, part_kb; each also as ``SUPERVISE_SMTP_<KEY>``. The password stands
in ``SUPERVISE_SMTP_PASSWORD`` or in a 0600 file, nowhere else. All faults are told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from supervise.errors import DispatchError, RulebookError
from supervise.read.office_table import Faults
from supervise.read.recipients import is_address, is_plain_name
from supervise.read.secret import first_line
from supervise.read.yaml import read_yaml
from supervise.record import record

PREFIX = "SUPERVISE_SMTP_"
PASSWORD = f"{PREFIX}PASSWORD"
TEXTS = ("host", "security", "user", "password_file", "sender", "sender_name", "reply_to", "ca")
NUMBERS: Mapping[str, tuple[int, int, int]] = {
    "port": (0, 0, 65_535),
    "timeout": (60, 1, 600),
    "per_minute": (30, 0, 6_000),
    "attempts": (4, 1, 20),
    "back_off": (60, 0, 3_600),
    "part_kb": (10_240, 64, 102_400),
}
"""By key: what holds if nothing is said, the least, the most."""
PORTS = {"starttls": 587, "tls": 465}
_CODE = "mail_settings_invalid"


@record(kw_only=True)
class MailSettings:
    """How to mail.

    Attributes:
        security: ``starttls`` or ``tls``.
        user: Empty: no login.
        ca: Certificates of the office's own authority; None: the system's.
        timeout: Seconds to wait for an answer.
        per_minute: Most mails a minute; 0: no limit.
        attempts: Tries of one mail in a run.
        back_off: Seconds until the second try; doubled each time.
        part_bytes: Most bytes of an attachment.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    sender_name: str
    reply_to: str
    ca: Path | None
    timeout: int
    per_minute: int
    attempts: int
    back_off: int
    part_bytes: int

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailSettings({self.host}:{self.port})"


def read_mail_settings(
    path: Path | None, environment: Mapping[str, str], given: Mapping[str, str]
) -> MailSettings:
    """Settings from all three places.

    Args:
        path: The YAML file; None: none.
        environment: As the process has it.
        given: What the command line says, by key.

    Raises:
        DispatchError: ``mail_settings_invalid`` with every fault, or ``secret_exposed``.
    """
    told = _file(path) if path is not None else {}
    for key in (*TEXTS, *NUMBERS):
        if environment.get(PREFIX + key.upper()):
            told[key] = environment[PREFIX + key.upper()]
    told |= given
    faults = Faults("邮件设置", str(path or PREFIX + "*"), _CODE, DispatchError)
    numbers = {key: _number(key, told, faults) for key in NUMBERS}
    _require(told, faults)
    faults.refuse()
    part_kb, port = numbers.pop("part_kb"), numbers.pop("port")
    security = told.get("security", "starttls")
    return MailSettings(
        host=told["host"],
        port=port or PORTS[security],
        security=security,
        user=told.get("user", ""),
        password=_password(told, environment),
        sender=told["sender"],
        sender_name=told.get("sender_name", ""),
        reply_to=told.get("reply_to", ""),
        ca=Path(told["ca"]) if told.get("ca") else None,
        part_bytes=part_kb << 10,
        **numbers,
    )


def _file(path: Path) -> dict[str, str]:
    try:
        tree = read_yaml(path)
        tree.only((*TEXTS, *NUMBERS))
        return {key: tree.text(key) for key in tree}
    except RulebookError as error:
        raise DispatchError(**{**error.parts(), "code": _CODE}) from error


def _number(key: str, told: Mapping[str, str], faults: Faults) -> int:
    usual, least, most = NUMBERS[key]
    text = told.get(key, str(usual))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
    if not least <= number <= most:
        faults.add(0, f"{key} 不能是“{text}”", expected=f"{least} 至 {most}", fix="改正。")
    return number


def _require(told: Mapping[str, str], faults: Faults) -> None:
    wanted = {"host": "邮件服务器主机名", "sender": "发件地址"}
    for key in [key for key in wanted if not told.get(key)]:
        name = PREFIX + key.upper()
        faults.add(0, f"没有写明{wanted[key]}", expected=f"{key} 或环境变量 {name}", fix="补上。")
    for key in ("sender", "reply_to"):
        if told.get(key) and not is_address(told[key]):
            faults.add(0, f"{key} 不是邮箱地址", expected="如 xw@office.example", fix="改正。")
    if not is_plain_name(told.get("sender_name", "")):
        faults.add(
            0, "sender_name 含有不能用于邮件的字符", expected="一行文字，不含标点", fix="改正。"
        )
    if told.get("security", "starttls") not in PORTS:
        faults.add(0, "security 写法不对", expected="starttls 或 tls；不加密不发", fix="改正。")


def _password(told: Mapping[str, str], environment: Mapping[str, str]) -> str:
    if not told.get("user"):
        return ""
    if environment.get(PASSWORD):
        return environment[PASSWORD]
    if told.get("password_file"):
        return first_line(Path(told["password_file"]))
    raise DispatchError(
        "没有邮箱账号的口令",
        where=told["user"],
        expected=f"环境变量 {PASSWORD}，或 password_file 所指的 0600 文件",
        fix="补上；口令不写在命令行和设置文件里。",
        code=_CODE,
    )
