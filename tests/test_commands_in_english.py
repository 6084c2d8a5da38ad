"""What the commands of an office print in English: lines and faults alike."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from sample_files import HOME
from signing_kit import FILES, GOOD, OTHER, PERIOD, Quarter

from supervise.cli.main import main
from supervise.ledger.address import parse_address
from supervise.ledger.upgrading import upgrade

WORDY = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef·]")
FOREIGN = re.compile('"[^"]*"|[(]or [^)]*[)]|(?:type|province): .*|云汀农村商业银行股份有限公司')
"""What was typed, headings and words that a list must have, and the name of a bank."""
COLUMNS = "机构代码,机构名称,机构类型,省份,报送期限\n"
BANK = f"{GOOD},云汀农村商业银行股份有限公司,农村商业银行,浙江省,2026-10-20\n"


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    """One bank, evaluated and kept, and the lists of an office: sound ones and wrong ones."""
    made = Quarter(tmp_path_factory.mktemp("english"))
    upgrade(parse_address(made.url))
    made.evaluate(pdf=False, files=FILES[:1])
    files = {
        "banks.csv": COLUMNS + BANK + BANK.replace(GOOD, OTHER),
        "wrong.csv": COLUMNS
        + BANK
        + f"{GOOD},,农商,浙,2026-1x\nx,x,农村商业银行,浙江省,2020-01-01\n",
        "cut.csv": "机构代码,机构名称\n",
        "to.csv": "机构代码,机构名称,收件部门,邮箱\nx,x,a@b,bad\n,,,\n",
        "receipts.csv": "机构代码,送达编号,清单摘要,情况,日期\nx,x,x,x,x\n",
        "opinions.yaml": f"period: {PERIOD}\nbanks:\n  {GOOD}:\n    due: 1\n    due: 2\n",
        "judgements.yaml": "judgements:\n  - {bank: x, period: 2026Q3}\n",
        "proofs/a.json": "{}",
    }
    for name, text in files.items():
        path = made.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return made


COMMANDS = (
    ("status {P} {L} --register {D}/banks.csv", 1, "Not complete"),
    ("status {P} {L} --register {D}/banks.csv --format xlsx -o {D}/s.xlsx", 1, "status of filings"),
    ("status {P} {L} --register {D}/wrong.csv", 2, "errors in the register"),
    ("status {P} {L} --register {D}/cut.csv", 2, 'The column "机构类型" is missing'),
    ("status {P} --register {D}/banks.csv", 2, "where the filings are to be taken from"),
    ("status {P} {L} --register {D}/banks.csv --on x", 2, "The date is wrong: x"),
    ("history {B} {L}", 0, "Grade 1"),
    ("history 农村 {L} --format xlsx -o {D}/h.xlsx", 0, "quarters of the institution"),
    ("history x {L}", 2, 'no institution "x"'),
    ("summary {P} {L} -o {D}/sum --no-pdf", 0, ""),
    ("summary 2025Q1 {L} -o {D}/sum --no-pdf", 2, "no evaluations of 2025Q1"),
    ("ledger verify {L}", 0, "Ledger intact"),
    ("ledger verify {L} --head x", 5, "no run with this head digest"),
    ("ledger export {L} -o {D}/banks.csv/x", 2, "export cannot be written"),
    ("judge template {P} {L} -o {D}/j.xlsx", 0, "Judging workbook"),
    ("judge template 2025Q1 {L} -o {D}/j.xlsx", 2, "no evaluation of 2025Q1"),
    ("judge import {D}/banks.csv {L}", 2, "The judging workbook cannot be read"),
    ("judge overdue {L} --on 2026-11-20", 0, "no rectification is overdue"),
    ("judge overdue {L} --format xlsx -o {D}/o.xlsx", 0, "overdue rectification"),
    ("signoff {P} {L} --reports {R} --by A --role B", 6, ""),
    ("signoff 2025Q1 {L} --reports {R} --by A --role B", 6, "no filings of 2025Q1"),
    ("distribute {P} {L} --reports {R} --recipients {D}/to.csv -o {D}/out", 6, ""),
    ("receipts {P} {L}", 0, ""),
    ("receipts {P} {L} --format xlsx -o {D}/r.xlsx", 0, "deliveries"),
    ("receipts import {D}/receipts.csv {L}", 6, "errors in the list of receipts"),
    ("rules freeze {P} {L}", 0, "Rural commercial bank"),
    ("rules freeze 2025Q1 {L}", 2, "no peer values of 2025Q1"),
    ("verify {D}/banks.csv", 2, "cannot be verified"),
    ("evaluate {F} -o {D}/e --no-pdf --proofs {D}/proofs", 0, "This is no proof of self-check"),
    ("evaluate {F} -o {D}/e --no-pdf --opinions {D}/opinions.yaml", 2, "Key 'due' twice"),
    ("evaluate {F} -o {D}/e --no-pdf --judgements {D}/judgements.yaml", 2, "Missing: "),
    ("evaluate {F} -o {D}/e --cluster h", 2, "no address of a cluster"),
    ("evaluate {F} -o {D}/e --cluster tcp://h:1 --workers 2", 2, "exclude each other"),
)  # fmt: skip


@pytest.mark.parametrize(("command", "code", "part"), COMMANDS, ids=[one[0] for one in COMMANDS])
def test_a_command_prints_english(
    quarter: Quarter, capsys: pytest.CaptureFixture[str], command: str, code: int, part: str
) -> None:
    places = {
        "P": PERIOD, "B": GOOD, "D": quarter.folder, "R": quarter.reports,
        "L": f"--ledger {quarter.url}", "F": HOME / PERIOD / FILES[0],
    }  # fmt: skip
    with pytest.raises(SystemExit) as left:
        main([*command.format(**places).split(), "--lang", "en"])
    shown = capsys.readouterr()
    told = shown.out + shown.err
    assert left.value.code == code, told
    assert part in told
    assert not [line for line in told.splitlines() if WORDY.search(FOREIGN.sub("", line))], told


def test_what_is_not_intact_is_told_in_english_to_machines_too(
    quarter: Quarter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document = json.loads(quarter.file(end=".json").read_text(encoding="utf-8"))
    document["period"] = "2026Q4"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["verify", str(path), "--format", "json", "--lang", "en"])
    assert left.value.code == 8
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["message"] == "The evaluation document does not match its own digest"


def test_an_interruption_and_a_fault_of_our_own_are_told_in_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, told in ((KeyboardInterrupt(), "Interrupted."), (LookupError(), "Internal error")):

        def broken(*_: object, error: BaseException = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(importlib.import_module("supervise.cli.main"), "_run", broken)
        with pytest.raises(SystemExit):
            main(["status", "--lang", "en"])
        assert capsys.readouterr().err.startswith(told)
