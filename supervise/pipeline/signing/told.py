"""What came of a sign-off, for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supervise import __version__
from supervise.errors import DispatchError
from supervise.json_text import to_json
from supervise.pipeline.signing.signoff import Asked, Told
from supervise.read.words import read_words

SCHEMA = "supervise/signoff/1"
_RESULTS = ("signed", "already", "withdrawn", "refused")


def exit_code(told: Sequence[Told]) -> int:
    """6 if a bank could not be signed off, or had nothing to withdraw."""
    return DispatchError.exit_code if any(one.result == "refused" for one in told) else 0


def as_text(told: Sequence[Told], asked: Asked, lang: str) -> str:
    """Counts, then every bank that was refused with its reason."""
    words = read_words(lang)
    counts = _counts(told)
    lines = [words(f"signoff.{name}", period=asked.period, n=n) for name, n in counts.items() if n]
    lines += [
        words("signoff.refusal", bank=one.bank, name=one.name, why=words(f"signoff.why.{one.why}"))
        for one in told
        if one.result == "refused"
    ]
    waiting = [one for one in told if _signed(one) and len(one.signers) < asked.eyes]
    if waiting:
        lines.append(words("signoff.waiting", n=len(waiting), eyes=asked.eyes))
    copies = [one for one in told if one.signed_report]
    if copies:
        names = {"n": len(copies), "subject": copies[0].subject}
        lines.append(words("signoff.copies", **names))
    return "\n".join(lines or [words("signoff.nothing", period=asked.period)]) + "\n"


def as_json(told: Sequence[Told], asked: Asked, lang: str) -> str:
    """The document ``supervise/signoff/1``."""
    words = read_words(lang)
    return to_json(
        {
            "schema": SCHEMA,
            "program": __version__,
            "period": asked.period,
            "by": asked.signer.by,
            "role": asked.signer.role,
            "on": asked.signer.on,
            "eyes": asked.eyes,
            "counts": _counts(told),
            "banks": [
                {
                    "bank": one.bank,
                    "name": one.name,
                    "result": one.result,
                    "reason": one.why,
                    "message": None if one.why is None else words(f"signoff.why.{one.why}"),
                    "signers": [_signer(each) for each in one.signers],
                    "complete": _signed(one) and len(one.signers) >= asked.eyes,
                    "signed_report": one.signed_report or None,
                    "certificate": one.subject or None,
                }
                for one in told
            ],
        }
    )


def _signer(one: Any) -> dict[str, str]:
    return {"by": one.by, "role": one.role, "on": one.on}


def _signed(one: Told) -> bool:
    return one.result in ("signed", "already")


def _counts(told: Sequence[Told]) -> dict[str, int]:
    results: list[str] = [one.result for one in told]
    return {name: results.count(name) for name in _RESULTS}
