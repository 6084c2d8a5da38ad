"""The literal table of kinds of record: where each is kept and when a repeat is the same."""

from __future__ import annotations

from typing import Any, Literal

from supervise.ledger import later_records as after
from supervise.ledger import records as r
from supervise.record import record

Repeat = Literal["latest", "once", "step"]


@record(kw_only=True)
class Child:
    """Rows that belong to a record: a field of it, kept in a table of its own."""

    field: str
    table: str
    row: Any
    key: tuple[str, ...]


@record(kw_only=True)
class Kind:
    """One kind of record.

    Attributes:
        name: As in chain and export.
        made: Its class; its fields are the table's columns.
        key: The fields that say what the record is about.
        repeat: ``latest``: the same as the latest one with this key is no new record.
            ``once``: one for each key, for good. ``step``: the same as any earlier one with
            this key is no new record.
        same: With ``once``: the fields that must agree for a repeat; empty: all.
        conflict: With ``once``: reason code if they do not.
        of_run: Belongs to a run, not to the result: left out when ledgers are compared.
    """

    name: str
    made: Any
    table: str
    key: tuple[str, ...]
    repeat: Repeat
    same: tuple[str, ...] = ()
    conflict: str = "already_recorded"
    children: tuple[Child, ...] = ()
    of_run: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that are columns of its own table."""
        held = {child.field for child in self.children}
        return tuple(name for name in self.made.__slots__ if name not in held)


_MEASURES = Child(field="measures", table="measures", row=r.MeasureRow, key=("indicator", "part"))
_FINDINGS = Child(field="findings", table="findings", row=r.FindingRow, key=("place",))
_HEADS = Child(field="heads", table="heads", row=r.HeadRow, key=("bank",))

KINDS: tuple[Kind, ...] = (
    Kind(
        name="submission",
        made=r.Filed,
        table="submissions",
        key=("period", "sequence"),
        repeat="once",
        same=("sha256",),
        conflict="sequence_taken",
    ),
    Kind(
        name="evaluation",
        made=r.Evaluated,
        table="evaluations",
        key=("period", "submission", "stage"),
        repeat="latest",
        children=(_MEASURES, _FINDINGS),
    ),
    Kind(
        name="judgement",
        made=after.Judged,
        table="judgements",
        key=("period", "indicator", "part"),
        repeat="latest",
    ),
    Kind(
        name="adjustment",
        made=after.Adjusted,
        table="adjustments",
        key=("period", "item"),
        repeat="latest",
    ),
    Kind(
        name="objection",
        made=after.Objected,
        table="objections",
        key=("period", "objection"),
        repeat="once",
    ),
    Kind(
        name="objection_step",
        made=after.ObjectionStep,
        table="objection_steps",
        key=("period", "objection"),
        repeat="step",
    ),
    Kind(
        name="rectification",
        made=after.Rectification,
        table="rectifications",
        key=("period", "rectification"),
        repeat="once",
    ),
    Kind(
        name="rectification_step",
        made=after.RectificationStep,
        table="rectification_steps",
        key=("period", "rectification"),
        repeat="step",
    ),
    Kind(
        name="stage_step",
        made=after.StageStep,
        table="stage_steps",
        key=("period", "stage"),
        repeat="step",
    ),
    Kind(
        name="sign_off",
        made=after.SignedOff,
        table="sign_offs",
        key=("period", "document"),
        repeat="latest",
    ),
    Kind(
        name="succession",
        made=after.Succession,
        table="successions",
        key=("predecessor", "from_period"),
        repeat="once",
        same=("continues",),
    ),
    Kind(
        name="parcel", made=after.Parcel, table="parcels", key=("period", "parcel"), repeat="once"
    ),
    Kind(
        name="parcel_step",
        made=after.ParcelStep,
        table="parcel_steps",
        key=("period", "parcel"),
        repeat="step",
    ),
    Kind(
        name="rulebook",
        made=r.RulebookUsed,
        table="rulebooks",
        key=("digest",),
        repeat="once",
        same=("digest",),
    ),
    Kind(
        name="peer_reference",
        made=r.FrozenReference,
        table="peer_references",
        key=("period", "group", "measure", "statistic"),
        repeat="latest",
    ),
    Kind(name="refusal", made=r.Refused, table="refusals", key=("sha256", "file"), repeat="latest"),
    Kind(
        name="run_start",
        made=r.RunStarted,
        table="run_starts",
        key=("run",),
        repeat="once",
        of_run=True,
    ),
    Kind(
        name="run_end",
        made=r.RunFinished,
        table="run_ends",
        key=("run",),
        repeat="once",
        children=(_HEADS,),
        of_run=True,
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}
BY_CLASS = {kind.made: kind for kind in KINDS}

Record = (
    r.Filed
    | r.Evaluated
    | r.RulebookUsed
    | r.FrozenReference
    | r.Refused
    | r.RunStarted
    | r.RunFinished
    | after.Judged
    | after.Adjusted
    | after.Objected
    | after.ObjectionStep
    | after.Rectification
    | after.RectificationStep
    | after.StageStep
    | after.SignedOff
    | after.Succession
    | after.Parcel
    | after.ParcelStep
)
"""Anything that can be appended."""
