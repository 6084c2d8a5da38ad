"""Signed-off results, small and invented: what ``evaluate`` and ``signoff`` leave, without them.

Each bank has its workbook with a cover, an evaluation document, a report that carries both, and
a marked copy; all in the folder of a run, with its manifest, and signed off in a ledger.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from ledgers import PERIOD, filing
from plain_workbook import SHEET, pack, parts, workbook_xml, worksheet

from supervise.core.comparing.results import result_digest
from supervise.json_text import to_json
from supervise.ledger.address import parse_address
from supervise.ledger.drafting import packed_documents
from supervise.ledger.filing import Filing
from supervise.ledger.later_records import SignedOff
from supervise.ledger.ledger import Ledger
from supervise.ledger.past import excerpt
from supervise.ledger.upgrading import upgrade
from supervise.record import record, replace
from supervise.write.manifest import RunRow, manifest_document


def code(number: int) -> str:
    return f"B{number:04}H233010001"


def name(number: int) -> str:
    return f"虚构{number:04}农村商业银行股份有限公司"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@record(kw_only=True)
class Bank:
    """One bank's results; what differs from the usual is given by name."""

    code: str
    name: str
    period: str = PERIOD
    audience: str = "bank"
    sequence: int = 1
    parent: str | None = None
    says: str = ""
    """In the bank's own workbook."""
    slip: str = ""
    """In the evaluation document, and nowhere in the bank's workbook."""
    printed: str = ""
    """On the pages of the report, and nowhere else."""
    filler: int = 0
    """Bytes that do not pack, so that a parcel is large."""


def bank(number: int, **changes: Any) -> Bank:
    return Bank(**({"code": code(number), "name": name(number)} | changes))


def workbook(one: Bank, remark: str = "") -> bytes:
    """A workbook with a cover, and nothing else."""
    rows = [("机构名称", one.name), ("机构代码", one.code), ("报告期", one.period)]
    rows += [("说明", one.says), ("批注", remark)]
    cells = "".join(
        f'<row r="{at}"><c r="B{at}" t="inlineStr"><is><t>{label}</t></is></c>'
        f'<c r="C{at}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for at, (label, text) in enumerate(rows, 6)
    )
    content = parts() | {SHEET: worksheet(cells)}
    content["xl/workbook.xml"] = workbook_xml('<sheet name="封面" sheetId="1" r:id="rId1"/>')
    return pack(content)


def evaluation(one: Bank, submission: str) -> bytes:
    """A document with what is read of it on the way out."""
    noise = hashlib.shake_256(one.code.encode()).hexdigest(one.filler // 2 or 1)
    document = {
        "schema": "supervise/evaluation/1",
        "program": "0.3.0",
        "status": "passed",
        "evaluation": {"kind": "monitoring", "stage": "final", "audience": one.audience},
        "submission": {
            "file": f"{one.code}.xlsx",
            "sha256": submission,
            "period": one.period,
            "sequence": one.sequence,
            "bank": {"code": one.code, "name": one.name},
        },
        "rulebook": {"digest": sha(b"law"), "version": "0.3.0", "overlay": None},
        "findings": [{"message": one.slip}],
        "noise": noise,
    }
    return to_json({**document, "digest": result_digest(document)}).encode()


def report(one: Bank, document: bytes, filed: bytes) -> bytes:
    """A report that carries its evidence and has one page, printed as ours are."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    _print(pdf, page, f"{one.name} {one.code} {one.printed}")
    for file, data in (("evaluation.json", document), ("submission.xlsx", filed)):
        pdf.attachments[file] = pikepdf.AttachedFileSpec(pdf, data, filename=file)
    pdf.docinfo["/Keywords"] = f"number, {sha(filed)}, {sha(b'law')}"
    pdf.docinfo["/Creator"] = "supervise 0.3.0"
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _print(pdf: pikepdf.Pdf, page: Any, text: str) -> None:
    """A line in a font that exists by its table of characters alone."""
    codes = sorted({ord(character) for character in text})
    table = "".join(f"<{code:04x}> <{code:04x}>\n" for code in codes)
    unicode = pdf.make_stream(f"{len(codes)} beginbfchar\n{table}endbfchar".encode())
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, ToUnicode=unicode)
    fonts = pikepdf.Dictionary(F0=pdf.make_indirect(font))
    page.Resources = pikepdf.Dictionary(Font=fonts)
    line = "".join(f"{ord(character):04x}" for character in text)
    page.Contents = pdf.make_stream(f"BT /F0 9 Tf [<{line}>] TJ ET".encode())


@record
class Result:
    """One bank's files by name, and its filing as the ledger has it."""

    bank: Bank
    files: dict[str, bytes]
    filing: Filing


def result(one: Bank) -> Result:
    filed = workbook(one)
    document = evaluation(one, sha(filed))
    stem = f"{one.code}-{one.period}"
    files = {
        f"{stem}.json": document,
        f"{stem}-marked.xlsx": workbook(one, "已核对"),
        f"{stem}.pdf": report(one, document, filed),
    }
    made = filing(one.code, one.period, sequence=one.sequence, total=str(80 + one.sequence))
    documents = packed_documents(document, excerpt(_excerpted()))
    evaluated = replace(
        made.evaluated, submission=sha(filed), document=documents.document, past=documents.past
    )
    row = replace(made.filed, sha256=sha(filed), name=one.name, parent=one.parent)
    return Result(one, files, replace(made, filed=row, evaluated=evaluated, documents=documents))


def _excerpted() -> dict[str, Any]:
    from ledgers import document

    return document(PERIOD)


def signed(one: Result, by: str = "张三", **changes: Any) -> SignedOff:
    digests = {name: sha(data) for name, data in one.files.items()}
    stem = f"{one.bank.code}-{one.bank.period}"
    made: dict[str, Any] = {
        "period": one.bank.period,
        "sequence": one.bank.sequence,
        "submission": one.filing.filed.sha256,
        "document": one.filing.evaluated.document,
        "report": digests[f"{stem}.pdf"],
        "evaluation_json": digests[f"{stem}.json"],
        "marked": digests[f"{stem}-marked.xlsx"],
        "audience": one.bank.audience,
        "state": "signed",
        "reason": "",
        "role": "处长",
        "on": "2026-11-10",
    }
    return SignedOff(by=by, **(made | changes))


class Office:
    """A folder with everything that a distribution needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.ledger = folder / "quarter.db"
        self.out = folder / "out"
        self.recipients = folder / "recipients.csv"
        self.passphrases = folder / "passphrases.csv"
        upgrade(parse_address(str(self.ledger)))

    def open(self) -> Ledger:
        return Ledger(parse_address(str(self.ledger)))

    def file(self, banks: Sequence[Bank], *, sign: bool = True) -> list[Result]:
        """Results of banks, in one run's folder and in the ledger, signed off."""
        results = [result(one) for one in banks]
        self.put(results)
        with self.open() as ledger:
            ledger.append_evaluations([one.filing for one in results])
            if sign:
                ledger.append_all({one.bank.code: [signed(one)] for one in results})
        return results

    def put(self, results: Sequence[Result]) -> None:
        """Their files into the run's folder."""
        for one in results:
            folder = self.reports / one.bank.code
            folder.mkdir(parents=True, exist_ok=True)
            for name, data in one.files.items():
                (folder / name).write_bytes(data)
        manifest = manifest_document([_row(one) for one in results])
        (self.reports / "manifest.json").write_text(to_json(manifest), encoding="utf-8")

    def list(self, banks: Sequence[Bank], **changed: Any) -> None:
        """Recipients and passphrases for banks; ``changed`` by bank code: columns."""
        columns = ("机构代码", "机构名称", "收件部门", "邮箱", "允许共用")
        rows = []
        for one in banks:
            usual = dict(
                zip(columns, (one.code, one.name, "普惠金融部", address(one), ""), strict=True)
            )
            rows.append(list((usual | changed.get(one.code, {})).values()))
        table(self.recipients, columns, rows)
        secrets = [(one.code, passphrase(one.code)) for one in banks]
        table(self.passphrases, ("机构代码", "口令"), secrets)
        self.passphrases.chmod(0o600)


def address(one: Bank) -> str:
    return f"puhui@{one.code.lower()}.example"


def passphrase(bank_code: str) -> str:
    return hashlib.sha256(b"secret " + bank_code.encode()).hexdigest()[:24]


def table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


def _row(one: Result) -> RunRow:
    documents = tuple((f"{one.bank.code}/{name}", sha(data)) for name, data in one.files.items())
    return RunRow(
        file=f"{one.bank.code}.xlsx",
        sha256=one.filing.filed.sha256,
        status="passed",
        code=one.bank.code,
        name=one.bank.name,
        period=one.bank.period,
        sequence=one.bank.sequence,
        documents=documents,
    )
