"""A bank's objection 异议 to its evaluation, and what became of it, as both of them may read it.

No person is named here: who raised and who decided it stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from supervise.record import record

State = Literal["raised", "accepted", "upheld", "partly_upheld", "rejected", "withdrawn"]
STATES: tuple[State, ...] = (
    "raised", "accepted", "upheld", "partly_upheld", "rejected", "withdrawn",
)  # fmt: skip
"""提出, 受理, 成立, 部分成立, 不成立, 撤回."""
ENDS: tuple[State, ...] = ("upheld", "partly_upheld", "rejected", "withdrawn")


@record(kw_only=True)
class Objection:
    """One objection.

    Attributes:
        period: Of the evaluation that it is about.
        id: The office's number for it.
        subject: What it is about.
        text: What the bank says.
        on: ISO date on which it was raised.
        state: What became of it.
        answer: What the bank was told; empty: nothing yet.
        stated_on: ISO date of that.
    """

    period: str
    id: str
    subject: str
    text: str
    on: str
    state: State = "raised"
    answer: str = ""
    stated_on: str = ""

    @property
    def concluded(self) -> bool:
        """Nothing more is to come."""
        return self.state in ENDS


def any_open(objections: Iterable[Objection], period: str) -> bool:
    """Whether one about this period's evaluation is not concluded."""
    return any(one.period == period and not one.concluded for one in objections)
