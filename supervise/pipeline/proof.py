"""自检凭证 end to end: a bank writes one, a regulator compares it, anybody verifies it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from supervise.core.evaluation import Evaluation
from supervise.core.proof import Proof, ProofVerdict, proof_for
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.pipeline.case import Outcome
from supervise.pipeline.saving import write_output
from supervise.read.error_words import in_language
from supervise.read.proofs import Proofs, read_intact_proof
from supervise.record import replace
from supervise.write.manifest import RunRow
from supervise.write.numbers import Words
from supervise.write.proof import compared, proof_document, verdict_words


def write_proof(outcomes: Sequence[Outcome], path: Path) -> Path | None:
    """Write the proof of one checked file.

    Args:
        outcomes: What came of the check: one file.
        path: Where the proof goes; never one of the files checked.

    Returns:
        The path; None if the file was refused, for then there is nothing to prove.

    Raises:
        UsageError: Several files, a path that is one of them, or one that cannot be written.
    """
    if len(outcomes) != 1:
        raise UsageError(
            f"一份自检凭证只证明一份报送件，这里有 {len(outcomes)} 份",
            expected="--proof 与一份报送件同用",
            fix="逐份运行 supervise check FILE.xlsx --proof FILE.json。",
            code="one_proof_one_file",
        )
    evaluation = outcomes[0].evaluation
    if evaluation is None:
        return None
    document = to_json(proof_document(evaluation))
    return write_output(path, document.encode(), [outcomes[0].path])


def compare_proof(evaluation: Evaluation, proofs: Proofs) -> ProofVerdict:
    """一致, 不一致 or 无凭证: a bank's proof beside the regulator's evaluation of its filing."""
    told, others = proof_for(proofs.found, evaluation.submission)
    return compared(evaluation, told, others)


def row_with_proof(row: RunRow, verdict: ProofVerdict, words: Words) -> RunRow:
    """A run's row that also says what came of the proof."""
    return replace(row, proof=verdict.state, proof_told=verdict_words(verdict, words))


def proof_summary(rows: Iterable[RunRow], proofs: Proofs, words: Words) -> list[str]:
    """What a run says of proofs, for people: counts, those that differ, those of no use."""
    told = tuple(rows)
    states = [row.proof for row in told]
    counts = {name: states.count(name) for name in ("consistent", "inconsistent", "absent")}
    lines = [words("proof.summary", **counts)]
    lines += [
        words("proof.differs", file=row.file, told=row.proof_told)
        for row in told
        if row.proof == "inconsistent"
    ]
    filed = {(row.code, row.period, row.sequence) for row in told}
    lines += [
        words("proof.unclaimed", source=p.source, bank=p.bank, period=p.period, sequence=p.sequence)
        for p in proofs.found
        if (p.bank, p.period, p.sequence) not in filed
    ]
    lines += [
        words("proof.fault", file=fault.where, what=fault.what, fix=fault.fix)
        for fault in (in_language(one, words.lang) for one in proofs.faults)
    ]
    return lines


def verify_proof(path: Path) -> Proof:
    """A proof that agrees with its own digest.

    That it was not changed by accident is all that this shows; whether what it says is so, only
    ``evaluate --proofs`` can tell.

    Raises:
        UsageError: It cannot be read, or is no proof.
        NotIntact: It was changed or damaged.
    """
    return read_intact_proof(path)
