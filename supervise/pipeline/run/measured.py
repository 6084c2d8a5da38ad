"""What a run remembers of a file between its passes: small, plain, good for thousands of banks.

The first pass judges a bank without its peers and leaves this; which filing stands, who is whose
peer and who is whose parent follows from it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from sys import intern

from supervise.core.context import Adjustment
from supervise.core.evaluate import fault_counts
from supervise.core.evaluation import Evaluation, Status
from supervise.core.peers import comparables
from supervise.errors import SuperviseError
from supervise.pipeline.run.others import FIRST, NO_OTHERS, Awaits, Others, awaits
from supervise.pipeline.run.passed_over import PassedOver
from supervise.record import record, replace


@record(kw_only=True)
class Brief:
    """Of one evaluation, what decides about other banks and about its own second pass 摘记.

    Attributes:
        code: The bank's.
        period: As ``2026Q3``.
        status: As in the evaluation document.
        faults: Checks that block, and 需说明 checks left unanswered.
        values: What peers are compared with, exact, by the keys of ``Context.peers``.
        aside: Values that have a standing and are no peer's.
        adjustments: Supervisors' corrections, beside what was filed.
        misfits: What a supervisor said about the bank that does not fit it.
        passed_over: Marks and corrections of the ledger that do not count in it.
        draft: The bank's lines in the draft of the opinions.
        others: What was known of the other files of the run.
        key: Digest of everything that this rests on; empty: it is not known.
    """

    code: str
    type: str
    level: str
    parent: str | None
    province: str
    period: str
    sequence: int
    status: Status
    faults: tuple[int, int]
    values: Mapping[str, Fraction]
    aside: Mapping[str, Fraction]
    adjustments: tuple[Adjustment, ...] = ()
    misfits: tuple[SuperviseError, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    draft: str = ""
    others: Others = NO_OTHERS
    key: str = ""

    @property
    def filer(self) -> tuple[str, str]:
        """Whose filing it is, and for which period."""
        return self.code, self.period

    @property
    def awaits(self) -> Awaits | None:
        """What the filing has to wait for; None: it rests on no other."""
        return awaits(self.code, self.period, self.sequence, self.parent)

    def knew(self, others: Others) -> bool:
        """Whether these, and no others, were known; a first filing counts from itself."""
        first = others.first_filing if self.sequence > FIRST else None
        return self.others == replace(others, first_filing=first)

    @property
    def compared(self) -> bool:
        """Whether peers are its own (standing rule 7)."""
        return self.level == "legal_person" and self.status != "blocked"


@record
class Measured:
    """What became of one file in the first pass.

    Attributes:
        brief: None if it was refused, for ``refusal``, or has to wait.
        waits: What it has to wait for; None: nothing.
        taken_over: An earlier run had come to the same; it was not judged again.
        milliseconds: That it took.
    """

    path: Path
    sha256: str
    brief: Brief | None = None
    refusal: SuperviseError | None = None
    waits: Awaits | None = None
    taken_over: bool = False
    milliseconds: int = 0


def slim(one: Measured) -> Measured:
    """The same, in the memory that a run has for it: names of values are held once for all banks.

    What comes from another process brings its own copy of each.
    """
    brief = one.brief
    if brief is None:
        return one
    values, aside = ({intern(k): v for k, v in d.items()} for d in (brief.values, brief.aside))
    return replace(one, brief=replace(brief, values=values, aside=aside))


def brief_of(evaluation: Evaluation) -> Brief:
    """What a run remembers of an evaluation; words and key are not in it yet."""
    filed = evaluation.submission
    values = [*comparables(evaluation)]
    return Brief(
        code=filed.bank.code,
        type=filed.bank.type,
        level=filed.bank.level,
        parent=filed.bank.parent,
        province=filed.bank.province,
        period=str(filed.period),
        sequence=filed.sequence,
        status=evaluation.status,
        faults=fault_counts(evaluation.findings),
        values={one.key: one.value for one in values if one.counts},
        aside={one.key: one.value for one in values if not one.counts},
        adjustments=evaluation.adjustments,
    )
