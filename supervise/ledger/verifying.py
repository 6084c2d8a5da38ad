"""Whether a ledger is as it was written: every chain walked, every digest computed again."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from supervise.json_text import canonical
from supervise.ledger.canonical import BEGINNING, chained, digest
from supervise.ledger.drafting import unpacked
from supervise.ledger.kinds import BY_NAME
from supervise.ledger.loading import Chain, Link, chains, institutions_of
from supervise.ledger.records import OFFICE
from supervise.record import record

Heads = Mapping[str, tuple[int, str]]


@record
class Broken:
    """The first record of a chain that is not as it was written.

    Attributes:
        number: Its place in the chain.
        kind: What it is, or the table of a row that belongs to no record.
        why: Reason code: ``gap``, ``missing_record``, ``changed``, ``changed_document``,
            ``changed_key``, ``broken_chain``, ``stray_row`` or ``cut_short``.
    """

    institution: str
    number: int
    kind: str
    key: str
    why: str


@record
class Verified:
    """What verifying a ledger came to.

    Attributes:
        head: Digest over the heads of all institutions.
        runs: Head digests of the finished runs that are recorded, in their order.
        broken: The first broken record of each broken chain.
    """

    institutions: int
    records: int
    head: str
    runs: tuple[str, ...]
    broken: tuple[Broken, ...]


def head_digest(heads: Heads) -> str:
    """One digest over the heads of all institutions; the office's own chain is left out.

    Runs and rulebooks stand in that one, so that the digest of two ledgers with the same
    filings and results is the same whenever and however often they were made.
    """
    return digest(canonical([[i, *heads[i]] for i in sorted(heads) if i != OFFICE]))


def verify(connection: Connection) -> Verified:
    """Walk all chains.

    Args:
        connection: In a reading transaction.
    """
    heads: dict[str, tuple[int, str]] = {}
    chain_at: dict[tuple[str, int], str] = {}
    broken: list[Broken] = []
    runs: list[tuple[str, list[tuple[str, int, str]]]] = []
    records = 0
    names = institutions_of(connection)
    for chain in chains(connection, names):
        broken += _first(chain)
        records += len(chain.links)
        if chain.links:
            heads[chain.institution] = (chain.links[-1].number, chain.links[-1].chain)
        chain_at |= {(chain.institution, link.number): link.chain for link in chain.links}
        runs += _runs(chain)
    broken += _cut_short(runs, chain_at)
    count = len(set(names) - {OFFICE})
    return Verified(count, records, head_digest(heads), tuple(h for h, _ in runs), tuple(broken))


def _first(chain: Chain) -> list[Broken]:
    return next(([one] for one in _faults(chain)), [])


def _faults(chain: Chain) -> Iterator[Broken]:
    previous = BEGINNING
    for expected, link in enumerate(chain.links, 1):
        why = _fault(chain, link, expected, previous)
        if why:
            yield Broken(chain.institution, expected, link.kind, link.key, why)
        previous = link.chain
    yield from _strays(chain)


def _fault(chain: Chain, link: Link, expected: int, previous: str) -> str:
    """Reason code of what is wrong with one record; empty: nothing."""
    if link.number != expected:
        return "gap"
    text = chain.payload(link)
    if text is None:
        return "missing_record"
    if digest(text) != link.digest:
        return "changed"
    if not _documents_hold(chain, link):
        return "changed_document"
    fields = chain.fields(link) or {}
    if canonical([fields[name] for name in BY_NAME[link.kind].key]) != link.key:
        return "changed_key"
    own = chained(previous, chain.institution, link.number, link.kind, link.digest)
    return "" if (link.previous, link.chain) == (previous, own) else "broken_chain"


def _documents_hold(chain: Chain, link: Link) -> bool:
    if link.kind != "evaluation":
        return True
    packed, fields = chain.packed(link), chain.fields(link) or {}
    if packed is None:
        return False
    try:
        found = tuple(digest(unpacked(one)) for one in packed)
    except zlib.error:
        return False
    return found == (fields["document"], fields["past"])


def _strays(chain: Chain) -> Iterator[Broken]:
    """Rows that no link of the chain stands for."""
    owned: dict[str, set[int]] = {}
    for link in chain.links:
        kind = BY_NAME.get(link.kind)
        if kind is not None:
            tables = [kind.table, *(child.table for child in kind.children)]
            for table in [*tables, *(["documents"] if link.kind == "evaluation" else [])]:
                owned.setdefault(table, set()).add(link.number)
    for table, rows in chain.tables.items():
        for number in sorted(rows.keys() - owned.get(table, set())):
            yield Broken(chain.institution, number, table, "", "stray_row")


def _runs(chain: Chain) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Finished runs: head digest and where each chain ended."""
    found = []
    for link in chain.links:
        fields = chain.fields(link) if link.kind == "run_end" else None
        if fields is not None:
            found.append((str(fields["head"]), list(chain.children(link)["heads"])))
    return found


def _cut_short(
    runs: list[tuple[str, list[tuple[str, int, str]]]], chain_at: Mapping[tuple[str, int], str]
) -> Iterator[Broken]:
    """Chains that no longer reach where a finished run saw them, or went another way."""
    told: set[str] = set()
    for _, heads in runs:
        for bank, number, chain in heads:
            if chain_at.get((bank, number)) != chain and bank not in told:
                told.add(bank)
                yield Broken(bank, number, "links", "", "cut_short")
