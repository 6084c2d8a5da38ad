"""What a ledger keeps of one evaluation for all banks together, and reads back exactly.

In: an ``Evaluation``. Out: JSON for the excerpt beside the evaluation (``ledger/past.py``): the
values that its peers are compared with, and its ``BankFigures``. The latter are a text of their
own, so that whoever reads an excerpt for something else does not pay for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from supervise.core.evaluation import Evaluation
from supervise.core.exact import exact_text
from supervise.core.model import Basis
from supervise.core.peers import compared
from supervise.core.period import Period
from supervise.core.region import figures as f
from supervise.core.region.figures import BankFigures
from supervise.core.region.taking import figures_of
from supervise.read.codec import Encoder, decode

REGION = "region"
"""Key in the excerpt."""
_CLASSES: tuple[type, ...] = (
    f.BankFigures, f.IndicatorFigure, f.DemandFigure, f.ElementFigure, f.FindingFigure,
    f.CheckFigure, f.NotRun, f.GradeFigure, f.PastFigure, Basis, Period,
)  # fmt: skip
_COMPARED, _FIGURES = "compared", "figures"


def region_part(evaluation: Evaluation) -> dict[str, Any]:
    """What is kept; the same whether the filing stands or not, for that may change."""
    encoder = Encoder(_CLASSES)
    block, _ = encoder.beyond(encoder.add(figures_of(evaluation)), {})
    return {
        _COMPARED: {key: exact_text(value) for key, value in compared(evaluation)},
        _FIGURES: json.dumps(block, ensure_ascii=False, separators=(",", ":")),
    }


def figures_told(part: Mapping[str, Any]) -> str:
    """What a region needs of the bank, as the text of what ``region_part`` gives."""
    told: str = part[_FIGURES]
    return told


def figures_of_text(told: str) -> BankFigures:
    """The same again from the text."""
    figures: BankFigures = decode(json.loads(told), _CLASSES, [])
    return figures


def compared_of(excerpt: Mapping[str, Any]) -> dict[str, Fraction] | None:
    """The values that peers are compared with; None: an earlier program kept the excerpt."""
    kept = excerpt.get(REGION)
    return None if kept is None else {k: Fraction(told) for k, told in kept[_COMPARED].items()}


def figures_from(excerpt: Mapping[str, Any]) -> BankFigures | None:
    """What a region needs of the bank; None: an earlier program kept the excerpt."""
    kept = excerpt.get(REGION)
    if kept is None:
        return None
    return figures_of_text(kept[_FIGURES])
