"""What a verification came to → ``supervise/verification/1``, and one line for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise import __version__
from supervise.core.comparing.results import Difference
from supervise.core.model import NOTHING
from supervise.errors import NotIntact, SuperviseError
from supervise.record import field, record
from supervise.write.numbers import Words

SCHEMA = "supervise/verification/1"
_SHORT = 12


@record(kw_only=True)
class Verified:
    """One file.

    Attributes:
        kind: ``report``, ``summary``, ``parcel``, ``manifest``, ``evaluation``, ``refusal``,
            ``proof`` or ``unknown``.
        faults: Everything that does not hold; none: it is intact.
        told: What it says of itself.
        program: Version of the program that wrote it.
        repeated: Whether the same result came out again; None: it was not worked out.
        differences: Places or documents that differ, as told and as found.
        signature: Of a report that is signed electronically: subject, issuer, signed_at, trusted,
            valid; None: it is not.
    """

    file: str
    kind: str
    faults: tuple[SuperviseError, ...] = ()
    told: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    program: str = ""
    repeated: bool | None = None
    differences: tuple[Difference, ...] = ()
    signature: Mapping[str, Any] | None = None

    @property
    def result(self) -> str:
        """``intact``, ``not_intact`` or ``unreadable``."""
        if not self.faults:
            return "intact"
        broken = any(isinstance(fault, NotIntact) for fault in self.faults)
        return "not_intact" if broken else "unreadable"


def verification_document(one: Verified) -> dict[str, Any]:
    """The document of one file."""
    return {
        "schema": SCHEMA,
        "program": __version__,
        "file": one.file,
        "kind": one.kind,
        "result": one.result,
        "written_by": one.program or None,
        "told": dict(one.told) or None,
        "repeated": one.repeated,
        "signature": None if one.signature is None else dict(one.signature),
        "faults": [_fault(fault) for fault in one.faults],
        "differences": [
            {"path": each.path, "told": each.told, "found": each.found} for each in one.differences
        ],
    }


def _fault(fault: SuperviseError) -> dict[str, str]:
    return {
        "code": fault.code,
        "message": fault.what,
        "where": fault.where,
        "expected": fault.expected,
        "fix": fault.fix,
    }


def verified_line(one: Verified, words: Words) -> str:
    """One line about a file that is intact."""
    names = {"file": one.file, **one.told}
    law = one.told.get("rulebook")
    if law is not None:
        names["rulebook"] = f"{law['version']}/{law['digest'][:_SHORT]}"
    line = words(f"verify.intact.{one.kind}", **names)
    if one.signature is not None:
        chain = words(f"verify.chain_{'trusted' if one.signature['trusted'] else 'unasked'}")
        line += words("verify.signed", chain=chain, **one.signature)
    if one.program in ("", __version__):
        return line
    return line + words("verify.other_program", told=one.program, found=__version__)
