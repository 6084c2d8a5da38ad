"""A ledger as JSON lines, sorted by key: to keep, to read elsewhere, to compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from supervise.json_text import canonical
from supervise.ledger.drafting import in_order, unpacked
from supervise.ledger.faults import fault
from supervise.ledger.kinds import BY_NAME
from supervise.ledger.loading import Chain, Link, chains, institutions_of


def exported(
    connection: Connection, *, without_runs: bool = False, documents: bool = False
) -> Iterator[str]:
    """Line by line, each one record with a final newline.

    Args:
        connection: In a reading transaction.
        without_runs: Leave out runs, times of appending and places in the chains, so that two
            ledgers with the same filings and results give the same bytes.
        documents: With each evaluation its whole document.

    Raises:
        LedgerError: ``chain_broken``: a record is missing or of no known kind.
    """
    for chain in chains(connection, institutions_of(connection)):
        for link in sorted(chain.links, key=lambda one: (one.kind, one.key, one.number)):
            _require_whole(chain, link)
            if not (without_runs and BY_NAME[link.kind].of_run):
                yield canonical(_line(chain, link, without_runs, documents)) + "\n"


def _require_whole(chain: Chain, link: Link) -> None:
    if chain.fields(link) is None:
        detail = f"{chain.institution} {link.number} {link.kind}"
        raise fault("chain_broken", link.key, detail=detail)


def _line(chain: Chain, link: Link, without_runs: bool, documents: bool) -> dict[str, Any]:
    rows = chain.children(link)
    children = {
        child.field: [
            dict(zip(child.row._fields, row, strict=True))
            for row in in_order(child, rows[child.table])
        ]
        for child in BY_NAME[link.kind].children
    }
    line: dict[str, Any] = {
        "institution": chain.institution,
        "kind": link.kind,
        "key": link.key,
        "digest": link.digest,
        "record": {**(chain.fields(link) or {}), **children},
    }
    if not without_runs:
        place = {"number": link.number, "previous": link.previous, "chain": link.chain}
        line |= {**place, "run": link.run, "at": link.at}
    packed = chain.packed(link) if documents else None
    if packed is not None:
        line["document"] = unpacked(packed[0]).decode()
    return line
