"""What is known of one bank of a run beside its workbook, and the digest of all that.

History comes from the ledger first, then from earlier documents; marks, corrections and words
come from supervisors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supervise.core.context import Context
from supervise.core.law import Rulebook
from supervise.core.supervision import NO_EDITS
from supervise.pipeline.case import over
from supervise.pipeline.ledger.marks import Said, digest_of_procedure, with_kept
from supervise.pipeline.run.basis import digest_of_context, digest_of_texts
from supervise.pipeline.run.given import history_of, ledger_of, marks_of, said_of
from supervise.pipeline.run.opinions import authors_of, deciding_words, edits_of
from supervise.pipeline.run.others import FIRST, NO_OTHERS, Others
from supervise.read.history import History
from supervise.read.judgements import Marks
from supervise.record import record, replace

if TYPE_CHECKING:
    from supervise.pipeline.run.items import Run


@record
class Filer:
    """Whose filing it is.

    Attributes:
        law: By which it is judged, of the period that it is for.
        others: Of the other files of the run.
    """

    code: str
    sequence: int
    law: Rulebook
    others: Others = NO_OTHERS


def known(run: Run) -> tuple[Marks, History]:
    """Marks and history of a run, read once per process."""
    return marks_of(run.judgements), history_of(run.history)


def known_of(filer: Filer, run: Run, *, demands: bool = True) -> Context:
    """What is known of one bank, but for its parent and the marks that the run was given.

    History, first filing, the supervisor's words; from the ledger marks, objections, demands. A
    first filing counts from itself. One among the files of this run goes before what the ledger
    knows of it.

    Args:
        filer: Whose filing it is.
        run: What is asked for.
        demands: With what was demanded; a draft of opinions is made without.
    """
    past, first_filing = known(run)[1].get(filer.code, {}), filer.others.first_filing
    edits = edits_of(run.opinions, filer.code, str(filer.law.period))
    if run.keeping is None:
        return Context(history=past, first_filing=first_filing, edits=edits)
    from supervise.pipeline.ledger.opening import recalled

    here = first_filing is not None or filer.sequence == FIRST
    told = recalled(ledger_of(run.keeping.ledger), filer.code, filer.law, past, first=not here)
    if here:
        told = replace(told, first_filing=first_filing)
    return with_kept(replace(told, edits=edits), filer.law, said_by(filer, run), demands=demands)


def said_by(filer: Filer, run: Run) -> Said:
    """What the ledger of the run says of a bank beside its filings."""
    return said_of(run.keeping, filer.code, str(filer.law.period))


def key_of(name: str, sha256: str, filer: Filer, context: Context, run: Run) -> str:
    """Digest of everything that the first pass over a file rests on.

    Args:
        name: Of the file: it stands in documents.
        sha256: Of its bytes.
        filer: Whose it is.
        context: As ``known_of`` gives it.
        run: What is asked for.
    """
    marks = known(run)[0]
    said = replace(
        context,
        judgements=over(
            context.judgements, marks.judgements.get(filer.code, ()), "indicator", "part"
        ),
        adjustments=over(context.adjustments, marks.adjustments.get(filer.code, ()), "item"),
        edits=deciding_words(context.edits),
    )
    procedure = digest_of_procedure(said_by(filer, run))
    # Words are held against the names of all who marked anybody.
    names = authors_of(marks) if said.edits != NO_EDITS else []
    told = (run.basis.judged, name, sha256, filer.law.digest, digest_of_context(said), procedure)
    return digest_of_texts((*told, filer.others.parent, *names))
