"""自检凭证: what a bank's own check came to, so that a regulator can see whether it is the same.

A proof covers only what the submission and the law decide together. Both sides work it out
from the submission alone, without history, peers, ledger, judgements or adjustments; so it is the
same whatever else either of them knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal

from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.model import NOTHING, Submission
from supervise.json_text import canonical_ascii
from supervise.record import field, record

ProofState = Literal["consistent", "inconsistent", "absent"]


@record(kw_only=True)
class Proof:
    """One proof of self-check.

    Attributes:
        source: Name of the file it was read from; empty for one just made.
        intact: Whether it agrees with its own digest.
        status: As the submission alone gives it.
        findings: Digest of the findings that the submission alone gives.
        checks: Check id to how many of these findings it made, and a digest of them.
        points: Digest of ``parts``.
        parts: ``indicator.part`` to the points that the submission alone gives; exact decimals.
    """

    program: str
    sha256: str
    bank: str
    period: str
    sequence: int
    rulebook: str
    rulebook_version: str
    overlay: str | None
    status: str
    findings: str
    checks: Mapping[str, tuple[int, str]]
    points: str
    parts: Mapping[str, str]
    source: str = ""
    intact: bool = True


@record
class Reason:
    """Why a proof does not agree, or what is to be noted.

    Attributes:
        code: Id of a wording; ``names`` are filled in.
        about: Checks or parts that it is about, each as the proof has it and as it is now.
    """

    code: str
    names: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    about: tuple[tuple[str, str, str], ...] = ()


@record
class ProofVerdict:
    """一致, 不一致 or 无凭证, and why.

    Attributes:
        reasons: What does not agree, the cause before its consequences.
        notes: What differs without mattering.
    """

    state: ProofState
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


def of_submission_alone(evaluation: Evaluation) -> Evaluation:
    """The evaluation that the submission and the law give without anything else."""
    plain = not evaluation.history and not evaluation.adjustments and evaluation.stage == "self"
    return evaluation if plain else evaluate(evaluation.submission, evaluation.rulebook)


def settled_points(evaluation: Evaluation) -> dict[str, Fraction]:
    """Points that are certain and nobody's judgement, by ``indicator.part``."""
    return {
        f"{result.law.id}.{part.law.id}": part.points
        for result in evaluation.indicators
        if result.applies and result.law.kind != "monitored"
        for part in result.parts
        if part.applies and part.law.curve is not None and not part.law.judged
        if part.points is not None and part.low == part.high
    }


def told_findings(evaluation: Evaluation) -> dict[str, list[list[Any]]]:
    """What a digest of findings covers, by check; no message, so that language is none of it."""
    told: dict[str, list[list[Any]]] = {}
    for finding in evaluation.findings:
        explained = finding.explanation.state if finding.explanation is not None else ""
        told.setdefault(finding.check, []).append(
            [
                finding.severity,
                list(finding.cells),
                finding.found,
                finding.expected,
                finding.difference,
                finding.tolerance,
                explained,
            ]
        )
    return {check: sorted(found) for check, found in sorted(told.items())}


def digest_of(value: object) -> str:
    """SHA-256 in hex of canonical JSON: ASCII, keys sorted, no spaces."""
    return hashlib.sha256(canonical_ascii(value)).hexdigest()


def seal_of(document: Mapping[str, Any]) -> str:
    """Digest of a whole proof document, its own ``digest`` left out."""
    return digest_of({key: value for key, value in document.items() if key != "digest"})


def proof_for(proofs: Iterable[Proof], filed: Submission) -> tuple[Proof | None, tuple[int, ...]]:
    """The proof that came with a filing.

    Args:
        proofs: All proofs at hand.
        filed: The filing.

    Returns:
        The proof of this bank, period and sequence; of several, one that is intact and of this
        very file. Then the sequences of the bank's other proofs for the period.
    """
    mine = [p for p in proofs if (p.bank, p.period) == (filed.bank.code, str(filed.period))]
    fitting = [p for p in mine if p.sequence == filed.sequence]
    others = tuple(sorted({p.sequence for p in mine} - {filed.sequence}))
    best = max(fitting, key=lambda p: (p.intact, p.sha256 == filed.sha256), default=None)
    return best, others


def compare_proofs(told: Proof, found: Proof) -> ProofVerdict:
    """What a bank's proof says beside what its submission comes to now.

    Args:
        told: The bank's.
        found: Made from the submission at hand, by the law at hand.
    """
    if not told.intact:
        return ProofVerdict("inconsistent", (Reason("tampered"),))
    reasons = [*_causes(told, found), *_consequences(told, found)]
    program = Reason("program", {"told": told.program, "found": found.program})
    changed = told.program != found.program
    if not reasons:
        return ProofVerdict("consistent", notes=(program,) if changed else ())
    return ProofVerdict("inconsistent", (*reasons, program) if changed else tuple(reasons))


def _causes(told: Proof, found: Proof) -> Iterator[Reason]:
    if told.sha256 != found.sha256:
        yield Reason("file", {"told": told.sha256[:12], "found": found.sha256[:12]})
    if told.rulebook != found.rulebook:
        sides = {"told": _law(told), "found": _law(found)}
        yield Reason("rulebook", sides)


def _law(proof: Proof) -> str:
    named = f"{proof.rulebook_version}/{proof.rulebook[:12]}"
    return f"{named}+{proof.overlay}" if proof.overlay else named


def _consequences(told: Proof, found: Proof) -> Iterator[Reason]:
    if told.status != found.status:
        yield Reason("status", {"told": told.status, "found": found.status})
    if told.findings != found.findings:
        checks = _differing(told.checks, found.checks)
        yield Reason(
            "findings", about=tuple((c, _count(told, c), _count(found, c)) for c in checks)
        )
    if told.points != found.points:
        parts = _differing(told.parts, found.parts)
        sides = ((p, told.parts.get(p, "-"), found.parts.get(p, "-")) for p in parts)
        yield Reason("points", about=tuple(sides))


def _differing(told: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    return [name for name in sorted({*told, *found}) if told.get(name) != found.get(name)]


def _count(proof: Proof, check: str) -> str:
    return str(proof.checks[check][0]) if check in proof.checks else "0"


def counted_otherwise(evaluation: Evaluation, alone: Evaluation) -> tuple[str, ...]:
    """Parts whose points here are not those of the submission alone: history, judgement, others."""
    settled = settled_points(alone)
    here = {
        f"{result.law.id}.{part.law.id}": part.points
        for result in evaluation.indicators
        for part in result.parts
    }
    return tuple(name for name, points in settled.items() if here.get(name) != points)
