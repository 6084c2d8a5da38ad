"""Lists of recipients and secrets: everything wrong is told at once, before anything leaves."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_results import Office, bank, code, name, passphrase, table
from test_distribution import asked

from supervise.core.delivery import address_digest, masked
from supervise.errors import DispatchError
from supervise.pipeline.distribution.distribute import distribute
from supervise.read.passphrases import read_passphrases
from supervise.read.recipients import is_address, is_plain_name
from supervise.read.secret import first_line

COLUMNS = ("机构代码", "机构名称", "收件部门", "邮箱", "允许共用")
SETTINGS = {"SUPERVISE_SMTP_HOST": "localhost", "SUPERVISE_SMTP_SENDER": "xw@office.example"}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    for key, value in SETTINGS.items():
        monkeypatch.setenv(key, value)
    made = Office(tmp_path)
    banks = [bank(n) for n in range(1, 9)]
    made.file(banks)
    made.list(banks)
    return made


def refused(office: Office, rows: Sequence[tuple[str, ...]], **changes: Any) -> DispatchError:
    table(office.recipients, COLUMNS, rows)
    before = office.ledger.read_bytes()
    with pytest.raises(DispatchError) as caught:
        distribute(asked(office, **({"via": "mail", "output": None} | changes)))
    assert caught.value.exit_code == 6
    assert office.ledger.read_bytes() == before
    return caught.value


def test_every_fault_of_a_list_is_told_at_once(office: Office) -> None:
    rows = [
        (code(1), name(1), "普惠部", "a@one.example", ""),
        (code(1), name(1), "普惠部", "b@one.example", ""),
        ("B9999X", "外省银行", "普惠部", "c@one.example", ""),
        (code(2), name(3), "普惠部", "d@one.example", ""),
        (code(3), name(3), "普惠部", "", ""),
        (code(4), name(4), "普惠部", "not an address", ""),
        (code(5), name(5), "普惠部\nBcc: thief@evil.example", "e@one.example", ""),
        (code(6), name(6), "普惠部", "A@ONE.example", ""),
        (code(7), name(7), "", "f@one.example", ""),
    ]
    told = refused(office, rows)
    assert told.code == "recipients_invalid"
    assert "9 处" in told.what
    for said in (
        "第 3 行：机构 B0001H233010001 重复，首见第 2 行",
        "第 4 行：机构代码“B9999X”在本期台账中没有",
        "第 5 行：机构 B0002H233010001 的名称",
        "第 6 行：“邮箱”为空",
        "第 7 行：邮箱“not an address”",
        "Bcc: thief@evil.example”含有不能用于邮件的字符",
        "邮箱“A@ONE.example”第 2 行已用于另一家机构",
        "“收件部门”为空",
        "已签发而没有收件人",
    ):
        assert said in told.where, said


NO_ADDRESSES = (
    "puhui", "puhui@", "@bank.example", "a@b", "a b@bank.example", "a@one.example,b@two.example",
    "a@bank.example\nBcc: x@y.example", "<a@bank.example>", "张三<a@bank.example>",
    "a@-x.example", "普惠@bank.example", "a..b@bank.example", "a@bank.example>",
    "a@bank..example", "a;b@c.example", "a@" + "x" * 250 + ".example",
)  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_refused(office: Office, address: str) -> None:
    rows = [(code(n), name(n), "普惠部", f"x{n}@one.example", "") for n in range(2, 9)]
    told = refused(office, [(code(1), name(1), "普惠部", address, ""), *rows])
    assert "写法不对" in told.what
    assert "1 处" not in told.what


def test_banks_share_an_address_only_where_every_row_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(*leave: str) -> list[tuple[str, ...]]:
        shared = [(code(n), name(n), "普惠部", "s@one.example", leave[n - 1]) for n in (1, 2)]
        rest = [(code(n), name(n), "普惠部", f"x{n}@one.example", "") for n in range(3, 9)]
        return [*shared, *rest]

    for leave in (("", ""), ("是", ""), ("", "是")):
        assert "允许共用" in refused(office, rows(*leave)).expected
    table(office.recipients, COLUMNS, rows("是", "是"))
    sent = distribute(asked(office, via="mail", output=None, rehearsal=True))
    assert sent.well


@given(st.text(max_size=80))
def test_no_name_that_is_let_through_can_make_a_header(text: str) -> None:
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP

    if not is_plain_name(text):
        return
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(text, "a", "bank.example")
    lines = message.as_bytes().split(b"\r\n")
    assert all(line.startswith((b"To:", b" ")) for line in lines if line)
    parsed = message["To"].addresses
    assert [one.addr_spec for one in parsed] == ["a@bank.example"]


@given(st.text(max_size=40))
def test_no_address_that_is_let_through_holds_more_than_one(text: str) -> None:
    if is_address(text):
        assert text.isascii()
        assert text.count("@") == 1
        assert not set(text) & set(' ,;:<>"()[]\\\r\n')


def test_an_address_is_kept_masked_and_as_a_digest() -> None:
    assert masked("puhui@bank.example") == "p***@bank.example"
    assert address_digest("Puhui@Bank.example") == address_digest("puhui@bank.example")


# --- secrets ----------------------------------------------------------------------------------


def secrets(path: Path, *rows: tuple[str, str], mode: int = 0o600) -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows([("机构代码", "口令"), *rows])
    path.write_text(stream.getvalue(), encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_file_that_others_can_read_is_no_secret(tmp_path: Path, mode: int) -> None:
    path = secrets(tmp_path / "s.csv", (code(1), passphrase(code(1))), mode=mode)
    with pytest.raises(DispatchError, match="其他用户"):
        read_passphrases(path, [code(1)])
    with pytest.raises(DispatchError, match="其他用户"):
        first_line(path)


def test_weak_shared_and_missing_passphrases_are_told_at_once_and_never_shown(
    tmp_path: Path,
) -> None:
    good = passphrase(code(1))
    path = secrets(
        tmp_path / "s.csv", (code(1), good), (code(2), good), (code(3), "short1"),
        (code(4), "aaaaaaaaaaaaaaa1"), (code(5), f"{code(5)}-2026"),
        (code(6), "全部是中文的口令很长很长"),
        (code(7), "onlyletterswithoutanything"),
    )  # fmt: skip
    with pytest.raises(DispatchError) as caught:
        read_passphrases(path, [code(n) for n in range(1, 9)])
    told = caught.value
    assert "7 处" in told.what
    assert "与 B0001H233010001 的口令相同" in told.where
    assert told.where.count("过弱") == 5
    assert f"机构 {code(8)} 没有口令" in told.where
    assert not any(secret in str(told.parts()) for secret in (good, "short1", "onlyletters"))


def test_a_password_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("s3cret word\r\nnot this\n", encoding="utf-8")
    path.chmod(0o600)
    assert first_line(path) == "s3cret word"
