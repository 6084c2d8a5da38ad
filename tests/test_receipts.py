"""Who has its report and who has not; receipts that bind a parcel; reminders."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from post_office import Certificates, Instant, PostOffice, running
from signed_results import Office, address, bank, code, name, table
from test_distribution import asked

from supervise.core.period import Period
from supervise.errors import DispatchError, NotIntact, UsageError
from supervise.pipeline.distribution.distribute import distribute
from supervise.pipeline.distribution.receipts import receipts, shown, take_receipts
from supervise.pipeline.distribution.reminding import Reminding, remind
from supervise.pipeline.verify.acknowledging import acknowledge
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.receipts_told import receipts_text

COLUMNS = ("机构代码", "送达编号", "清单摘要", "情况", "日期")
COMMAND = Path(sys.executable).with_name("supervise")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    banks = [bank(n) for n in (1, 2, 3)]
    made.file(banks)
    made.list(banks)
    return made


def states(office: Office) -> dict[str, str]:
    return {row.bank: row.state for row in receipts("2026Q3", str(office.ledger))}


def parcel(office: Office, number: int) -> Path:
    (folder,) = (office.out / code(number)).iterdir()
    return folder


def manifest(office: Office, number: int) -> dict[str, Any]:
    data = (parcel(office, number) / "manifest.json").read_bytes()
    return {**json.loads(data), "sha256": sha256(data).hexdigest()}


def test_a_banks_receipt_closes_its_delivery(office: Office, tmp_path: Path) -> None:
    assert set(states(office).values()) == {"unsent"}
    distribute(asked(office))
    assert set(states(office).values()) == {"accepted"}
    receipt = acknowledge(parcel(office, 1), tmp_path / "r.json", "2026-11-20")
    assert take_receipts(receipt, str(office.ledger)) == (1, 1)
    assert take_receipts(receipt, str(office.ledger)) == (1, 0)
    assert states(office) == {code(1): "acknowledged", code(2): "accepted", code(3): "accepted"}
    row = receipts("2026Q3", str(office.ledger))[0]
    assert row.sent
    assert row.received


def test_no_receipt_is_made_of_a_parcel_that_is_not_whole(office: Office, tmp_path: Path) -> None:
    distribute(asked(office))
    folder = parcel(office, 1)
    letter = folder / "letter.html"
    whole = letter.read_bytes()
    letter.write_bytes(whole + b" ")
    with pytest.raises(NotIntact, match="letter"):
        acknowledge(folder, tmp_path / "r.json", "2026-11-20")
    letter.write_bytes(whole)
    listed = folder / "manifest.json"
    listed.write_bytes(listed.read_bytes().replace("处长".encode(), "科长".encode()))
    with pytest.raises(NotIntact, match="manifest"):
        acknowledge(listed, tmp_path / "r.json", "2026-11-20")
    with pytest.raises(UsageError):
        acknowledge(office.reports / "manifest.json", tmp_path / "r.json", "2026-11-20")
    assert not (tmp_path / "r.json").exists()


def test_a_receipt_for_another_parcel_acknowledges_nothing(office: Office, tmp_path: Path) -> None:
    distribute(asked(office))
    receipt = acknowledge(parcel(office, 1), tmp_path / "r.json", "2026-11-20")
    told = json.loads(receipt.read_text(encoding="utf-8"))
    for changes in ({"content": "0" * 64}, {"bank": code(2)}, {"parcel": "2026Q3-X-1"}):
        receipt.write_text(json.dumps(told | changes), encoding="utf-8")
        with pytest.raises(DispatchError) as caught:
            take_receipts(receipt, str(office.ledger))
        assert caught.value.code == "receipt_invalid"
    assert set(states(office).values()) == {"accepted"}


def test_of_a_list_with_a_fault_nothing_is_taken(office: Office, tmp_path: Path) -> None:
    distribute(asked(office))
    one, two = manifest(office, 1), manifest(office, 2)
    path = tmp_path / "receipts.csv"
    good = (code(1), one["parcel"], one["sha256"], "已签收", "2026-11-20")
    bad = [
        (code(2), two["parcel"], one["sha256"], "已签收", "2026-11-20"),
        (code(2), two["parcel"], two["sha256"][:12], "看过", "昨天"),
        (code(3), two["parcel"], two["sha256"], "已取走", "2026-11-20"),
    ]
    table(path, COLUMNS, [good, *bad])
    with pytest.raises(DispatchError) as caught:
        take_receipts(path, str(office.ledger))
    assert "4 处" in caught.value.what
    assert set(states(office).values()) == {"accepted"}
    table(path, COLUMNS, [good, (code(2), two["parcel"], two["sha256"][:12], "已取走", "20261121")])
    assert take_receipts(path, str(office.ledger)) == (2, 2)
    assert states(office) == {code(1): "acknowledged", code(2): "collected", code(3): "accepted"}


def test_the_answer_as_a_workbook_and_as_a_document(office: Office) -> None:
    distribute(asked(office))
    rows = receipts("2026Q3", str(office.ledger))
    book = openpyxl.load_workbook(io.BytesIO(shown("2026Q3", rows, "xlsx", Settings())))
    assert book.sheetnames == ["待办", "全部"]
    cells = [[cell.value for cell in row] for row in book["全部"].iter_rows()]
    assert [row[:2] for row in cells[-3:]] == [[code(n), name(n)] for n in (1, 2, 3)]
    document = json.loads(shown("2026Q3", rows, "json", Settings()))
    assert document["schema"] == "supervise/receipts/1"
    assert document["counts"]["accepted"] == 3
    for lang in ("zh", "en"):
        text = shown("2026Q3", rows, "text", Settings(lang=lang)).decode()
        assert code(1) in text


# --- mail -------------------------------------------------------------------------------------


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with running(Certificates(tmp_path)) as made:
        for key, value in made.environment().items():
            monkeypatch.setenv(key, value)
        yield made


def reminding(office: Office, **changes: Any) -> Reminding:
    given: dict[str, Any] = {
        "period": "2026Q3", "ledger": str(office.ledger), "recipients": office.recipients,
        "settings": Settings(), "rehearsal": False, "mail": None, "mail_given": {},
    }  # fmt: skip
    return Reminding(**(given | changes))


def test_only_who_has_not_acknowledged_is_reminded(
    post: PostOffice, office: Office, tmp_path: Path
) -> None:
    distribute(asked(office))
    take_receipts(acknowledge(parcel(office, 1), tmp_path / "r.json", ""), str(office.ledger))
    rehearsal = remind(reminding(office, rehearsal=True), clock=Instant())
    assert [row.state for row in rehearsal.rows] == ["would_remind", "would_remind"]
    assert post.delivered == []
    assert remind(reminding(office), clock=Instant()).well
    assert [to for to, _ in post.delivered] == [address(bank(2)), address(bank(3))]
    message = post.messages()[0][1]
    assert not list(message.iter_attachments())
    assert "回执" in str(message["Subject"])
    row = receipts("2026Q3", str(office.ledger))[1]
    assert (row.state, row.reminders) == ("accepted", 1)
    remind(reminding(office), clock=Instant())
    numbers = [str(one["Message-ID"]) for _, one in post.messages()]
    assert len(set(numbers)) == 4
    folder = parcel(office, 2)
    take_receipts(acknowledge(folder, tmp_path / "r.json", ""), str(office.ledger))
    assert states(office)[code(2)] == "acknowledged"


def test_a_receipt_settles_what_nobody_knew(
    post: PostOffice, office: Office, tmp_path: Path
) -> None:
    from post_office import attachments
    from signed_results import passphrase

    from supervise.dispatch.sealing import unseal

    post.fault = lambda to, time: "lost" if to == address(bank(1)) else ""
    distribute(asked(office, via="mail", output=None), clock=Instant())
    assert states(office)[code(1)] == "uncertain"
    ((_, data),) = attachments(post.messages()[0][1])
    folder = tmp_path / "opened"
    folder.mkdir()
    for file, content in unseal(data, passphrase(code(1))).items():
        (folder / file).write_bytes(content)
    receipt = acknowledge(folder, tmp_path / "r.json", "2026-11-20")
    assert take_receipts(receipt, str(office.ledger)) == (1, 1)
    assert states(office)[code(1)] == "acknowledged"


# --- the commands -----------------------------------------------------------------------------


def supervise(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [str(COMMAND), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_commands_from_end_to_end(office: Office, tmp_path: Path) -> None:
    given = [
        "distribute", "2026Q3", "--ledger", office.ledger, "--reports", office.reports,
        "--recipients", office.recipients,
    ]  # fmt: skip
    assert supervise(*given).returncode == 2
    rehearsal = supervise(*given, "-o", office.out, "--dry-run")
    assert rehearsal.returncode == 0, rehearsal.stderr
    assert "预演" in rehearsal.stdout
    assert f"{code(1)}-2026Q3.pdf" in rehearsal.stdout
    sent = supervise(*given, "-o", office.out)
    assert sent.returncode == 0, sent.stderr
    assert "已送达 3 家" in sent.stdout
    again = supervise(*given, "-o", office.out, "--lang", "en", "--format", "json")
    assert json.loads(again.stdout)["counts"]["delivered"] == 3
    stuck = supervise(*given, "-o", office.out, "--resend", code(1))
    assert (stuck.returncode, "--reason" in stuck.stderr) == (2, True)
    acknowledge(parcel(office, 1), tmp_path / "r.json", "2026-11-20")
    taken = supervise("receipts", "import", tmp_path / "r.json", "--ledger", office.ledger)
    assert taken.returncode == 0, taken.stderr
    told = supervise("receipts", "--ledger", office.ledger, "2026Q3")
    assert told.returncode == 0, told.stderr
    assert "尚未全部签收" in told.stdout
    listed = tmp_path / "r.xlsx"
    written = supervise(
        "receipts", "2026Q3", "--ledger", office.ledger, "--format", "xlsx", "-o", listed
    )
    assert written.returncode == 0, written.stderr
    assert listed.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", "没有已签发或已送达"), ("en", "nothing signed off or delivered")]
)
def test_a_period_without_deliveries_is_not_called_complete(lang: str, told: str) -> None:
    text = receipts_text(Period(2026, 4), (), read_words(lang))
    assert told in text
    assert "全部签收" not in text
    assert "All acknowledged" not in text


def test_an_unsigned_period_ends_with_6(office: Office) -> None:
    done = supervise(
        "distribute", "2026Q2", "--ledger", office.ledger, "--reports", office.reports,
        "--recipients", office.recipients, "-o", office.out,
    )  # fmt: skip
    assert done.returncode == 6
    assert "not_signed_off" in done.stderr
