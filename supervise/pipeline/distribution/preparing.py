"""Bank by bank: what is to be done, the parcel for it, its place in the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supervise.core.delivery import (
    MAIL,
    PREPARED,
    WAITING,
    Delivery,
    Part,
    Plan,
    Recipient,
    Wanted,
    address_digest,
    masked,
    part_name,
    part_number,
    plan,
    prefix_of,
    substance_of,
)
from supervise.core.delivery_rows import FileRow, SentRow
from supervise.dispatch.outbox import Consignment
from supervise.errors import DispatchError, LedgerError
from supervise.pipeline.distribution.inputs import Asked, Inputs
from supervise.pipeline.distribution.outgoing import Deliveries, Steps
from supervise.pipeline.distribution.parcelling import Packed, Packing
from supervise.pipeline.distribution.parcelling import pack as make
from supervise.pipeline.outputs import safe_name
from supervise.pipeline.signing.signed import SignedFiling, files_of
from supervise.record import replace

SENT, CONTINUED = "would_send", "would_continue"
_TO_DO = ("send", "continue")
_TAKEN = "already_recorded"


class Preparing:
    """Decides, prepares, records, and gathers what is to travel.

    Args:
        asked: What the office wants.
        inputs: All that was read.
        outbox: Where steps are written, and what was sent before.
        packing: How parcels are made.
    """

    def __init__(
        self, asked: Asked, inputs: Inputs, outbox: tuple[Steps, Deliveries], packing: Packing
    ) -> None:
        self._asked = asked
        self._inputs = inputs
        self._steps, self._before = outbox
        self._packing = packing
        self._waiting: list[Consignment] = []

    def waiting(self) -> list[Consignment]:
        """What was prepared since this was last asked."""
        found, self._waiting = self._waiting, []
        return found

    def row(self, bank: str, *, pack: bool = True) -> SentRow:
        """One bank; what keeps its parcel back stops it alone.

        Args:
            bank: Its code.
            pack: Prepare the parcel; False: only say what is due.
        """
        signed, to = self._inputs.signed[bank], self._inputs.recipients[bank]
        before = self._before.get(bank, ())
        decided = plan(before, self._wanted(signed, to))
        row = SentRow(
            bank=bank,
            name=to.name,
            state=decided.action,
            number=decided.name,
            office=to.office,
            address=self._shown(to),
            supersedes=decided.supersedes,
        )
        if decided.action not in _TO_DO:
            return _told(row, before[-1])
        if not pack:
            return replace(row, state="deferred")
        try:
            return self._prepared(row, signed, decided, before)
        except DispatchError as error:
            return replace(row, state="stopped", fault=error)
        except LedgerError as error:
            if error.code != _TAKEN:
                raise
            return replace(row, state="busy")

    def _wanted(self, signed: SignedFiling, to: Recipient) -> Wanted:
        place = safe_name(signed.bank)
        return Wanted(
            prefix=prefix_of(self._asked.period, place, substance_of(*files_of(signed))),
            channel=self._asked.via,
            address_digest=address_digest(to.address or place),
            resend=signed.bank in self._asked.resend,
        )

    def _shown(self, to: Recipient) -> str:
        return masked(to.address) if self._asked.via == MAIL else f"{safe_name(to.code)}/"

    def _prepared(
        self, row: SentRow, signed: SignedFiling, decided: Plan, before: Sequence[Delivery]
    ) -> SentRow:
        current = before[-1] if decided.action == "continue" else None
        count = len(current.parts) if current is not None else None
        packed = make(signed, decided.name, decided.supersedes, self._packing, count)
        if current is not None and not _same(current, packed):
            if current.left:
                return replace(row, state="changed")
            # Nothing of it left: the letter was reworded, or the passphrase is another.
            wanted = self._wanted(signed, self._inputs.recipients[signed.bank])
            number = 1 + sum(one.name.startswith(wanted.prefix) for one in before)
            name = f"{wanted.prefix}{number}"
            decided = Plan("send", name, decided.supersedes, current)
            packed = make(signed, name, decided.supersedes, self._packing)
            current = None
        files = tuple(FileRow(*one) for one in packed.files)
        state = SENT if current is None else CONTINUED
        row = replace(row, state=state, number=decided.name, parts=len(packed.paths), files=files)
        if self._asked.rehearsal:
            return row
        return self._recorded(row, signed, decided, (packed, current))

    def _recorded(
        self,
        row: SentRow,
        signed: SignedFiling,
        decided: Plan,
        parcel: tuple[Packed, Delivery | None],
    ) -> SentRow:
        """Into the outbox, what it replaces there taken back first."""
        packed, current = parcel
        if decided.withdraw is not None and not self._steps.withdraw(decided.withdraw):
            return replace(row, state="busy")
        if current is None:
            parts = self._parts(signed, decided, packed)
            reason = self._asked.resend.get(signed.bank, "")
            self._steps.begin(signed.bank, parts, f"{packed.sealed} {reason}".rstrip())
        else:
            parts = current.parts
            self._steps.complete(signed.bank, parts, packed.sealed)
        self._waiting += self._consignments(signed.bank, parts, packed)
        return row

    def _parts(self, signed: SignedFiling, decided: Plan, packed: Packed) -> tuple[Part, ...]:
        to, count = self._inputs.recipients[signed.bank], len(packed.paths)
        wanted = self._wanted(signed, to)
        return tuple(
            Part(
                parcel=part_name(decided.name, number, count),
                channel=self._asked.via,
                office=to.office,
                address=self._shown(to),
                address_digest=wanted.address_digest,
                message_id=packed.mails[number - 1].message_id if packed.mails else "",
                content=packed.content,
                supersedes=decided.supersedes,
            )
            for number in range(1, count + 1)
        )

    def _consignments(
        self, bank: str, parts: Sequence[Part], packed: Packed
    ) -> Iterator[Consignment]:
        """What still has to travel."""
        for part in parts:
            at = part_number(part.parcel) - 1
            if not part.steps or part.state in WAITING:
                yield Consignment(
                    bank=bank,
                    place=safe_name(bank),
                    parcel=part.parcel,
                    last=part.last or PREPARED,
                    attempt=part.attempt,
                    prepared=packed.paths[at],
                    mail=packed.mails[at] if packed.mails else None,
                )


def _told(row: SentRow, current: Delivery) -> SentRow:
    """Where nothing is to be done: how it stands, and what was said."""
    part = next(part for part in current.parts if part.state == current.state)
    return replace(
        row,
        supersedes=part.supersedes,
        parts=len(current.parts),
        detail=part.steps[-1].detail if row.state in ("refused", "uncertain") else "",
    )


def _same(current: Delivery, packed: Packed) -> bool:
    """Whether this is, byte for byte, what was recorded to be sent."""
    prepared = [step.detail for part in current.parts for step in part.steps[:1]]
    sealed = {detail.partition(" ")[0] for detail in prepared}
    return current.content == packed.content and sealed <= {packed.sealed}
