"""Marks and corrections that the ledger has of a bank and its evaluation does not take up.

They stay in the ledger as they are; a run tells whose they are and why, so that none is thought
to count that does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from supervise.core.context import Context
from supervise.core.law import Rulebook
from supervise.record import record

if TYPE_CHECKING:  # a run without a ledger has none of it
    from supervise.pipeline.ledger.marks import Said

Reason = Literal["not_asked", "out_of_range", "no_item", "filed_anew"]


@record
class PassedOver:
    """One of them 未采用.

    Attributes:
        about: ``indicator.part`` of a mark, the item of a correction.
        reason: ``not_asked``: the law asks for no mark there; ``out_of_range``: it allows other
            points; ``no_item``: the form has no such figure; ``filed_anew``: the figure is another
            than the one that was corrected.
        by: Who made it.
        on: When.
    """

    about: str
    reason: Reason
    by: str
    on: str


def passed_over(said: Said, context: Context, law: Rulebook) -> tuple[PassedOver, ...]:
    """What the ledger says of a bank and its evaluation leaves out; what was withdrawn apart.

    Args:
        said: What the ledger says.
        context: All that the evaluation took up.
        law: By which it was made.
    """
    return (*_marks(said, context, law), *_corrections(said, context, law))


def _marks(said: Said, context: Context, law: Rulebook) -> Iterator[PassedOver]:
    taken = {(one.indicator, one.part) for one in context.judgements}
    for one in said.judged:
        place = one.indicator, one.part
        if one.points is not None and place not in taken:
            asked = any((i.id, p.id) == place and p.judged for i in law.indicators for p in i.parts)
            reason: Reason = "out_of_range" if asked else "not_asked"
            yield PassedOver(".".join(place), reason, one.by, one.on)


def _corrections(said: Said, context: Context, law: Rulebook) -> Iterator[PassedOver]:
    taken = {one.item for one in context.adjustments}
    for one in said.adjusted:
        if one.adjusted is not None and one.item not in taken:
            reason: Reason = "filed_anew" if one.item in law.forms.items else "no_item"
            yield PassedOver(one.item, reason, one.by, one.on)
