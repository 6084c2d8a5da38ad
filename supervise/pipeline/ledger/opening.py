"""A ledger named by people: opened, made, asked for what an evaluation needs, proven, exported."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.context import Context, PastEvaluation
from supervise.core.law import Rulebook
from supervise.core.layout import FormSet
from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.ledger.address import Address, parse_address
from supervise.ledger.faults import fault
from supervise.pipeline.saving import save
from supervise.read.words import read_words
from supervise.settings import LEDGER_VARIABLE, Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.verifying import Verified

_ADDED = frozenset({"yuan", "count"})
_EXTREME = "_max"
"""In the id of an item that is the largest of something: it cannot be added up."""


def address_of(option: str | None) -> Address | None:
    """The ledger's address: the option, else the environment variable, else none.

    Raises:
        LedgerError: It cannot be understood, or a password stands on the command line.
    """
    if option is not None:
        return parse_address(option)
    told = os.environ.get(LEDGER_VARIABLE)
    return parse_address(told, secret=True) if told else None


def open_ledger(option: str | None, *, run: str = "") -> Ledger | None:
    """The ledger that was named, if any.

    Args:
        option: What ``--ledger`` says.
        run: Identifier that everything appended is marked with.

    Raises:
        LedgerError: It cannot be understood, does not exist, or cannot be used.
    """
    address = address_of(option)
    return None if address is None else _opened(address, run)


def require_ledger(option: str | None) -> Ledger:
    """The ledger that was named, for a command that makes no sense without.

    Raises:
        UsageError: None was named.
        LedgerError: It cannot be used.
    """
    return _opened(_required(option), "")


def _required(option: str | None) -> Address:
    address = address_of(option)
    if address is None:
        raise UsageError(
            "没有写明台账",
            expected=f"--ledger URL 或环境变量 {LEDGER_VARIABLE}",
            fix="加上 --ledger quarter.db，或 --ledger postgresql+psycopg://用户@主机/数据库。",
            code="ledger_unnamed",
        )
    return address


def _opened(address: Address, run: str) -> Ledger:
    _require_sqlalchemy(address)
    from supervise.ledger.ledger import Ledger

    return Ledger(address, run=run)


def _require_sqlalchemy(address: Address) -> None:
    try:
        import supervise.ledger.ledger  # noqa: F401  # is it there
    except ModuleNotFoundError as error:
        name = str(error.name)
        raise fault("driver_missing", address.shown, package=name, install=name) from error


# --- what an evaluation needs -----------------------------------------------------------------


def summable(forms: FormSet) -> Callable[[str], bool]:
    """Whether figures of an item may be added over predecessors: amounts and counts only."""

    def is_summable(item: str) -> bool:
        known = forms.items.get(item)
        return known is not None and known.unit in _ADDED and _EXTREME not in item

    return is_summable


def history_from(
    ledger: Ledger, bank: str, before: Period, forms: FormSet
) -> Mapping[str, PastEvaluation]:
    """A bank's last eight quarters before a period, as ``--history DIR`` would give them."""
    from supervise.ledger.past import Figures
    from supervise.read.history import past_of

    return ledger.history(
        bank,
        before,
        summable=summable(forms),
        parse=lambda document, file: past_of(document, file, Figures),
    )


def recalled(
    ledger: Ledger,
    bank: str,
    law: Rulebook,
    more: Mapping[str, PastEvaluation],
    *,
    first: bool = True,
) -> Context:
    """What the ledger knows of a bank: its history and its first filing.

    Args:
        ledger: Where to look.
        bank: Its code.
        law: By which it is judged, of the period that is judged.
        more: Earlier evaluations from elsewhere, for periods that the ledger does not know.
        first: Ask for the first filing too.
    """
    known = history_from(ledger, bank, law.period, law.forms)
    filed = ledger.first_filing(bank, str(law.period)) if first else None
    return Context(history={**more, **known}, first_filing=filed)


# --- commands ---------------------------------------------------------------------------------


def upgrade_text(option: str | None, settings: Settings) -> str:
    """Make the ledger or raise it to this program's schema.

    Raises:
        UsageError: None was named.
        LedgerError: The database is something else, or newer than the program.
    """
    address = _required(option)
    _require_sqlalchemy(address)
    from supervise.ledger.schema import VERSION
    from supervise.ledger.upgrading import upgrade

    before = upgrade(address)
    key = "created" if before == 0 else "current" if before == VERSION else "upgraded"
    names = {"ledger": address.shown, "version": VERSION, "before": before}
    return read_words(settings.lang)(f"ledger.{key}", **names)


def verify_text(
    option: str | None, settings: Settings, *, head: str | None = None, form: str = "text"
) -> tuple[str, bool]:
    """Whether the ledger is as it was written, and whether it is so.

    Args:
        option: What ``--ledger`` says.
        settings: Names the language.
        head: Head digest of a manifest: a finished run must have had it.
        form: ``text`` or ``json``.

    Raises:
        LedgerError: ``chain_broken`` or ``head_unknown`` with ``text``; or it cannot be opened.
    """
    with require_ledger(option) as ledger:
        found, shown = ledger.verify(), ledger.shown
    missing = head is not None and head not in (*found.runs, found.head)
    if form == "json":
        return _verified_json(found, missing), not (found.broken or missing)
    words = read_words(settings.lang)
    if found.broken:
        raise fault("chain_broken", shown, detail=_broken(found, settings))
    if missing:
        raise fault("head_unknown", str(head))
    names = {"institutions": found.institutions, "records": found.records, "head": found.head}
    lines = [words("ledger.intact", **names)]
    if head is not None:
        lines.append(words("ledger.run_known", head=head))
    return "\n".join(lines) + "\n", True


def _broken(found: Verified, settings: Settings) -> str:
    words, first = read_words(settings.lang), found.broken[0]
    return words(
        "ledger.broken",
        n=len({one.institution for one in found.broken}),
        institution=first.institution,
        number=first.number,
        kind=first.kind,
        key=first.key,
        why=words(f"ledger.why.{first.why}"),
    )


def _verified_json(found: Verified, head_missing: bool) -> str:
    document = {
        "schema": "supervise/ledger-verified/1",
        "intact": not (found.broken or head_missing),
        "institutions": found.institutions,
        "records": found.records,
        "head": found.head,
        "runs": list(found.runs),
        "head_unknown": head_missing,
        "broken": [
            {
                "institution": one.institution,
                "number": one.number,
                "kind": one.kind,
                "key": one.key,
                "why": one.why,
            }
            for one in found.broken
        ],
    }
    return to_json(document)


def exported(
    option: str | None, *, without_runs: bool = False, documents: bool = False
) -> Iterator[bytes]:
    """The ledger as JSON lines.

    Raises:
        UsageError: None was named.
        LedgerError: It cannot be opened.
    """
    with require_ledger(option) as ledger:
        for line in ledger.export(without_runs=without_runs, documents=documents):
            yield line.encode()


def export_file(option: str | None, path: Path, settings: Settings, **chosen: bool) -> str:
    """The same into a file, whole or not at all.

    Raises:
        UsageError: ``cannot_write``, ``over_ledger``, or no ledger was named.
        LedgerError: It cannot be opened.
    """
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for line in exported(option, **chosen):
            yield line
            count += 1

    save(
        path,
        lines(),
        what="台账导出写不进文件",
        expected="可以写入的文件",
        fix="检查路径、权限和磁盘空间。",
    )
    return read_words(settings.lang)("ledger.exported", n=count, path=path)
