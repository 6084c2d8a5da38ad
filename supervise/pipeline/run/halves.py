"""The results of banks whose second pass adds nothing but their places among their peers.

Where results go to a ledger alone, the first pass leaves everything made but for the standings;
the second puts these in and is spared reading and judging the workbook again. What it comes to is
the same, byte for byte.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation
from supervise.core.peers import comparables
from supervise.core.period import Period
from supervise.core.region.taking import figures_of
from supervise.json_text import packed, to_json, unpacked
from supervise.pipeline.packing import packed_figures
from supervise.pipeline.run.journal import Journal
from supervise.pipeline.run.peer_groups import group_name
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.context_document import SCHEMA, context_document
from supervise.write.document import sealed, unsealed_document
from supervise.write.document_peers import Places, ToldPlace, put_standings
from supervise.write.manifest import RunRow, evaluated_row

if TYPE_CHECKING:
    from supervise.ledger.filing import Filing
    from supervise.pipeline.run.items import Job, Run


def wants_half(run: Run) -> bool:
    """Whether a run makes nothing of a bank but its records."""
    plain = not run.target.files and run.keeping is not None
    return plain and not run.official and run.proofs is None


def half_of(evaluation: Evaluation, context: Context, run: Run) -> bytes:
    """All that is kept of a bank, but for what its peers decide.

    Not compressed: it is read back a moment later, and gone when the run ends.
    """
    from supervise.pipeline.ledger.filings import half_records
    from supervise.write.phrases import Phrases
    from supervise.write.view_opinions import opinions_document

    audience = run.target.audience
    say = Phrases(evaluation, read_words(run.target.lang), audience)
    row = evaluated_row(evaluation, (), superseded=False)
    told = {
        "asked": {one.key: one.better for one in comparables(evaluation)},
        "group": evaluation.rulebook.bank_type.name,
        "document": unsealed_document(evaluation, audience=audience),
        "opinions": opinions_document(say),
        "context": context_document(evaluation, context, audience=audience),
        "records": half_records(evaluation),
        "row": {name: getattr(row, name) for name in RunRow.__slots__ if name != "documents"},  # type: ignore[attr-defined]  # a record
        "figures": packed_figures(figures_of(evaluation)),
    }
    return packed(told)


class Half:
    """One bank's half, as the first pass left it.

    Args:
        data: What ``half_of`` made.
    """

    def __init__(self, data: bytes) -> None:
        self._told: dict[str, Any] = unpacked(data)

    @property
    def figures(self) -> str:
        """What a region needs of the bank, packed."""
        figures: str = self._told["figures"]
        return figures

    def row(self, *, superseded: bool) -> RunRow:
        """The bank's row in index and manifest."""
        row = RunRow(**self._told["row"])
        return replace(row, status="superseded") if superseded else row

    def filing(self, job: Job, received_on: str, kept: str) -> Filing:
        """What the ledger is to keep, the bank set among its peers."""
        from supervise.pipeline.ledger.filings import filing_from_half

        standings = self._standings(job)
        context = self._context(job, standings)
        document = self._told["document"]
        put_standings(document, standings)
        seal = hashlib.sha256(to_json(context).encode()).hexdigest()
        whole = sealed(document)
        whole["opinions"] = self._told["opinions"]
        whole["context"] = {"schema": SCHEMA, "sha256": seal}
        records = self._told["records"]
        return filing_from_half(
            records,
            whole,
            received_on=received_on,
            kept=kept,
            inputs=seal,
            figures=self.figures,
        )

    def _standings(self, job: Job) -> dict[str, ToldPlace]:
        places = job.ranked.places if job.ranked is not None else {}
        asked: dict[str, Any] = self._told["asked"]
        told, group = _places(job.run.target.audience).told, self._group(job)
        return {k: told(places[k], better, group) for k, better in asked.items() if k in places}

    def _group(self, job: Job) -> str:
        period = Period.parse(self._told["document"]["submission"]["period"])
        return group_name(self._told["group"], period, job.ranked, job.run.settings.lang)

    def _context(self, job: Job, standings: dict[str, ToldPlace]) -> dict[str, Any]:
        context: dict[str, Any] = self._told["context"]
        context["peer_group"] = self._group(job)
        context["peers"] = {key: one.context for key, one in standings.items()}
        first = job.others.first_filing
        if first is not None:
            context["first_filing"] = {"blocking": first[0], "unanswered": first[1]}
        return context


@cache
def _places(audience: str) -> Places:
    """One for all banks of a process."""
    return Places(audience)


def take_half(journal: Journal, job: Job) -> Half | None:
    """The half of a job; None if there is none, or if it needs more than its peers."""
    otherwise = job.superseded and job.run.opinions is not None
    if otherwise or job.half is None or not wants_half(job.run):
        return None
    data = journal.half(job.half)
    return Half(data) if data is not None else None
