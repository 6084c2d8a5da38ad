"""What is asked of a run, of its first and of its second pass, and what the second leaves.

Plain values, so that they can cross a process border, on the way to another machine too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supervise.pipeline.outputs import INTERNAL, Row, Target
from supervise.pipeline.run.basis import NO_BASIS, Basis
from supervise.pipeline.run.entries import Place
from supervise.pipeline.run.given import Keeping
from supervise.pipeline.run.journal import FOLDER, Journal
from supervise.pipeline.run.others import NO_OTHERS, Others
from supervise.pipeline.run.peer_groups import Ranked
from supervise.record import record
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.filing import Filing


@record(kw_only=True)
class Run:
    """What a regulator asks for.

    Attributes:
        target: Where results go and which of them.
        history: Folder of earlier evaluation documents.
        judgements: File of supervisors' marks.
        expected: The period that is being collected, as ``2026Q3``; None: any.
        official: Refuse results that rest on anything unconfirmed.
        proofs: Folder of the banks' proofs of self-check, to compare with.
        opinions: File of the supervisor's words, as a run before drafted it.
        keeping: The ledger that is asked and appended to; None: none.
        basis: What its results rest on; the run works it out when it starts.
    """

    settings: Settings
    target: Target
    history: Path | None = None
    judgements: Path | None = None
    expected: str | None = None
    official: bool = False
    proofs: Path | None = None
    opinions: Path | None = None
    keeping: Keeping | None = None
    basis: Basis = NO_BASIS

    @property
    def journal(self) -> Journal:
        """What the run has done so far, kept in its folder for the office."""
        return Journal(self.target.folder / INTERNAL / FOLDER)


@record(kw_only=True)
class Asked:
    """One file's first pass.

    Attributes:
        alone: Nothing is known of the other files yet: one that rests on others has to wait.
        others: What is known of the others.
        parent: The legal person's file, for a branch.
        noted: Where the journal has something of a file of this name.
    """

    path: Path
    run: Run
    alone: bool = False
    others: Others = NO_OTHERS
    parent: Path | None = None
    noted: tuple[Place, ...] = ()


@record(kw_only=True)
class Job:
    """One bank's second pass.

    Attributes:
        key: What the first pass rested on.
        ranked: Where the bank stands among its peers; None: it has none.
        others: What is known of the other files of the run.
        parent: The legal person's file, for a branch.
        superseded: A resubmission stands instead.
        recorded: Digest of the document that the ledger has of it as the latest; empty: none.
        half: Where the first pass left it half made; ``finished``: where the journal has what an
            earlier second pass came to. None: nowhere.
    """

    path: Path
    sha256: str
    run: Run
    key: str = ""
    ranked: Ranked | None = None
    others: Others = NO_OTHERS
    parent: Path | None = None
    superseded: bool = False
    recorded: str = ""
    half: Place | None = None
    finished: Place | None = None


@record
class Done:
    """What a bank's second pass leaves: its row, and its figures unless it was lost.

    Attributes:
        figures: What a region needs of it, packed; empty if it was lost or nobody asks.
        filing: What a ledger is to keep of it; None without one, or if it has it, or if it was
            lost.
        taken_over: An earlier run had done it.
        milliseconds: That it took.
    """

    row: Row
    figures: str = ""
    filing: Filing | None = None
    taken_over: bool = False
    milliseconds: int = 0
