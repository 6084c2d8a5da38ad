"""One bank over several quarters 历史: what it filed, what came of it, who said what about it.

Plain values; ``pipeline/quarter/history.py`` takes them from the ledger, ``write`` shows them.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import PeerStat
from supervise.core.law import Unit
from supervise.core.period import Period
from supervise.record import record


@record(kw_only=True)
class FilingTold:
    """One submission of a quarter.

    Attributes:
        bank: Who filed it: the bank itself, or one that it continues.
        reason: Why it was filed again; empty for a first filing.
        stands: The bank is judged by it.
        total: Not rounded; None: it was never judged.
        judged: How often it was judged, by other law, peers or marks each time.
    """

    bank: str
    sequence: int
    file: str
    sha256: str
    received_on: str
    reason: str
    status: str
    stands: bool
    total: Fraction | None
    judged: int
    blocking: int
    explain: int
    unanswered: int
    advisory: int


@record(kw_only=True)
class ElementTold:
    """Points of one element."""

    id: str
    name: str
    points: Fraction
    max: Fraction


@record(kw_only=True)
class HeadlineTold:
    """One headline indicator.

    Attributes:
        reason: Why there is no value; None if there is one.
        by_type: Where the value stands among banks of the type; ``by_place``: of the type and the
            province. None: not compared.
    """

    id: str
    name: str
    unit: Unit
    value: Fraction | None
    reason: str | None
    by_type: PeerStat | None = None
    by_place: PeerStat | None = None


@record(kw_only=True)
class Remark:
    """What a supervisor said or did, in the order of the ledger.

    Attributes:
        kind: ``judgement``, ``adjustment``, ``rectification``, ``rectification_step``,
            ``objection``, ``objection_step`` or ``stage_step``.
        about: Indicator, item, or the thing that it follows.
        said: The mark, the figure, the state, the stage; empty: withdrawn.
        counts: Nothing later replaced it.
    """

    kind: str
    about: str
    said: str
    reason: str
    by: str
    on: str
    counts: bool = True


@record(kw_only=True)
class QuarterTold:
    """One quarter of a bank.

    Attributes:
        banks: Whose filings they are; the bank alone unless it continues others.
        pro_forma: The bank did not exist so: its history is the sum of its predecessors'
            (standing rule 6), and has no score.
        status: Of the filing that stands; empty: nothing was filed.
        label: Of the grade, as the document has it.
        by_type: Where the total stands among banks of the type; ``by_place`` as for headlines.
    """

    period: Period
    banks: tuple[str, ...]
    pro_forma: bool
    filings: tuple[FilingTold, ...]
    remarks: tuple[Remark, ...]
    status: str = ""
    stage: str = ""
    total: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    grade: str = ""
    label: str = ""
    by_type: PeerStat | None = None
    by_place: PeerStat | None = None
    elements: tuple[ElementTold, ...] = ()
    headlines: tuple[HeadlineTold, ...] = ()

    @property
    def standing(self) -> FilingTold | None:
        """The filing that stands, if it is one bank's."""
        kept = [one for one in self.filings if one.stands]
        return kept[0] if len(kept) == 1 and not self.pro_forma else None


@record(kw_only=True)
class SuccessionTold:
    """A succession that the bank takes part in 承继."""

    successor: str
    predecessor: str
    from_period: str
    continues: bool
    basis: str


@record(kw_only=True)
class BankHistory:
    """The whole answer.

    Attributes:
        type: Bank type id; ``province``: six-digit code; as last filed.
        quarters: The latest first.
    """

    code: str
    name: str
    type: str
    level: str
    province: str
    quarters: tuple[QuarterTold, ...]
    successions: tuple[SuccessionTold, ...]
