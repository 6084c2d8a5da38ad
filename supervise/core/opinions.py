"""What an evaluation gives a supervisor to say 监管意见, before any wording.

Unmet duties lead to 整改; unmet guidance to 建议关注 at most (standing rule 3). Findings that
block, and those that were left unexplained, are to be mended. While a submission is blocked its
figures are no ground for demands: it is to be mended and filed again first (standing rule 12).
"""

from __future__ import annotations

from supervise.core.evaluation import IndicatorResult, RequirementResult


def duty_id(result: IndicatorResult, requirement: RequirementResult) -> str:
    """Id of the opinion on a requirement: ``duty.<indicator>.<requirement>`` or ``guidance…``."""
    return f"{requirement.law.kind}.{result.law.id}.{requirement.law.id}"
