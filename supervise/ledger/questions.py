"""What is asked of a ledger: what stands, what came before, documents, records of one kind."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from supervise.core.context import PastEvaluation
from supervise.core.period import Period
from supervise.ledger import standing as reading
from supervise.ledger.connecting import Connector
from supervise.ledger.drafting import unpacked
from supervise.ledger.past import Parse, Summable
from supervise.ledger.records import Evaluated, Refused
from supervise.ledger.refusals import refusals
from supervise.ledger.schema import DOCUMENTS
from supervise.ledger.standing import Standing

R = TypeVar("R")
QUARTERS = 8


class Questions:
    """The half of a ledger that only reads; each question sees one state of the database.

    Args:
        connector: The open database.
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def standing(self, bank: str, period: str) -> Standing | None:
        """The filing that stands for a bank and a period; None: it has not filed."""
        with self._connector.reading() as connection:
            found = reading.standing(connection, institutions=[bank], periods=[period])
        return found.get((bank, period))

    def all_standing(self, period: str) -> dict[str, Standing]:
        """The filings that stand for a period, by bank."""
        with self._connector.reading() as connection:
            found = reading.standing(connection, institutions=None, periods=[period])
        return {bank: one for (bank, _), one in sorted(found.items())}

    def filings(
        self, periods: Collection[str] | None, institutions: Collection[str] | None = None
    ) -> list[Standing]:
        """Every filing with its latest evaluation, whether it stands or not; None: all."""
        with self._connector.reading() as connection:
            return reading.filings(connection, institutions=institutions, periods=periods)

    def scored_values(
        self, period: str, indicators: Collection[str]
    ) -> list[tuple[str, int, str, str]]:
        """Values of indicators that have points: bank, place of the evaluation, indicator, value.

        Args:
            period: As ``2026Q3``.
            indicators: Their ids.
        """
        with self._connector.reading() as connection:
            return reading.scored_values(connection, period, indicators)

    def refusals(self, period: str) -> list[Refused]:
        """Files refused for a period and not taken later; see ``refusals.py``."""
        with self._connector.reading() as connection:
            return refusals(connection, period)

    def excerpts(self, stands: Iterable[Standing]) -> Iterator[tuple[Standing, Any]]:
        """What is kept of evaluations for later ones and for the region, as JSON gives it."""
        judged = (one for one in stands if one.evaluation is not None)
        with self._connector.reading() as connection:
            for one, data in reading.excerpts(connection, judged):
                yield one, json.loads(data)

    def history(
        self,
        bank: str,
        before: Period,
        *,
        quarters: int = QUARTERS,
        summable: Summable,
        parse: Parse,
    ) -> Mapping[str, PastEvaluation]:
        """What a bank's evaluation compares with, by period, successions followed.

        Args:
            bank: Its code now.
            before: The period that is judged.
            quarters: How far back.
            summable: Whether an item's figures may be added over predecessors.
            parse: Reads an excerpt of a document.
        """
        periods = [before.previous]
        while len(periods) < quarters:
            periods.append(periods[-1].previous)
        with self._connector.reading() as connection:
            return reading.history(connection, bank, periods, summable=summable, parse=parse)

    def first_filing(self, bank: str, period: str) -> tuple[int, int] | None:
        """Faults of a bank's first filing for a period, as ``Context.first_filing`` wants them."""
        with self._connector.reading() as connection:
            return reading.first_filing(connection, bank, period)

    def records(
        self,
        made: type[R],
        *,
        institutions: Collection[str] | None = None,
        periods: Collection[str] | None = None,
        latest: bool = False,
    ) -> list[tuple[str, R]]:
        """Records of one kind with their institution; measures and findings left out.

        Args:
            made: Their class.
            institutions: None: of all.
            periods: None: of all.
            latest: Only the last for each key.
        """
        with self._connector.reading() as connection:
            found = reading.read(
                connection, made, institutions=institutions, periods=periods, latest=latest
            )
        return [(institution, one) for institution, _, one in found]

    def evaluation(self, stands: Standing) -> Evaluated | None:
        """The evaluation of a filing with its measures and findings."""
        if stands.evaluation is None:
            return None
        with self._connector.reading() as connection:
            return reading.with_children(connection, stands.bank, stands.number, stands.evaluation)

    def document(self, stands: Standing) -> bytes | None:
        """The evaluation document of a filing, as it was appended."""
        query = select(DOCUMENTS.c.document).where(
            DOCUMENTS.c.institution == stands.bank, DOCUMENTS.c.number == stands.number
        )
        with self._connector.reading() as connection:
            packed = connection.execute(query).scalar_one_or_none()
        return None if packed is None else unpacked(packed)
