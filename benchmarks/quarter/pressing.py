"""A planned file → its bytes."""

from __future__ import annotations

from decimal import Decimal

from samples.figures import Values
from samples.workbook import typed_in

from quarter.faults import FAULTS, Answer, Fault
from quarter.filed import all_values, branch_rows
from quarter.hostile import HOSTILE
from quarter.mould import mould_of
from quarter.plan import Planned
from supervise.core.model import Value

NO_FAULT = Fault(status="passed")


def bytes_of(file: Planned, period: str) -> bytes:
    """The workbook as it lies in the folder."""
    mould = mould_of(period)
    fault = FAULTS.get(file.kind, NO_FAULT)
    everything = all_values(file.bank, period)
    values = typed_in(mould.forms, everything) | _cover(file) | dict(fault.change(everything))
    tables = branch_rows(file.bank, file.received.year)
    answers = fault.answers
    if answers:
        tables["XW8_explanations"] = [_answer(answer, file) for answer in answers]
    contents = mould.contents(values, tables)
    contents.values.update({mould.spot(item): held for item, held in fault.cells.items()})
    if file.kind in HOSTILE:
        return HOSTILE[file.kind][1](mould.parts(contents))
    return fault.spoil(mould.workbook(contents))


def _cover(file: Planned) -> Values:
    cover: Values = {"COVER_filed_on": file.received}
    if file.sequence > 1:
        cover |= {"COVER_filing": "重报", "COVER_sequence": Decimal(file.sequence)}
        if file.reason:
            cover["COVER_resubmission_reason"] = file.reason
    return cover


def _answer(answer: Answer, file: Planned) -> dict[str, Value]:
    names = ("check", "cell", "reason_code", "text")
    row: dict[str, Value] = {f"XW8_{n}": text for n, text in zip(names, answer, strict=True)}
    return row | {"XW8_by": "示例甲", "XW8_on": file.received}
