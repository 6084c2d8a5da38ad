"""Ledgers for tests: a real PostgreSQL of our own, both databases alike, filings by the handful."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from supervise.core.context import PastEvaluation
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.taking import figures_of
from supervise.json_text import canonical
from supervise.ledger.address import parse_address
from supervise.ledger.drafting import packed_documents
from supervise.ledger.filing import Filing
from supervise.ledger.kinds import Record
from supervise.ledger.later_records import (
    Adjusted,
    Judged,
    Objected,
    ObjectionStep,
    Parcel,
    ParcelStep,
    Rectification,
    RectificationStep,
    SignedOff,
    StageStep,
    Succession,
)
from supervise.ledger.ledger import Ledger
from supervise.ledger.past import excerpt
from supervise.ledger.records import (
    Evaluated,
    Filed,
    FindingRow,
    FrozenReference,
    MeasureRow,
    Refused,
    RulebookUsed,
)
from supervise.ledger.upgrading import upgrade
from supervise.pipeline.ledger.filings import filing_of
from supervise.pipeline.packing import packed_figures
from supervise.read.history import past_of
from supervise.record import replace

PASSWORD = "秘密 s3cret"
_NUMBERS = count(1)


class Server:
    """A PostgreSQL server of our own, from Debian's package, on a loopback port."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def url(self, schema: str, *, database: str = "postgres", user: str = "keeper") -> str:
        """The address of a ledger in a schema of its own: made faster than a whole database."""
        where = f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"
        return f"{where}?options=-csearch_path%3D{schema}"

    def new_schema(self) -> str:
        name = f"ledger{next(_NUMBERS)}"
        with self.session("public") as session:
            session.execute(f"CREATE SCHEMA {name}".encode())
        return name

    @contextmanager
    def session(self, schema: str) -> Iterator[psycopg.Connection[Any]]:
        """Behind the ledger's back, as whoever runs the database could."""
        told = f"host=127.0.0.1 port={self.port} user=keeper dbname=postgres"
        options = f"-csearch_path={schema}"
        with psycopg.connect(told, password=PASSWORD, options=options, autocommit=True) as session:
            yield session


@contextmanager
def running_server() -> Iterator[Server]:
    """Start one, as user postgres where we are root; it is gone afterwards."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="supervise-pg-"))
    try:
        secret = folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        _give_away(folder)
        data = folder / "data"
        made = ["-D", data, "-U", "keeper", "--pwfile", secret, "-A", "scram-sha-256"]
        _as_postgres(programs / "initdb", *made, "-E", "UTF8", "--locale=C", "-N")
        port = _free_port()
        settings = (
            f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off "
            "-c full_page_writes=off -c autovacuum=off -c shared_buffers=16MB"
        )
        start = ["-D", data, "-w", "-l", folder / "log", "-o", settings, "start"]
        _as_postgres(programs / "pg_ctl", *start)
        try:
            yield Server(folder, port)
        finally:
            _as_postgres(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    known = shutil.which("initdb")
    assert found or known, "PostgreSQL is missing: scripts/setup.sh test installs it"
    return found[0].parent if found else Path(str(known)).parent


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _as_postgres(*command: object) -> None:
    """Into a file, not a pipe: the server would keep a pipe open, and reading it never ends."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    with tempfile.TemporaryFile("w+") as told:
        done = subprocess.run(words, cwd="/", check=False, stdout=told, stderr=told)
        told.seek(0)
        assert done.returncode == 0, told.read()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# --- one ledger, whichever database -----------------------------------------------------------


class Place:
    """An empty ledger that a test opens as often as it likes, and can tamper with."""

    def __init__(self, url: str, session: Callable[[], AbstractContextManager[Any]]) -> None:
        self.url = url
        self.address = parse_address(url)
        self.session = session
        upgrade(self.address)

    @property
    def on_file(self) -> bool:
        return self.address.path is not None

    def open(self, **more: Any) -> Ledger:
        return Ledger(self.address, **more)

    def tamper(self, *statements: str) -> None:
        """What somebody with the database's own tools can do, triggers put aside."""
        with self.session() as session:
            if self.on_file:
                found = session.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in found.fetchall():
                    session.execute(f'DROP TRIGGER "{name}"')
            else:
                session.execute("SET session_replication_role = replica")
            for statement in statements:
                session.execute(statement)

    def plainly(self, statement: str) -> None:
        """One statement with the triggers in place."""
        with self.session() as session:
            session.execute(statement)


def file_place(path: Path) -> Place:
    return Place(str(path), lambda: closing(sqlite3.connect(str(path), isolation_level=None)))


def server_place(server: Server) -> Place:
    schema = server.new_schema()
    return Place(server.url(schema), lambda: server.session(schema))


# --- filings ----------------------------------------------------------------------------------

BANK = "B0001H233000001"
PERIOD = "2026Q3"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(period: str = "2026Q3", **more: Any) -> dict[str, Any]:
    """What an evaluation document must hold for an excerpt, made up."""
    return {
        "program": "0.2.0",
        "status": more.get("status", "passed"),
        "rectification": more.get("rectification", []),
        "submission": {"period": period, "file": more.get("file", "a.xlsx")},
        "evaluation": {"kind": "annual" if period.endswith("Q4") else "monitoring"},
        "facts": more.get("facts", {"G01_loans": "1200000000", "G01_rate": "0.05"}),
        "indicators": [
            {"id": "share", "value": "0.25", "parts": [{"id": "level", "value": "0.2"}]},
            {"id": "growth", "value": None, "parts": []},
        ],
        "elements": [{"id": "supply", "points": "20"}],
        "score": {"total": more.get("total", "88.5")},
        "grade": {"id": "2A"},
        "findings": [],
    }


def filing(
    bank: str = BANK,
    period: str = "2026Q3",
    *,
    sequence: int = 1,
    status: str = "passed",
    content: str = "",
    **more: Any,
) -> Filing:
    """One bank's result, small; ``content`` tells files with one sequence apart."""
    made = document(period, **more)
    region = {"compared": more["compared"], "figures": ""} if "compared" in more else None
    documents = packed_documents(canonical(made).encode(), excerpt(made, region))
    bytes_of = sha(f"{bank} {period} {sequence} {content}")
    evaluated = Evaluated(
        period=period,
        sequence=sequence,
        submission=bytes_of,
        status=status,
        kind=made["evaluation"]["kind"],
        stage="preliminary",
        program="0.2.0",
        rulebook=sha("law"),
        inputs="",
        regular="87.5",
        bonus="1",
        total=made["score"]["total"],
        low="88.5",
        high="265/3",
        grade="2A",
        official=False,
        blocking=more.get("blocking", 1 if status == "blocked" else 0),
        unanswered=more.get("unanswered", 0),
        document=documents.document,
        past=documents.past,
        measures=(
            MeasureRow("share", "", "1/3", None, "4", "8", "4"),
            MeasureRow("share", "level", None, "no_history", "0", "4", None),
        ),
        findings=(FindingRow(0, "S71_I_001", "explain", "form", "S71_I!C4", "1", "2", "-1", "0",
                             None, None),),
    )  # fmt: skip
    filed = Filed(
        period=period,
        sequence=sequence,
        sha256=bytes_of,
        file=made["submission"]["file"],
        kept=more.get("kept", ""),
        received_on=more.get("received_on", "2026-10-12"),
        reason="更正" if sequence > 1 else "",
        supersedes=sequence - 1 or None,
        form_version="2025",
        name=more.get("name", "示例农商行"),
        bank_type=more.get("bank_type", "rural_commercial"),
        level=more.get("level", "legal_person"),
        parent=more.get("parent"),
        province=more.get("province", "330000"),
    )
    law = RulebookUsed(
        digest=sha("law"),
        version="0.1.0",
        overlay=None,
        period=period,
        bank_type="rural_commercial",
        province="330000",
    )
    return Filing(bank=bank, filed=filed, evaluated=evaluated, documents=documents, rulebook=law)


def filed_as(evaluation: Evaluation, received_on: str) -> Filing:
    """What a ledger keeps of an evaluation."""
    return filing_of(
        evaluation, received_on=received_on, figures=packed_figures(figures_of(evaluation))
    )


def judged_again(one: Filing, **changes: Any) -> Filing:
    """The same submission with another result."""
    return replace(one, evaluated=replace(one.evaluated, **changes))


# --- what follows -----------------------------------------------------------------------------


def mark(points: str | None = "3", **changes: str) -> Judged:
    made = {"period": PERIOD, "indicator": "due_diligence_exemption", "part": "review"}
    made |= {"reason": "制度齐备", "by": "张三", "on": "2026-10-20"}
    return Judged(points=points, **(made | changes))


def step(state: str, attempt: int = 0, on: str = "2026-11-01T09:00:00Z") -> ParcelStep:
    return ParcelStep(period=PERIOD, parcel="p1", state=state, attempt=attempt, detail="", on=on)


def one_of_each() -> tuple[list[Record], list[Record]]:
    """What a filing does not bring along, each kind once: a bank's own, and the office's."""
    by = {"by": "王五", "on": "2026-11-09"}
    own: list[Record] = [
        mark(),
        Adjusted(period=PERIOD, item="G01_loans", filed="1", adjusted="2", reason="现场核实",
                 evidence="底稿", **by),
        Objected(period=PERIOD, objection="Y1", subject="share", text="口径", **by),
        ObjectionStep(period=PERIOD, objection="Y1", state="upheld", text="", **by),
        Rectification(period=PERIOD, rectification="Z1", requirement="branch_kpi_weight",
                      text="提高权重", due="2027-03-31", **by),
        RectificationStep(period=PERIOD, rectification="Z1", state="extended", evidence="函",
                          due="2027-06-30", **by),
        StageStep(period=PERIOD, stage="reviewed", digest=sha("d"), role="复审", **by),
        SignedOff(period=PERIOD, sequence=1, submission=sha("s"), document=sha("d"),
                  report=sha("r"), evaluation_json=sha("j"), marked="", audience="bank",
                  state="signed", reason="", role="处长", **by),
        Succession(predecessor="B9", from_period="2026Q1", continues=True, basis="批复", **by),
        Parcel(period=PERIOD, parcel="p1", channel="mail", recipient="普惠金融部",
               address="p***@b.cn", address_digest=sha("p@b.cn"), message_id="<p1@office>",
               content=sha("c"), supersedes=None),
        step("prepared"),
    ]  # fmt: skip
    office: list[Record] = [
        FrozenReference(period="2026Q4", source_period=PERIOD, group="rural_commercial",
                        measure="share.level", statistic="median", value="1/3", n=12,
                        digest=sha("v")),
        Refused(sha256=sha("x"), file="x.xlsx", period=PERIOD, code="not_a_workbook",
                message="不是工作簿", fix="另存", program="0.2.0"),
    ]  # fmt: skip
    return own, office


def recall(
    ledger: Ledger, bank: str, before: Period, *, summable: Callable[[str], bool] = bool
) -> Mapping[str, PastEvaluation]:
    """A bank's history as the pipeline asks for it."""
    return ledger.history(bank, before, summable=summable, parse=past_of)
