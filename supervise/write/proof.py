"""An evaluation → the document ``supervise/proof/1`` 自检凭证, and a verdict on one in words.

Same submission, law and program, same bytes: no clock, no language, no name of a person.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from supervise import __version__
from supervise.core.evaluation import Evaluation
from supervise.core.proof import (
    Proof,
    ProofVerdict,
    Reason,
    compare_proofs,
    counted_otherwise,
    digest_of,
    of_submission_alone,
    seal_of,
    settled_points,
    told_findings,
)
from supervise.record import replace
from supervise.write.document_indicator import decimal_text
from supervise.write.numbers import Words

SCHEMA = "supervise/proof/1"
SHORT = 16
MOST_NAMED = 5
_NAMING = frozenset({"findings", "points", "counted_otherwise"})


def proof_of(evaluation: Evaluation) -> Proof:
    """The proof of an evaluation, made from its submission alone."""
    alone = of_submission_alone(evaluation)
    filed, law = alone.submission, alone.rulebook
    findings = told_findings(alone)
    parts = {name: decimal_text(points) or "0" for name, points in settled_points(alone).items()}
    return Proof(
        program=__version__,
        sha256=filed.sha256,
        bank=filed.bank.code,
        period=str(filed.period),
        sequence=filed.sequence,
        rulebook=law.digest,
        rulebook_version=law.version,
        overlay=law.overlay,
        status=alone.status,
        findings=digest_of(findings),
        checks={name: (len(told), digest_of(told)[:SHORT]) for name, told in findings.items()},
        points=digest_of(parts),
        parts=parts,
    )


def proof_document(evaluation: Evaluation) -> dict[str, Any]:
    """What ``check --proof`` writes; ``digest`` seals all the rest."""
    alone = of_submission_alone(evaluation)
    proof = proof_of(alone)
    document = {
        "schema": SCHEMA,
        "program": proof.program,
        "submission": {
            "file": alone.submission.file,
            "sha256": proof.sha256,
            "bank": proof.bank,
            "period": proof.period,
            "sequence": proof.sequence,
            "form_version": alone.submission.form_version,
        },
        "rulebook": {
            "version": proof.rulebook_version,
            "digest": proof.rulebook,
            "overlay": proof.overlay,
        },
        "status": proof.status,
        "counts": _counts(alone),
        "findings": {
            "digest": proof.findings,
            "checks": {c: {"count": n, "digest": d} for c, (n, d) in proof.checks.items()},
        },
        "points": {"digest": proof.points, "parts": dict(proof.parts)},
        "history": _history(evaluation),
    }
    return {**document, "digest": seal_of(document)}


def compared(evaluation: Evaluation, told: Proof | None, others: tuple[int, ...]) -> ProofVerdict:
    """A bank's proof beside the regulator's evaluation of its submission.

    Args:
        evaluation: With whatever history, judgements and peers.
        told: The bank's proof of this filing; None: there is none.
        others: Sequences of the bank's other proofs for the period.
    """
    if told is None:
        listed = ", ".join(map(str, others))
        notes = (Reason("other_sequence", {"sequences": listed}),) if others else ()
        return ProofVerdict("absent", notes=notes)
    alone = of_submission_alone(evaluation)
    verdict = compare_proofs(told, proof_of(alone))
    parts = counted_otherwise(evaluation, alone)
    if not parts:
        return verdict
    note = Reason("counted_otherwise", about=tuple((part, "", "") for part in parts))
    return replace(verdict, notes=(*verdict.notes, note))


def verdict_document(verdict: ProofVerdict, words: Words) -> dict[str, Any]:
    """What the evaluation document holds under ``proof``."""
    return {
        "state": verdict.state,
        "reasons": [_reason(reason, words) for reason in verdict.reasons],
        "notes": [_reason(note, words) for note in verdict.notes],
    }


def verdict_words(verdict: ProofVerdict, words: Words) -> str:
    """一致, or 不一致 with every reason, in one line."""
    state = words(f"proof.state.{verdict.state}")
    told = [reason_words(reason, words) for reason in (*verdict.reasons, *verdict.notes)]
    if not told:
        return state
    return words("proof.because", state=state, reasons=words("report.list_semicolon").join(told))


def reason_words(reason: Reason, words: Words) -> str:
    """A reason in words; of many checks or parts the first few are named."""
    if reason.code == "status":
        names = {side: words(f"report.status.{name}") for side, name in reason.names.items()}
        return words("proof.reason.status", **names)
    if reason.code not in _NAMING:
        return words(f"proof.reason.{reason.code}", **reason.names)
    named = [_named(*one, words) for one in reason.about[:MOST_NAMED]]
    listed = words("report.list_comma").join(named)
    if len(reason.about) > MOST_NAMED:
        listed = words("report.and_more", names=listed, n=len(reason.about))
    return words(f"proof.reason.{reason.code}", names=listed or "-")


def _named(name: str, told: str, found: str, words: Words) -> str:
    return name if told == found else words("proof.sides", name=name, told=told, found=found)


def _reason(reason: Reason, words: Words) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": reason_words(reason, words),
        "about": [name for name, _, _ in reason.about],
    }


def _counts(evaluation: Evaluation) -> dict[str, int]:
    """Findings by severity, how many are explained, and checks by what became of them."""
    severities = Counter(finding.severity for finding in evaluation.findings)
    states = Counter(state.state for state in evaluation.states)
    return {
        "blocking": severities["blocking"],
        "explain": severities["explain"],
        "advisory": severities["advisory"],
        "explained": sum(finding.explanation is not None for finding in evaluation.findings),
        "checks_passed": states["passed"],
        "checks_failed": states["failed"],
        "checks_not_evaluated": states["not_evaluated"],
    }


def _history(evaluation: Evaluation) -> dict[str, Any] | None:
    """What the bank saw with its own earlier evaluations; apart, for nobody else need have them."""
    if not evaluation.history:
        return None
    findings = told_findings(evaluation)
    return {
        "periods": sorted(map(str, evaluation.history)),
        "status": evaluation.status,
        "checks": {name: len(told) for name, told in findings.items()},
        "digest": digest_of(findings),
    }
