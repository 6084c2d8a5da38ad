"""The procedure of an evaluation: its stages, who may take which step, and where it stands.

In: the steps of one filing in the order in which they were taken. Out: the stage, or why a step
cannot be taken. The order of stages is the method's of 2020 (银保监发〔2020〕29号); the method of
2024 was seen without its procedure, so that returns, and who may do what, are provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from supervise.core.persons import person_key
from supervise.record import record

Stage = Literal["self", "preliminary", "reviewed", "notified", "objected", "final", "archived"]
STAGES: tuple[Stage, ...] = (
    "self", "preliminary", "reviewed", "notified", "objected", "final", "archived",
)  # fmt: skip
BY_MACHINE: Stage = "preliminary"
"""Stage of a regulator's run that nobody has signed yet."""
MAY_FOLLOW: Mapping[str, tuple[Stage, ...]] = {
    "": ("preliminary",),
    "preliminary": ("preliminary", "reviewed"),
    "reviewed": ("preliminary", "notified"),
    "notified": ("preliminary", "objected", "final"),
    "objected": ("preliminary", "objected", "final"),
    "final": ("archived",),
    "archived": (),
}
"""What may follow a signed stage; empty: nobody has signed. 初评 again is a return 退回."""
TAKES_MARKS: tuple[str, ...] = ("", "preliminary", "objected")
"""Signed stages in which marks and corrections may change: later ones would be signed unseen."""
TAKES_OBJECTIONS: tuple[str, ...] = ("notified", "objected")
Why = Literal["archived", "order", "same_person", "objection_open", "earlier_day"]


@record(kw_only=True)
class Step:
    """A stage signed by a person.

    Attributes:
        digest: Of the evaluation document that the person saw.
        role: 职务 or part in the procedure.
        on: ISO date.
    """

    stage: str
    digest: str
    by: str
    role: str
    on: str


def signed_stage(steps: Sequence[Step]) -> str:
    """The stage last signed; empty: none."""
    return steps[-1].stage if steps else ""


def stage_of(steps: Sequence[Step]) -> str:
    """The stage that an evaluation is in: the last one signed, else that of a regulator's run."""
    return signed_stage(steps) or BY_MACHINE


def next_stages(steps: Sequence[Step]) -> tuple[Stage, ...]:
    """What may follow."""
    return MAY_FOLLOW.get(signed_stage(steps), ())


def why_not(steps: Sequence[Step], new: Step, *, objections_open: bool = False) -> Why | None:
    """Why a step cannot be taken; None: it can.

    Args:
        steps: Taken already, in order.
        new: The step.
        objections_open: An objection of the bank is not concluded.
    """
    now = signed_stage(steps)
    if now == "archived":
        return "archived"
    if new.stage not in next_stages(steps):
        return "order"
    if new.stage == "reviewed" and person_key(new.by) in makers(steps):
        return "same_person"
    if new.stage == "final" and objections_open:
        return "objection_open"
    return "earlier_day" if steps and new.on < steps[-1].on else None


def makers(steps: Iterable[Step]) -> frozenset[str]:
    """Who made the 初评, as names are compared: none of them may review it."""
    return frozenset(person_key(step.by) for step in steps if step.stage == "preliminary")
