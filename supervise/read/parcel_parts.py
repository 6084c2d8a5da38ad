"""The files of a parcel, opened: of which bank each one is, and every text in it.

In: a file as it is about to leave. Out: what it says of itself, and texts to look for names in.
A file that cannot be opened, or that is not what it should be, is an error: it does not leave.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from supervise.core.other_names import APART
from supervise.errors import SuperviseError
from supervise.ooxml.guard import open_package
from supervise.read.cover import SHEET, beside_label, cover_sheet, find_period
from supervise.read.report_parts import read_report
from supervise.read.report_text import pages_text
from supervise.read.text import half_width
from supervise.read.told import json_of
from supervise.read.told_evaluation import read_told_evaluation
from supervise.read.workbook import read_workbook
from supervise.record import record

EVALUATION, CONTEXT = "evaluation.json", "context.json"
SUBMISSIONS = ("submission.xlsx", "submission.xlsm")
_CODE_LABEL = "机构代码"
_BREAKS = re.compile(r"</(?:\w+:)?(?:c|si|p|row|text)>")
_TAG = re.compile(r"<[^>]*>")
_VALUE = re.compile(r"=[\"']([^\"'<>]*)")
_TEXTUAL = (".xml", ".rels", ".vml")


@record(kw_only=True)
class Opened:
    """What a file says of itself.

    Attributes:
        file: Its name.
        bank: Code of the bank that it is about.
        audience: For whom it was written; empty where it does not say.
        submission: Digest of the bank's workbook that it rests on; empty where it does not say.
        text: All of its texts.
    """

    file: str
    bank: str
    period: str
    audience: str = ""
    submission: str = ""
    text: str = ""


@record
class OpenedReport:
    """A report and what it carries.

    Attributes:
        pages: The text of its pages.
        evaluation: The evaluation document inside, byte for byte.
        filed: The bank's workbook inside; empty if there is none.
    """

    told: Opened
    pages: str
    evaluation: bytes
    filed: bytes


def open_evaluation(data: bytes, file: str) -> Opened:
    """An evaluation document.

    Raises:
        NotIntact: It is none.
        ValueError: It is no JSON.
    """
    document = json_of(data)
    told = read_told_evaluation(document, file)
    return Opened(
        file=file,
        bank=told.bank,
        period=told.period,
        audience=told.audience,
        submission=told.sha256,
        text=_json_text(document),
    )


def open_report(path: Path) -> OpenedReport:
    """A report PDF: its pages, what it carries, and what it says of itself to a machine.

    Raises:
        SuperviseError: It cannot be read, or carries no evaluation document.
        ValueError: That is no JSON.
    """
    parts = read_report(path, (EVALUATION, CONTEXT, *SUBMISSIONS))
    evaluation = parts.attached.get(EVALUATION, b"")
    told = open_evaluation(evaluation, path.name)
    context = json_of(parts.attached[CONTEXT]) if CONTEXT in parts.attached else ""
    pages = pages_text(path)
    text = APART.join((pages, told.text, _json_text(context), parts.keywords))
    filed = next((parts.attached[name] for name in SUBMISSIONS if name in parts.attached), b"")
    opened = Opened(
        file=path.name,
        bank=told.bank,
        period=told.period,
        audience=told.audience,
        submission=told.submission if told.submission in parts.keywords else "",
        text=text,
    )
    return OpenedReport(opened, pages, evaluation, filed)


def open_workbook(data: bytes, file: str) -> Opened:
    """A workbook: whose it is by its cover, and the text of every part of it.

    Raises:
        WorkbookUnreadable: It is none, or has no cover.
    """
    raw = read_workbook(data, file, only_sheets=frozenset({SHEET}))
    code = beside_label(cover_sheet(raw), _CODE_LABEL)
    return Opened(
        file=file,
        bank=half_width(code.text).upper() if code is not None else "",
        period=str(find_period(raw)),
        text=workbook_text(data, file),
    )


def workbook_text(data: bytes, file: str) -> str:
    """The text of every part of a workbook: cells, notes, names of sheets, properties.

    Raises:
        WorkbookUnreadable: It is none.
    """
    package = open_package(data, file)
    texts = [
        _markup_text(package.read(member.name).decode("utf-8", "replace"))
        for member in package.members.values()
        if member.name.casefold().endswith(_TEXTUAL)
    ]
    return APART.join((*texts, *(member.name for member in package.members.values())))


def open_page(data: bytes, file: str) -> str:
    """The text of an HTML page."""
    return _markup_text(data.decode("utf-8", "replace"))


def why_not_opened(error: Exception) -> str:
    """Why a file could not be opened, in words."""
    return error.what if isinstance(error, SuperviseError) else "内容不是所应有的格式"


def _markup_text(markup: str) -> str:
    """Text and attribute values; what stands in different cells stays apart."""
    values = APART.join(_VALUE.findall(markup))
    plain = _TAG.sub("", _BREAKS.sub(APART, markup))
    return html.unescape(APART.join((plain, values)))


def _json_text(document: Any) -> str:
    """Keys and values of a document, apart."""
    text = json.dumps(document, ensure_ascii=False, separators=(APART, APART))
    return text.replace("\\n", APART)
