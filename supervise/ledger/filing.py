"""One bank's result as it is appended: everything, or nothing of it."""

from __future__ import annotations

from supervise.ledger.drafting import Documents, Draft, drafted
from supervise.ledger.records import Evaluated, Filed, RulebookUsed
from supervise.record import record


@record(kw_only=True)
class Filing:
    """A submission with its evaluation.

    Attributes:
        bank: The institution's code.
        documents: Those that ``evaluated`` names.
        rulebook: The law that it was judged by; kept once in the office's chain.
    """

    bank: str
    filed: Filed
    evaluated: Evaluated
    documents: Documents
    rulebook: RulebookUsed

    def drafts(self) -> list[Draft]:
        """What goes into the bank's chain, in order."""
        return [drafted(self.filed), drafted(self.evaluated, self.documents)]
