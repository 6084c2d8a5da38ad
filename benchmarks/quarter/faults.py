"""What goes wrong with submissions, and what must come of each: literal, not asked of the program.

A fault changes the values that a bank types, what stands in a cell, or the bytes of its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from samples.figures import Values
from samples.profile import Profile

from quarter.mould import ErrorValue
from supervise.core.model import Value
from supervise.record import field, record
from supervise.write.sheet_values import CellValue

Answer = tuple[str, str, str, str]


def _always(_: Profile) -> bool:
    return True


@record(kw_only=True)
class Fault:
    """One kind of fault.

    Attributes:
        status: Status of the evaluation document.
        checks: Ids of every check that must find something.
        refusal: Reason code, for a file that is refused.
        change: Values typed otherwise.
        cells: What stands in the cell of an item, past any form.
        answers: Rows of XW8.
        spoil: Changes the finished bytes.
        suffix: Ending of the file's name.
        fits: Whether the fault can befall this bank.
    """

    status: str
    checks: tuple[str, ...] = ()
    refusal: str | None = None
    change: Callable[[Values], Mapping[str, Value]] = lambda _: {}
    cells: Mapping[str, CellValue] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    spoil: Callable[[bytes], bytes] = lambda data: data
    suffix: str = ".xlsx"
    fits: Callable[[Profile], bool] = _always


def amount(values: Values, item: str) -> Decimal:
    """The figure typed for an item."""
    value = values[item]
    assert isinstance(value, Decimal)
    return value


def _more(item: str, by: str) -> Callable[[Values], Mapping[str, Value]]:
    return lambda values: {item: amount(values, item) + Decimal(by)}


def _times(factor: int, *items: str) -> Callable[[Values], Mapping[str, Value]]:
    return lambda values: {item: amount(values, item) * factor for item in items}


def _own_first_fewer(values: Values) -> Mapping[str, Value]:
    """Own first borrowers below the first borrowers of all: against what the words mean."""
    first = amount(values, "XW1_first_count_owner_incl")
    return {"XW1_own_first_count_owner_incl": first - max(Decimal(1), first // 20)}


def _has_first_borrowers(profile: Profile) -> bool:
    return Decimal(profile.book.small) > 3


_ANSWER: Answer = (
    "XW1_004",
    "XW1首贷与续贷!D9",
    "口径差异",
    "小微企业主的本行首贷户按家庭合并计户，少计数户，下期起改按借款人计户",
)

FAULTS: dict[str, Fault] = {
    "cross_foot": Fault(
        status="blocked", checks=("S71_I_001",), change=_more("S71_I_1_2_A0", "1000000")
    ),
    "unit_mistake": Fault(
        status="needs_explanation",
        checks=("UM_001",),
        change=_times(10_000, "G01_loans", "G01_bills"),
    ),
    "text_in_a_figure": Fault(
        status="blocked", checks=("R_005",), cells={"XW5_fees_refunded": "约两万元"}
    ),
    "unanswered": Fault(
        status="needs_explanation", checks=("S71_I_013",), change=_more("S71_I_1_2_B0", "3")
    ),
    "other_template": Fault(
        status="refused",
        refusal="wrong_version",
        change=lambda _: {"COVER_template_version": "2024"},
    ),
    "cut_off": Fault(
        status="refused", refusal="truncated", spoil=lambda data: data[: len(data) * 3 // 5]
    ),
    "closing_differs": Fault(
        status="blocked",
        checks=("CF_001", "XW3_001"),
        change=_more("XW3_closing_incl", "500000"),
    ),
    "answered": Fault(
        status="passed",
        checks=("XW1_004",),
        change=_own_first_fewer,
        answers=(_ANSWER,),
        fits=_has_first_borrowers,
    ),
    "half_unanswered": Fault(
        status="needs_explanation",
        checks=("S71_I_013", "XW1_004"),
        change=lambda values: {
            **_own_first_fewer(values),
            **_more("S71_I_1_2_B0", "2")(values),
        },
        answers=(_ANSWER,),
        fits=_has_first_borrowers,
    ),
    "error_in_a_cell": Fault(
        status="blocked", checks=("R_009",), cells={"XW9_relending_rate": ErrorValue("#REF!")}
    ),
    "text_without_percent": Fault(
        status="blocked", checks=("R_007",), cells={"XW9_relending_rate": "3.45"}
    ),
    "blank_cover": Fault(
        status="blocked", checks=("R_030",), change=lambda _: {"COVER_responsible": ""}
    ),
    "bad_code": Fault(
        status="refused", refusal="bad_bank_code", change=lambda _: {"COVER_bank_code": "待补"}
    ),
    "full_width": Fault(
        status="passed", checks=("R_006",), cells={"XW9_relending_rate": "３．４５％"}
    ),
    "empty_file": Fault(status="refused", refusal="empty_file", spoil=lambda _: b""),
    "old_format": Fault(
        status="refused",
        refusal="old_xls",
        spoil=lambda _: b"\x09\x04\x06\x00" + bytes(60),
        suffix=".xls",
    ),
}
"""By kind, in the order in which they are dealt out."""
