"""What a ledger holds, as values: one class a kind of record; all figures exact, as texts.

A record never changes. What happened later is a later record: of the same kind where a value was
set anew (a judgement), of a ``…Step`` kind where something went on (an objection).
Points in time and dates are ISO 8601 texts given by whoever appends.
"""

from __future__ import annotations

from typing import NamedTuple

from supervise.record import record

OFFICE = "@office"
"""The chain of what belongs to no institution: runs, rulebooks, frozen references, refusals."""


class MeasureRow(NamedTuple):
    """One figure of an evaluation; ``part`` is empty for the indicator's own value."""

    indicator: str
    part: str
    value: str | None
    reason: str | None
    low: str | None
    high: str | None
    points: str | None


class FindingRow(NamedTuple):
    """One finding of an evaluation.

    Attributes:
        place: Its place in the evaluation's list, from 0.
        cells: Separated by one space, the one to look at first.
        answer: The bank's explanation; None: not answered.
    """

    place: int
    check_id: str
    severity: str
    scope: str
    cells: str
    found: str
    expected: str
    difference: str
    tolerance: str
    answer: str | None
    answer_state: str | None


class HeadRow(NamedTuple):
    """Where one institution's chain ended when a run finished."""

    bank: str
    bank_number: int
    chain: str


@record(kw_only=True)
class Filed:
    """A submission as received 报送件; a resubmission is another one with its reason.

    Attributes:
        sha256: Digest of the original bytes.
        kept: Where the original bytes are: an address in the store, a path, or empty.
        received_on: Day of receipt.
        supersedes: Sequence that it means to replace; None for a first filing.
    """

    period: str
    sequence: int
    sha256: str
    file: str
    kept: str
    received_on: str
    reason: str
    supersedes: int | None
    form_version: str
    name: str
    bank_type: str
    level: str
    parent: str | None
    province: str


@record(kw_only=True)
class Evaluated:
    """A submission judged 评价结果: the latest one of a submission counts.

    Attributes:
        submission: Digest of the submission's bytes.
        rulebook: Digest of the law it was judged by.
        inputs: Digest of everything else that it depends on (history, peers, judgements), as
            the caller defines it; empty where there is nothing else.
        blocking: Checks that block.
        unanswered: 需说明 checks without an answer.
        document: Digest of the evaluation document, kept beside the record.
        past: Digest of the excerpt that later evaluations compare with.
    """

    period: str
    sequence: int
    submission: str
    status: str
    kind: str
    stage: str
    program: str
    rulebook: str
    inputs: str
    regular: str
    bonus: str
    total: str
    low: str
    high: str
    grade: str | None
    official: bool
    blocking: int
    unanswered: int
    document: str
    past: str
    measures: tuple[MeasureRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()


@record(kw_only=True)
class RulebookUsed:
    """A resolved rulebook by which something was judged."""

    digest: str
    version: str
    overlay: str | None
    period: str
    bank_type: str
    province: str


@record(kw_only=True)
class FrozenReference:
    """A peer figure frozen for a period 同业参照值 (standing rule 7); the latest of a key counts.

    Attributes:
        period: From which period it is used.
        source_period: Of which period's filings it is made.
        group: Bank type or the group that the rulebook names; empty for the freeze as a whole.
        measure: ``indicator``, ``indicator.part``, ``total`` or ``element.id``; empty for the
            freeze as a whole.
        statistic: ``median``; ``values``: all of them, rising, a space between two; ``freeze``:
            the freeze as a whole.
        value: None withdraws it. Of a ``freeze``: why it was done again; empty the first time.
        n: Banks behind it.
        digest: Of the values that it was made from; of a ``freeze``: of all that it froze.
    """

    period: str
    source_period: str
    group: str
    measure: str
    statistic: str
    value: str | None
    n: int
    digest: str


@record(kw_only=True)
class Refused:
    """A file that could not be read; of no institution, since none could be known for sure."""

    sha256: str
    file: str
    period: str
    code: str
    message: str
    fix: str
    program: str


@record(kw_only=True)
class RunStarted:
    """A run over many banks began."""

    run: str
    program: str
    what: str
    at: str


@record(kw_only=True)
class RunFinished:
    """A run ended; ``head`` is the digest over all institutions' heads, printed in the manifest."""

    run: str
    head: str
    at: str
    heads: tuple[HeadRow, ...] = ()
