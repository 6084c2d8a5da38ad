"""What a ledger keeps of one evaluation for all banks together, and reads back exactly.

In: an ``Evaluation`` and its packed ``BankFigures``. Out: JSON for the excerpt beside the
evaluation (``ledger/past.py``): the values that its peers are compared with, and those figures,
packed, so that whoever reads an excerpt for something else does not pay for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from supervise.core.evaluation import Evaluation
from supervise.core.exact import exact_text
from supervise.core.peers import comparables
from supervise.core.region.figures import BankFigures
from supervise.pipeline.packing import unpacked_figures

REGION = "region"
"""Key in the excerpt."""
_COMPARED, _FIGURES = "compared", "figures"


def compared_texts(evaluation: Evaluation) -> dict[str, str]:
    """The values that peers are compared with, exact, by the keys of ``Context.peers``."""
    return {one.key: exact_text(one.value) for one in comparables(evaluation) if one.counts}


def region_part(compared: Mapping[str, str], figures: str) -> dict[str, Any]:
    """What is kept, whether the filing stands or not: that may change.

    Args:
        compared: As ``compared_texts`` has them.
        figures: As ``packed_figures`` has them.
    """
    return {_COMPARED: dict(compared), _FIGURES: figures}


def compared_of(excerpt: Mapping[str, Any]) -> dict[str, Fraction]:
    """The values that peers are compared with; none where an earlier program kept the excerpt."""
    kept = excerpt.get(REGION) or {_COMPARED: {}}
    return {key: Fraction(told) for key, told in kept[_COMPARED].items()}


def figures_from(excerpt: Mapping[str, Any]) -> BankFigures | None:
    """What a region needs of the bank; None: an earlier program kept the excerpt."""
    kept = excerpt.get(REGION)
    return None if kept is None else unpacked_figures(kept[_FIGURES])
