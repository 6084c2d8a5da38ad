"""Mail over a real SMTP server: what arrives, what each fault leads to, crashes, two at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mail_crew import killed_at
from post_office import Certificates, Instant, PostOffice, attachments, running
from signed_results import Bank, Office, address, bank, code, passphrase

from supervise.core.delivery_rows import Sent
from supervise.dispatch.sealing import unseal
from supervise.errors import DispatchError
from supervise.pipeline.distribution.distribute import distribute
from supervise.pipeline.distribution.inputs import Asked
from supervise.pipeline.distribution.outgoing import deliveries_of
from supervise.pipeline.distribution.receipts import receipts
from supervise.settings import Settings


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def post(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with running(certificates) as office:
        for key, value in office.environment().items():
            monkeypatch.setenv(key, value)
        yield office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def some(office: Office, count: int = 3, **changes: Any) -> list[Bank]:
    banks = [bank(n, **changes) for n in range(1, count + 1)]
    office.file(banks)
    office.list(banks)
    return banks


def mailed(office: Office, clock: Instant | None = None, **changes: Any) -> Sent:
    given: dict[str, Any] = {
        "period": "2026Q3",
        "ledger": str(office.ledger),
        "reports": [office.reports],
        "recipients": office.recipients,
        "via": "mail",
        "output": None,
        "settings": Settings(),
        "passphrases": office.passphrases,
    }
    return distribute(Asked(**(given | changes)), clock=clock or Instant())


def states(sent: Sent) -> dict[str, str]:
    return {row.bank: row.fault.code if row.fault else row.state for row in sent.rows}


def arrived(post: PostOffice) -> dict[str, list[dict[str, bytes]]]:
    """By bank the parcels that were delivered to its address, opened with its passphrase."""
    found: dict[str, list[dict[str, bytes]]] = {}
    for to, message in post.messages():
        owner = to.partition("@")[2].partition(".")[0].upper()
        ((_, data),) = attachments(message)
        found.setdefault(owner, []).append(unseal(data, passphrase(owner)))
    return found


def test_a_parcel_arrives_encrypted_and_announced(post: PostOffice, office: Office) -> None:
    some(office)
    sent = mailed(office)
    assert set(states(sent).values()) == {"accepted"}
    parcels = arrived(post)
    assert {owner: len(found) for owner, found in parcels.items()} == {
        code(n): 1 for n in (1, 2, 3)
    }
    for owner, (parcel,) in parcels.items():
        assert f'"code": "{owner}"' in parcel["manifest.json"].decode()
    to, message = post.messages()[0]
    number = sent.rows[0].number
    assert message["Message-ID"] == f"<{number}@office.example>"
    assert str(message["To"]) == f"普惠金融部 <{to}>"
    assert str(message["From"]) == "普惠金融处 <xw@office.example>"
    assert number.rpartition("-")[0] in str(message["Subject"])
    body = message.get_body()
    assert body is not None
    assert "7-Zip" in body.get_content()
    with office.open() as ledger:
        part = deliveries_of(ledger, "2026Q3")[code(1)][0].parts[0]
    assert part.address == f"p***@{code(1).lower()}.example"
    assert [step.state for step in part.steps] == ["prepared", "sending", "accepted"]


# aiosmtpd does not see that the whole connection is encrypted.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_tls_from_the_first_byte_works_too(
    certificates: Certificates, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(office, 1)
    with running(certificates, tls=True) as post:
        for key, value in post.environment().items():
            monkeypatch.setenv(key, value)
        assert set(states(mailed(office)).values()) == {"accepted"}
        assert len(post.delivered) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"PASSWORD": "wrong"}, "login_refused"),
        ({"CA": ""}, "cert_invalid"),
        ({"HOST": "127.0.0.1", "SECURITY": "ssl"}, "mail_settings_invalid"),
        ({"PASSWORD": ""}, "mail_settings_invalid"),
        ({"SENDER": "not an address"}, "mail_settings_invalid"),
        ({"PER_MINUTE": "-1"}, "mail_settings_invalid"),
    ],
)
def test_a_server_that_is_not_the_one_meant_gets_nothing(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch, changes: Any, fault: str
) -> None:
    some(office, 2)
    for key, value in post.environment(**changes).items():
        monkeypatch.setenv(key, value)
    with pytest.raises(DispatchError) as caught:
        mailed(office)
    assert caught.value.code == fault
    told = "".join(caught.value.parts().values())
    assert "s3cret" not in told
    assert post.delivered == []
    for key, value in post.environment().items():
        monkeypatch.setenv(key, value)
    assert set(states(mailed(office)).values()) == {"accepted"}


def test_a_host_name_that_the_certificate_does_not_bear_is_refused(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(office, 1)
    with running(Certificates(tmp_path, "mail.example")) as post:
        for key, value in post.environment().items():
            monkeypatch.setenv(key, value)
        with pytest.raises(DispatchError, match="证书") as caught:
            mailed(office)
    assert caught.value.code == "cert_invalid"
    assert post.delivered == []


@pytest.mark.parametrize(
    "case",
    [
        ("refused", "refused", 0),
        ("rejected", "refused", 0),
        ("lost", "uncertain", 1),
        ("broken", "uncertain", 0),
        ("slow", "uncertain", 1),
    ],
)
def test_one_fault_stops_nobody_else_and_is_not_tried_again(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, int]
) -> None:
    kind, state, copies = case
    banks = some(office)
    monkeypatch.setenv("SUPERVISE_SMTP_TIMEOUT", "1")
    post.fault = lambda to, time: kind if to == address(banks[1]) else ""
    assert states(mailed(office)) == {code(1): "accepted", code(2): state, code(3): "accepted"}
    post.fault = lambda to, time: ""
    again = mailed(office)
    assert states(again) == {code(1): "delivered", code(2): state, code(3): "delivered"}
    assert not again.well
    assert Counter(to for to, _ in post.delivered)[address(banks[1])] == copies
    resent = mailed(office, resend={code(2): "已向对方核实没有收到"})
    assert states(resent)[code(2)] == "accepted"
    assert Counter(to for to, _ in post.delivered)[address(banks[1])] == copies + 1


def test_what_the_server_puts_off_is_sent_later_in_the_same_run(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    banks = some(office)
    monkeypatch.setenv("SUPERVISE_SMTP_BACK_OFF", "60")
    post.fault = lambda to, time: "later" if to == address(banks[0]) and time < 3 else ""
    clock = Instant()
    assert set(states(mailed(office, clock)).values()) == {"accepted"}
    assert sum(clock.slept) == pytest.approx(60 + 120)
    assert len(post.delivered) == 3


def test_what_is_put_off_too_often_waits_for_the_next_run(post: PostOffice, office: Office) -> None:
    banks = some(office)
    post.fault = lambda to, time: "later" if to == address(banks[0]) and time < 4 else ""
    first = mailed(office)
    assert states(first)[code(1)] == "deferred"
    assert "451" in first.rows[0].detail
    assert states(mailed(office))[code(1)] == "accepted"


def test_a_refused_address_is_used_again_only_once_it_was_mended(
    post: PostOffice, office: Office
) -> None:
    banks = some(office)
    post.fault = lambda to, time: "refused" if to == address(banks[1]) else ""
    refused = mailed(office).rows[1]
    assert "no such mailbox" in refused.detail
    assert address(banks[1]) not in refused.detail
    office.list(banks, **{code(2): {"邮箱": f"xw@{code(2).lower()}.example"}})
    mended = mailed(office).rows[1]
    assert mended.state == "accepted"
    assert mended.number != refused.number
    assert mended.supersedes is None


def test_a_server_that_goes_away_in_mid_run_leaves_the_rest_for_later(
    post: PostOffice, office: Office
) -> None:
    some(office, 5)

    def gone() -> None:
        if len(post.delivered) == 2:
            threading.Thread(target=post.stop).start()

    post.after = gone
    first = mailed(office)
    assert not first.well
    assert set(states(first).values()) <= {"accepted", "deferred", "uncertain"}
    assert len(post.delivered) >= 2
    post.after = lambda: None
    post.stop()
    post.start()
    mailed(office)
    _require_once(post, office, [code(n) for n in range(1, 6)])


def test_a_rate_limit_is_kept(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(office, 4)
    monkeypatch.setenv("SUPERVISE_SMTP_PER_MINUTE", "6")
    clock = Instant()
    mailed(office, clock)
    assert clock.slept == [10, 10, 10]


def test_a_large_parcel_comes_in_parts_that_fit_together_after_a_crash(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    banks = some(office, 1, filler=300 << 10)
    monkeypatch.setenv("SUPERVISE_SMTP_PART_KB", "100")
    killed_at(post, office, 2, taken=True, PART_KB="100")
    assert len(post.delivered) == 2
    sent = mailed(office)
    assert states(sent) == {code(1): "uncertain"}
    numbers = [str(message["Message-ID"]) for _, message in post.messages()]
    assert len(numbers) == len(set(numbers)) == sent.rows[0].parts > 2
    parts = dict(attachments(message)[0] for _, message in post.messages())
    assert [name[-4:] for name in sorted(parts)] == [f".{n:03}" for n in range(1, len(parts) + 1)]
    joined = b"".join(parts[name] for name in sorted(parts))
    assert "manifest.json" in unseal(joined, passphrase(banks[0].code))


def test_parts_of_another_passphrase_are_not_mixed_with_those_that_left(
    post: PostOffice, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(office, 1, filler=300 << 10)
    monkeypatch.setenv("SUPERVISE_SMTP_PART_KB", "100")
    post.fault = lambda to, time: "later" if time > 1 else ""
    assert states(mailed(office)) == {code(1): "deferred"}
    secret = office.passphrases.read_text(encoding="utf-8")
    office.passphrases.write_text(secret.replace(passphrase(code(1)), "another-Passphrase-77"))
    post.fault = lambda to, time: ""
    assert states(mailed(office)) == {code(1): "changed"}
    assert len(post.delivered) == 1


@pytest.mark.parametrize("taken", [True, False])
def test_a_run_that_is_killed_sends_nothing_twice(
    post: PostOffice, office: Office, taken: bool
) -> None:
    some(office, 4)
    killed_at(post, office, 2, taken=taken)
    assert len(post.delivered) == (2 if taken else 1)
    assert states(mailed(office)) == {
        code(1): "delivered", code(2): "uncertain", code(3): "accepted", code(4): "accepted",
    }  # fmt: skip
    _require_once(post, office, [code(n) for n in range(1, 5)])


def test_two_runs_at_once_send_everything_once(post: PostOffice, office: Office) -> None:
    banks = some(office, 8)
    found: list[Sent] = []

    def run() -> None:
        found.append(mailed(office))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=100)
    assert len(found) == 2
    assert Counter(to for to, _ in post.delivered) == {address(one): 1 for one in banks}
    assert {row.state for row in receipts("2026Q3", str(office.ledger))} == {"accepted"}


def _require_once(post: PostOffice, office: Office, banks: list[str]) -> None:
    """Each bank has its own parcel once, or stands among the uncertain and refused."""
    parcels = arrived(post)
    stands = {row.bank: row.state for row in receipts("2026Q3", str(office.ledger))}
    for one in banks:
        if stands[one] == "accepted":
            assert len(parcels[one]) == 1
        else:
            assert stands[one] in ("uncertain", "refused")
            assert len(parcels.get(one, [])) <= 1
        for parcel in parcels.get(one, []):
            assert f'"code": "{one}"' in parcel["manifest.json"].decode()


def small_quarter(count: int) -> dict[str, str]:
    """Which bank meets which fault: one in twenty, all kinds."""
    kinds = ("refused", "later", "lost", "broken", "slow", "rejected")
    return {f"puhui@{code(n).lower()}.example": kinds[n // 20 % 6] for n in range(7, count, 20)}


def _quarter(post: PostOffice, office: Office, count: int, kills: list[int]) -> None:
    banks = [bank(n) for n in range(1, count + 1)]
    office.file(banks)
    office.list(banks)
    faults = small_quarter(count)

    def fault(to: str, time: int) -> str:
        kind = faults.get(to, "")
        return "" if kind == "later" and time > 1 else kind

    post.fault = fault
    for number, message in enumerate(kills):
        killed_at(post, office, message, taken=number % 2 == 0, TIMEOUT="2")
    last = mailed(office)
    codes = [one.code for one in banks]
    _require_once(post, office, codes)
    told = Counter(row.state for row in last.rows)
    lost = told["uncertain"] + told["refused"]
    assert told["accepted"] + told["delivered"] + lost == count
    assert told["accepted"] + told["delivered"] >= count - len(faults) - len(kills)
    print(f"\n{count} parcels, {len(faults)} faults, {len(kills)} kills: {dict(told)}")


def test_fifty_parcels_with_faults_and_kills(post: PostOffice, office: Office) -> None:
    _quarter(post, office, 50, [4, 9, 13])


@pytest.mark.soak
def test_a_thousand_parcels_with_faults_and_five_kills(post: PostOffice, office: Office) -> None:
    _quarter(post, office, 1000, [60, 150, 200, 170, 120])
