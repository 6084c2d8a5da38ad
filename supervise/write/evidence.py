"""What a report carries in itself: the files from which anybody can work it out again.

In: the bytes of evaluation document, context and workbook. Out: attachments in the order of
their names, which are fixed, so that no bank's file name decides anything.
"""

from __future__ import annotations

from pathlib import PurePath

from supervise.record import record
from supervise.write.numbers import Words

EVALUATION = "evaluation.json"
CONTEXT = "context.json"
SUBMISSION = "submission"
JSON = "application/json"
_WORKBOOKS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}


@record
class Attached:
    """One file inside a report.

    Attributes:
        media: Media type.
        relationship: To the report: ``Data``, ``Supplement`` or ``Source`` (PDF/A-3).
        about: What it is, for people.
    """

    name: str
    data: bytes
    media: str
    relationship: str
    about: str


def evidence(
    evaluation: bytes, context: bytes, workbook: bytes, filed: str, words: Words
) -> tuple[Attached, ...]:
    """The attachments of a report.

    Args:
        evaluation: The evaluation document of the report's audience.
        context: What was known beside the submission and the law.
        workbook: The bank's file, byte for byte.
        filed: Its name; its ending is kept if it is a workbook's.
        words: Wordings of the document's language.
    """
    ending = PurePath(filed).suffix.lower()
    if ending not in _WORKBOOKS:
        ending = ".xlsx"
    says = words("report.attached.evaluation")
    knows = words("report.attached.context")
    filing = words("report.attached.submission")
    return (
        Attached(CONTEXT, context, JSON, "Supplement", knows),
        Attached(EVALUATION, evaluation, JSON, "Data", says),
        Attached(SUBMISSION + ending, workbook, _WORKBOOKS[ending], "Source", filing),
    )
