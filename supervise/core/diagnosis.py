"""Nouns of a mistake that many cells share 同因错误: what it does to a figure, what betrays it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from supervise.record import record


@record
class Slip:
    """One way to be wrong: what stands in a cell is ``factor`` times what should stand there.

    Attributes:
        label: How it comes about, as a phrase, e.g. ``以元填报``.
        factor: A power of ten other than 1, or -1 for a sign.
    """

    label: str
    factor: Fraction


@record
class Diagnosis:
    """A mistake that one check reports for all its cells; ``core/mistakes`` finds it by trial.

    Attributes:
        units: Units of the items that it befalls.
        slips: The ways it comes about, the likeliest first.
        anchors: Checks whose failure starts the search. A slip of the sign has none: a negative
            figure where none can be right starts it.
        evident: How many times beyond its limit a comparison must be to speak for the mistake.
        evident_at: The same for single checks, whose limits lie far from what is usual.
        settled: Words before the message of a finding that is computed on corrected figures.
    """

    units: tuple[str, ...]
    slips: tuple[Slip, ...]
    anchors: tuple[str, ...]
    evident: Fraction
    evident_at: Mapping[str, Fraction]
    settled: str
