"""Each bank its own parcel, once: what leaves, what is kept back, what is in it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from signed_results import Bank, Office, bank, code, name, passphrase, sha

from supervise.core.delivery_rows import Sent
from supervise.dispatch.sealing import unseal
from supervise.errors import DispatchError
from supervise.pipeline.distribution.distribute import distribute
from supervise.pipeline.distribution.inputs import Asked
from supervise.settings import Settings


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def asked(office: Office, **changes: Any) -> Asked:
    given: dict[str, Any] = {
        "period": "2026Q3",
        "ledger": str(office.ledger),
        "reports": [office.reports],
        "recipients": office.recipients,
        "via": "folder",
        "output": office.out,
        "settings": Settings(),
        "passphrases": office.passphrases,
    }
    return Asked(**(given | changes))


def states(sent: Sent) -> dict[str, str]:
    return {row.bank: row.fault.code if row.fault else row.state for row in sent.rows}


def three(office: Office, **changes: Any) -> list[Bank]:
    banks = [bank(1, **changes), bank(2), bank(3)]
    office.file(banks)
    office.list(banks)
    return banks


def test_each_bank_has_its_own_folder_that_nobody_else_can_read(office: Office) -> None:
    three(office)
    sent = distribute(asked(office))
    assert states(sent) == {code(n): "accepted" for n in (1, 2, 3)}
    for row in sent.rows:
        folder = office.out / row.bank / row.number
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        files = {path.name: path for path in folder.iterdir()}
        stem = f"{row.bank}-2026Q3"
        assert set(files) == {
            "manifest.json", "letter.html", f"{stem}.pdf", f"{stem}.json", f"{stem}-marked.xlsx",
        }  # fmt: skip
        assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
        assert row.name in files["letter.html"].read_text(encoding="utf-8")


def test_a_manifest_binds_every_file_and_names_no_person(office: Office) -> None:
    three(office)
    row = distribute(asked(office)).rows[0]
    folder = office.out / row.bank / row.number
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["schema"] == "supervise/parcel/1"
    assert manifest["bank"] == {"code": code(1), "name": name(1)}
    assert manifest["signed_off"] == [{"role": "处长", "on": "2026-11-10"}]
    listed = {one["path"]: one["sha256"] for one in manifest["files"]}
    there = {path.name: sha(path.read_bytes()) for path in folder.iterdir()}
    assert listed == {path: digest for path, digest in there.items() if path != "manifest.json"}
    assert "张三" not in "".join(
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix != ".pdf"
        and path.suffix != ".xlsx"
    )  # fmt: skip


def test_a_missing_package_is_told_with_what_to_install() -> None:
    tried = (
        "import sys; sys.modules['pyzipper'] = None\n"
        "from supervise.dispatch.sealing import require_package\n"
        "from supervise.errors import DispatchError\n"
        "try: require_package()\n"
        "except DispatchError as error: print(error.code, error.expected)"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("package_missing pip install 'supervise[distribute]'")


def test_a_zip_opens_with_the_banks_own_passphrase_alone(office: Office) -> None:
    three(office)
    sent = distribute(asked(office, via="zip"))
    path = office.out / code(1) / f"{sent.rows[0].number}.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    opened = unseal(path.read_bytes(), passphrase(code(1)))
    assert json.loads(opened["manifest.json"])["bank"]["code"] == code(1)
    with pytest.raises(DispatchError, match="打不开"):
        unseal(path.read_bytes(), passphrase(code(2)))


def test_the_same_parcel_is_the_same_bytes_in_another_run(office: Office, tmp_path: Path) -> None:
    three(office)
    twin = Office(_folder(tmp_path / "twin"))
    three(twin)
    found = []
    for one in (office, twin):
        row = distribute(asked(one, via="zip")).rows[0]
        found.append((one.out / row.bank / f"{row.number}.zip").read_bytes())
    assert found[0] == found[1]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_second_run_sends_nothing(office: Office) -> None:
    three(office)
    distribute(asked(office))
    before = sorted(office.out.rglob("*"))
    again = distribute(asked(office))
    assert set(states(again).values()) == {"delivered"}
    assert again.well
    assert sorted(office.out.rglob("*")) == before


def test_a_rehearsal_shows_everything_and_leaves_no_trace(office: Office) -> None:
    three(office)
    before = office.ledger.read_bytes()
    sent = distribute(asked(office, via="zip", rehearsal=True))
    assert set(states(sent).values()) == {"would_send"}
    assert [file.name for file in sent.rows[0].files][:2] == ["manifest.json", "letter.html"]
    assert not office.out.exists()
    assert office.ledger.read_bytes() == before


def test_an_unsigned_period_is_refused(office: Office) -> None:
    banks = [bank(1)]
    office.file(banks, sign=False)
    office.list(banks)
    with pytest.raises(DispatchError) as caught:
        distribute(asked(office))
    assert (caught.value.code, caught.value.exit_code) == ("not_signed_off", 6)
    assert not office.out.exists()


def test_four_eyes_are_wanted_where_they_are_asked_for(office: Office) -> None:
    three(office)
    with pytest.raises(DispatchError, match="须有 2 人"):
        distribute(asked(office, eyes=2))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"audience": "internal"}, "internal_only"),
        ({"slip": f"对比：{name(2)}"}, "other_bank_named"),
        ({"slip": f"见 {code(3)}"}, "other_bank_named"),
        ({"printed": f"对比 {name(3)}"}, "other_bank_named"),
        ({"slip": f"见 {code(3).lower()}"}, "other_bank_named"),
        ({"slip": "虚构 0002 农村商业银行　股份有限公司"}, "other_bank_named"),
    ],
)
def test_what_must_not_leave_is_stopped_alone(
    office: Office, changes: dict[str, str], fault: str
) -> None:
    three(office, **changes)
    sent = distribute(asked(office, via="zip"))
    assert states(sent) == {code(1): fault, code(2): "accepted", code(3): "accepted"}
    assert not sent.well
    assert not (office.out / code(1)).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"says": f"与 {name(2)} 发放联合贷款", "slip": f"说明：与 {name(2)} 发放联合贷款"},
        {"parent": code(2), "slip": f"取自法人 {name(2)}（{code(2)}）"},
        {"name": f"{name(2)}上海分行", "parent": code(2)},
    ],
)
def test_a_bank_may_read_of_its_own_kin_and_what_it_wrote_itself(
    office: Office, changes: dict[str, str]
) -> None:
    three(office, **changes)
    assert set(states(distribute(asked(office))).values()) == {"accepted"}


def test_a_name_within_the_banks_own_name_is_no_other_bank(office: Office) -> None:
    banks = [bank(1, name="虚构市商业银行股份有限公司"), bank(2, name="虚构市商业银行")]
    office.file(banks)
    office.list(banks)
    assert set(states(distribute(asked(office))).values()) == {"accepted"}


def swap_reports(office: Office) -> None:
    """The mistake of a programme that others had: the right name, another bank's content."""
    one, two = (office.reports / code(n) / f"{code(n)}-2026Q3.pdf" for n in (1, 2))
    one.write_bytes(two.read_bytes())


def test_a_file_that_is_not_the_one_signed_off_stops_its_parcel(office: Office) -> None:
    three(office)
    swap_reports(office)
    assert states(distribute(asked(office)))[code(1)] == "file_altered"


def test_a_report_signed_off_for_the_wrong_bank_stops_its_parcel(office: Office) -> None:
    from signed_results import Result, signed

    from supervise.record import replace

    banks = three(office)
    del banks
    results = office.file([bank(1), bank(2), bank(3)], sign=False)
    other = results[1].files[f"{code(2)}-2026Q3.pdf"]
    files = results[0].files | {f"{code(1)}-2026Q3.pdf": other}
    wrong: Result = replace(results[0], files=files)
    office.put([wrong, *results[1:]])
    with office.open() as ledger:
        ledger.append(code(1), [signed(wrong, on="2026-11-11")])
    sent = distribute(asked(office))
    assert states(sent) == {code(1): "wrong_bank", code(2): "accepted", code(3): "accepted"}


def test_a_newer_report_says_what_it_replaces_and_a_resent_one_replaces_nothing(
    office: Office,
) -> None:
    three(office)
    first = distribute(asked(office)).rows[0]
    again = distribute(asked(office, resend={code(1): "对方称没有收到"})).rows[0]
    assert (again.state, again.supersedes) == ("accepted", None)
    assert again.number == f"{first.number[:-1]}2"
    office.file([bank(1, sequence=2), bank(2), bank(3)])
    newer = distribute(asked(office)).rows[0]
    assert (newer.state, newer.supersedes) == ("accepted", again.number)
    folder = office.out / code(1) / newer.number
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["supersedes"] == again.number.rpartition("-")[0]
    assert manifest["supersedes"] in (folder / "letter.html").read_text(encoding="utf-8")
