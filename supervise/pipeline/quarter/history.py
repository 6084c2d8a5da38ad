"""``supervise history``: one bank's quarters, as the ledger has them.

In: the ledger and a bank's code or name. Out: ``BankHistory``, and its texts. Nothing is judged
anew; where the bank stands among others is worked out from what stands in the ledger now.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from supervise.core.bank_history import (
    BankHistory,
    ElementTold,
    FilingTold,
    HeadlineTold,
    QuarterTold,
    SuccessionTold,
)
from supervise.core.peers import TOTAL
from supervise.core.period import Period
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.quarter.period import stages_kept
from supervise.pipeline.quarter.places import Places, places_of
from supervise.pipeline.quarter.remarks import remarks_of
from supervise.pipeline.quarter.which_bank import code_of
from supervise.read.rulebook import read_law
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.history_tables import HistoryNames
from supervise.write.terminal import Style, plain

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import Succession
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing

Form = Literal["text", "json", "xlsx"]
Successions = Collection[tuple[str, "Succession"]]


def bank_history(option: str | None, bank: str, quarters: int, settings: Settings) -> BankHistory:
    """What the ledger has of a bank.

    Args:
        option: What ``--ledger`` says.
        bank: Its code, its name, or a part of its name that only one bank has.
        quarters: How many, counted back from the last one filed.
        settings: Names the office's overlay.

    Raises:
        UsageError: ``bank_unknown`` or ``bank_ambiguous``.
        LedgerError: The ledger cannot be used.
    """
    with require_ledger(option) as ledger:
        return _history(ledger, code_of(ledger, bank), quarters, settings)


def _history(ledger: Ledger, code: str, quarters: int, settings: Settings) -> BankHistory:
    from supervise.ledger.later_records import Succession

    known = ledger.records(Succession)
    family = _family(code, known)
    filings = ledger.filings(None, family)
    own = [one for one in filings if one.bank == code] or filings
    periods = _periods(filings, quarters)
    last = max(own, key=lambda one: (one.filed.period, one.filed.sequence)).filed
    ask = _Quarters(ledger, code, known, filings, settings)
    return BankHistory(
        code=code,
        name=last.name,
        type=last.bank_type,
        level=last.level,
        province=last.province,
        quarters=tuple(ask.quarter(period) for period in periods),
        successions=tuple(
            _succession(to, one) for to, one in known if code in (to, one.predecessor)
        ),
    )


def _periods(filings: Iterable[Standing], quarters: int) -> list[Period]:
    """Back from the last one filed, none left out, none before the first one filed."""
    filed = [Period.parse(one.filed.period) for one in filings]
    found, first = [max(filed)], min(filed)
    while len(found) < quarters and found[-1] > first:
        found.append(found[-1].previous)
    return found


def _family(code: str, known: Successions) -> set[str]:
    """The bank and all that it continues, however far back."""
    family, before = {code}, set[str]()
    while family != before:
        before = set(family)
        family |= {one.predecessor for to, one in known if to in family}
    return family


def _succession(to: str, one: Succession) -> SuccessionTold:
    return SuccessionTold(
        successor=to,
        predecessor=one.predecessor,
        from_period=one.from_period,
        continues=one.continues,
        basis=one.basis,
    )


# --- quarter by quarter -----------------------------------------------------------------------


class _Quarters:
    """The quarters of one bank.

    Args:
        ledger: Where to look.
        code: The bank.
        known: All successions.
        filings: Of the bank and of all that it continues.
        settings: Names the office's overlay, and the language of what the law says.
    """

    def __init__(
        self,
        ledger: Ledger,
        code: str,
        known: Successions,
        filings: list[Standing],
        settings: Settings,
    ) -> None:
        self._settings = settings
        self._law = read_law(settings.overlay, lang=settings.lang)
        self._ledger = ledger
        self._code = code
        self._known = known
        self._filings = filings
        self._judged = _times_judged(ledger, {one.bank for one in filings})

    def quarter(self, period: Period) -> QuarterTold:
        """One of them."""
        from supervise.ledger.past import constituents

        banks = constituents(self._code, period, self._known)
        mine = [
            one for one in self._filings if one.bank in banks and one.filed.period == str(period)
        ]
        stands = self._stands(mine)
        told = QuarterTold(
            period=period,
            banks=banks,
            pro_forma=len(banks) > 1 and bool(mine),
            filings=tuple(self._filing(one, one in stands) for one in mine),
            remarks=remarks_of(self._ledger, banks, str(period)),
        )
        if len(banks) > 1 or not stands:
            return told
        return self._with_result(told, stands[0])

    def _stands(self, mine: list[Standing]) -> list[Standing]:
        best: dict[str, Standing] = {}
        for one in mine:
            rank = one.accepted, one.filed.sequence
            if one.bank not in best or rank >= _rank(best[one.bank]):
                best[one.bank] = one
        return list(best.values())

    def _filing(self, one: Standing, stands: bool) -> FilingTold:
        filed, judged = one.filed, self._ledger.evaluation(one)
        found = [row.severity for row in judged.findings] if judged is not None else []
        return FilingTold(
            bank=one.bank,
            sequence=filed.sequence,
            file=filed.file,
            sha256=filed.sha256,
            received_on=filed.received_on,
            reason=filed.reason,
            status=judged.status if judged is not None else "",
            stands=stands,
            total=Fraction(judged.total) if judged is not None else None,
            judged=self._judged.get((one.bank, filed.sha256), 0),
            blocking=found.count("blocking"),
            explain=found.count("explain"),
            unanswered=judged.unanswered if judged is not None else 0,
            advisory=found.count("advisory"),
        )

    def _with_result(self, told: QuarterTold, one: Standing) -> QuarterTold:
        judged, data = one.evaluation, self._ledger.document(one)
        if judged is None or data is None:
            return told
        document = json.loads(data)
        headlines = [each for each in document["indicators"] if each["headline"]]
        ids = [each["id"] for each in headlines]
        places = places_of(self._ledger, one, ids, self._settings.overlay)
        stages = stages_kept(self._ledger, one.filed.period)
        counted = judged.status != "blocked"
        return replace(
            told,
            status=judged.status,
            stage=stages.get((one.bank, one.filed.sha256), judged.stage),
            total=Fraction(judged.total),
            low=Fraction(judged.low),
            high=Fraction(judged.high),
            grade=judged.grade or "",
            label=self._law.told("tables.band", document["grade"]["label"] or ""),
            by_type=places.of(TOTAL) if counted else None,
            by_place=places.of(TOTAL, near=True) if counted else None,
            elements=tuple(self._element(each) for each in document["elements"]),
            headlines=tuple(self._headline(each, places, counted) for each in headlines),
        )

    def _element(self, told: Mapping[str, Any]) -> ElementTold:
        return ElementTold(
            id=told["id"],
            name=self._law.told("tables.element", told["name"]),
            points=Fraction(told["points"]),
            max=Fraction(told["max"]),
        )

    def _headline(self, told: Mapping[str, Any], places: Places, counted: bool) -> HeadlineTold:
        value = None if told["value"] is None else Fraction(told["value"])
        compared = counted and value is not None and told["applicability"] == "applies"
        return HeadlineTold(
            id=told["id"],
            name=self._law.told("indicators.name", told["name"]),
            unit=told["unit"],
            value=value,
            reason=told["reason"] or told["not_applicable_because"],
            by_type=places.of(told["id"]) if compared else None,
            by_place=places.of(told["id"], near=True) if compared else None,
        )


def _rank(one: Standing) -> tuple[bool, int]:
    return one.accepted, one.filed.sequence


def _times_judged(ledger: Ledger, banks: Collection[str]) -> Mapping[tuple[str, str], int]:
    from supervise.ledger.records import Evaluated

    found: dict[tuple[str, str], int] = {}
    for bank, one in ledger.records(Evaluated, institutions=banks):
        found[bank, one.submission] = found.get((bank, one.submission), 0) + 1
    return found


# --- shown ------------------------------------------------------------------------------------


def shown(history: BankHistory, form: Form, settings: Settings, style: Style = plain) -> bytes:
    """The history in one of its forms."""
    if form == "json":
        from supervise.json_text import to_json
        from supervise.write.history_document import history_document

        return to_json(history_document(history)).encode()
    law = read_law(settings.overlay, lang=settings.lang)
    names = HistoryNames(
        words=read_words(settings.lang), types=law.type_names, provinces=law.province_names
    )
    if form == "xlsx":
        from supervise.write.sheet_history import history_workbook

        return history_workbook(history, names)
    from supervise.write.history_text import history_text

    return history_text(history, names, style).encode("utf-8", "replace")
