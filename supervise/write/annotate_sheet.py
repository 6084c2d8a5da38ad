"""The leading sheet 校核结果: may I file, how much is wrong, and every finding with a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supervise.core.evaluation import Evaluation
from supervise.ooxml.addresses import column_letters
from supervise.ooxml.marks import COLOURS, NAME, RECORD, quoted
from supervise.ooxml.rewriting.source import escaped
from supervise.ooxml.rewriting.workbook_patch import DefinedName
from supervise.record import record
from supervise.write.annotate_look import TABS, CellWriter, plain, run
from supervise.write.annotate_notes import Places
from supervise.write.annotate_table import FindingTable, Line
from supervise.write.finding_rows import FindingRow
from supervise.write.numbers import Words
from supervise.write.phrases import Phrases
from supervise.write.sheet_style import MUTED
from supervise.write.visible import one_line

HEAD_ROW: Final = 6
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Kept = Sequence[tuple[str, str, str]]
"""Rows of the hidden columns."""


@record
class FindingSheet:
    """What goes into the workbook: the part, and the names that belong to it."""

    content: bytes
    names: tuple[DefinedName, ...]


@record(kw_only=True)
class Told:
    """What the sheet tells.

    Attributes:
        rows: Every finding, the gravest first.
        places: The workbook's own sheets, to link to.
        looks: Style numbers by look.
    """

    evaluation: Evaluation
    words: Words
    rows: Sequence[FindingRow]
    places: Places
    looks: Mapping[str, int]


def finding_sheet(told: Told, name: str, namespace: str, kept: Kept) -> FindingSheet:
    """The sheet as a part.

    Args:
        told: What it tells.
        name: On its tab.
        namespace: Of the workbook's sheets.
        kept: Rows of the hidden columns.
    """
    cells = CellWriter(told.looks)
    table = FindingTable(told.rows, told.words, told.places, cells)
    columns = len(table.columns)
    last = HEAD_ROW + max(len(told.rows), 1)
    lines = [*_top(told, cells, columns), table.head(HEAD_ROW), *table.body(HEAD_ROW + 1)]
    merged = [*range(1, HEAD_ROW)]
    if not told.rows:
        said = plain(told.words("check.no_findings"))
        lines.append((34.0, cells.wide(last, columns, "none", said)))
        merged.append(last)
    side = column_letters(columns)
    body = (
        f"<sheetData>{_rows(lines, kept, cells)}</sheetData>"
        + (f'<autoFilter ref="A{HEAD_ROW}:{side}{last}"/>' if told.rows else "")
        + f'<mergeCells count="{len(merged)}">'
        + "".join(f'<mergeCell ref="A{row}:{side}{row}"/>' for row in merged)
        + "</mergeCells>"
        + (f"<hyperlinks>{''.join(table.links)}</hyperlinks>" if table.links else "")
    )
    xml = (
        f'{_XML}<worksheet xmlns="{namespace}">{_head(told, table)}{body}{_print(told)}</worksheet>'
    )
    return FindingSheet(xml.encode(), _names(quoted(name), side, last, bool(told.rows)))


def _head(told: Told, table: FindingTable) -> str:
    colour = TABS.get(told.evaluation.status, TABS["blocked"])
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"/>'
        for n, column in enumerate(table.columns, 1)
    )
    first = f"A{HEAD_ROW + 1}"
    return (
        f'<sheetPr><tabColor rgb="FF{colour}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{HEAD_ROW}" topLeftCell="{first}" activePane="bottomLeft"'
        f' state="frozen"/><selection pane="bottomLeft" activeCell="{first}" sqref="{first}"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/>'
        f'<cols>{columns}<col min="27" max="29" width="9" hidden="1" customWidth="1"/></cols>'
    )


def _print(told: Told) -> str:
    bank = one_line(told.evaluation.submission.bank.name).replace("&", "&&")
    foot = escaped(told.words("annotate.foot", bank=bank))
    return (
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{foot}</oddFooter></headerFooter>"
    )


def _names(sheet: str, side: str, last: int, filtered: bool) -> tuple[DefinedName, ...]:
    heads = f"{sheet}!${HEAD_ROW}:${HEAD_ROW}"
    names = [
        DefinedName("_xlnm.Print_Area", f"{sheet}!$A$1:${side}${last}", local=True),
        DefinedName("_xlnm.Print_Titles", heads, local=True),
        DefinedName(NAME, f"{sheet}!$A$1"),
    ]
    if filtered:
        table = f"{sheet}!$A${HEAD_ROW}:${side}${last}"
        names.insert(0, DefinedName("_xlnm._FilterDatabase", table, local=True, hidden=True))
    return tuple(names)


def _rows(lines: Sequence[Line], kept: Kept, cells: CellWriter) -> str:
    """All rows; what is kept stands in the hidden columns beside them."""
    out = []
    for number in range(1, max(len(lines), len(kept)) + 1):
        height, inner = lines[number - 1] if number <= len(lines) else (0.0, "")
        for column, text in zip(
            RECORD, kept[number - 1] if number <= len(kept) else (), strict=False
        ):
            inner += cells.cell(column, number, "record", plain(text)) if text else ""
        size = f' ht="{height:g}" customHeight="1"' if height else ""
        out.append(f'<row r="{number}"{size}>{inner}</row>')
    return "".join(out)


def _top(told: Told, cells: CellWriter, columns: int) -> list[Line]:
    """Title, bank, verdict, totals, legend."""
    words, status = told.words, told.evaluation.status
    verdict = words("check.verdict", text=words(f"check.may_file.{status}"))
    texts = (
        (34.0, "title", plain(words("annotate.title"))),
        (20.0, "bank", plain(_bank(told))),
        (34.0, f"verdict_{status}", plain(verdict)),
        (24.0, "totals", plain(_totals(told))),
        (20.0, "legend", _legend(words)),
    )
    return [
        (height, cells.wide(row, columns, look, inner))
        for row, (height, look, inner) in enumerate(texts, 1)
    ]


def _bank(told: Told) -> str:
    filed, words = told.evaluation.submission, told.words
    say = Phrases(told.evaluation, words, "bank")
    kind = "monitoring" if told.evaluation.kind == "monitoring" else "trial"
    return words(
        "check.title",
        name=one_line(filed.bank.name),
        code=one_line(filed.bank.code),
        period=say.numbers.period(filed.period),
        mark=words(f"report.mark.{kind}"),
    )


def _totals(told: Told) -> str:
    words = told.words
    counted = [row.severity for row in told.rows]
    counts = {severity: counted.count(severity) for severity in COLOURS}
    states = [state.state for state in told.evaluation.states]
    coverage = words(
        "check.coverage",
        **{name: states.count(name) for name in ("passed", "failed", "vacuous")},
    )
    for state, key in (("no_predecessor", "predecessor"), ("not_evaluated", "open")):
        if n := states.count(state):
            coverage += words(f"check.coverage_{key}", n=n)
    found = words("check.findings", n=len(counted), **counts)
    return words("annotate.totals", found=found, coverage=coverage)


def _legend(words: Words) -> str:
    pieces = []
    for severity, colour in COLOURS.items():
        meaning = words(
            "annotate.legend",
            word=words(f"report.severity.{severity}"),
            meaning=words(f"check.consequence.{severity}"),
        )
        pieces += [run("■ ", colour, "11"), run(meaning, MUTED, "9")]
    return "".join((*pieces, run(words("annotate.hint"), MUTED, "9")))
