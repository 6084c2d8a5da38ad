"""``supervise rules freeze``: peer references of a period, written once into ledger and rules.

In: what stands in the ledger for a period, and the law. Out: records on the office's chain, and
rows for ``peer_references.yaml`` of an office's overlay. Two things are frozen: all values of the
period, so that where a bank stands among its peers no longer depends on who files late; and the
medians that points are compared with, from the next period on, since nobody knows them earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.exact import exact_text
from supervise.core.freezing import Reference, references, wanted_measures
from supervise.core.law import Rulebook
from supervise.core.peers import FEWEST, TOTAL
from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.run.frozen_peers import VALUES, Values, frozen_records
from supervise.pipeline.run.known_peers import values_of_ledger
from supervise.pipeline.saving import save
from supervise.pipeline.template import parse_period
from supervise.read.rulebook import read_law
from supervise.read.words import read_words
from supervise.record import record, replace
from supervise.settings import Settings
from supervise.write.document_indicator import decimal_text
from supervise.write.terminal import aligned

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.records import FrozenReference

FREEZE, MEDIAN = "freeze", "median"


@record(kw_only=True)
class Frozen:
    """What a freeze came to.

    Attributes:
        since: The period from which the references count for points.
        banks: Legal persons whose values were frozen, by bank type.
        references: What points are compared with.
        digest: Over all that was frozen.
        added: Records that were new; 0: the same was frozen before.
    """

    period: Period
    since: Period
    banks: Mapping[str, int]
    references: tuple[Reference, ...]
    digest: str = ""
    added: int = 0


def freeze(option: str | None, text: str, settings: Settings, *, reason: str = "") -> Frozen:
    """Freeze the peer values of a period.

    Args:
        option: What ``--ledger`` says.
        text: The period, as ``2026Q3``.
        settings: Names the office's overlay.
        reason: Why they are frozen again with other values.

    Raises:
        UsageError: The period is none, or nothing stands for it.
        LedgerError: ``already_frozen``: other values were, and no reason is given.
    """
    period = parse_period(text)
    with require_ledger(option) as ledger:
        peers = values_of_ledger(ledger, text)
        if not peers:
            raise _nothing(text)
        found = _references(peers, period.next, settings)
        frozen = Frozen(
            period=period,
            since=period.next,
            banks={kind: len(some[TOTAL]) for kind, some in peers.items()},
            references=found,
        )
        return _kept(ledger, frozen, [*_values(text, peers), *_medians(period, found)], reason)


def _references(
    peers: Mapping[str, Values], since: Period, settings: Settings
) -> tuple[Reference, ...]:
    """By the law of the period that they will be used in."""
    law = read_law(settings.overlay)
    place = min(law.provinces.values())
    books = {kind: law.rulebook(since, kind, place) for kind in law.bank_types.values()}
    groups = {kind: book.bank_type.groups for kind, book in books.items()}
    wanted = {name for book in books.values() for name in wanted_measures(book)}
    return references(peers, groups, wanted, _least(books.values()))


def _least(books: Iterable[Rulebook]) -> int:
    """Banks that a group needs, by the law; never fewer than a standing among peers needs."""
    told = (book.parameters.get("peer_minimum") for book in books)
    known = [one.value for one in told if one is not None]
    return max([FEWEST, *(int(value) for value in known if isinstance(value, Fraction))])


def _values(period: str, peers: Mapping[str, Values]) -> list[FrozenReference]:
    return [
        _record(period, period, (kind, measure, VALUES), " ".join(map(exact_text, some)), some)
        for kind in sorted(peers)
        for measure, some in sorted(peers[kind].items())
    ]


def _medians(period: Period, found: Sequence[Reference]) -> list[FrozenReference]:
    return [
        _record(
            str(period.next),
            str(period),
            (one.group, one.measure, MEDIAN),
            exact_text(one.value),
            one.values,
        )
        for one in found
    ]


def _record(
    period: str,
    source: str,
    about: tuple[str, str, str],
    value: str | None,
    values: Sequence[Fraction],
) -> FrozenReference:
    from supervise.ledger.canonical import digest
    from supervise.ledger.records import FrozenReference

    group, measure, statistic = about
    return FrozenReference(
        period=period,
        source_period=source,
        group=group,
        measure=measure,
        statistic=statistic,
        value=value,
        n=len(values),
        digest=digest(" ".join(map(exact_text, values))),
    )


def _kept(ledger: Ledger, frozen: Frozen, made: Sequence[FrozenReference], reason: str) -> Frozen:
    """Append what is new, with a record of the freeze as a whole.

    Raises:
        LedgerError: ``already_frozen``.
    """
    from supervise.ledger.faults import fault
    from supervise.ledger.records import OFFICE

    period = str(frozen.period)
    known = {_key(one): one for one in frozen_records(ledger, {period, str(frozen.since)})}
    known = {key: one for key, one in known.items() if one.source_period == period}
    whole = _whole(frozen, made, reason)
    before = known.pop(_key(whole), None)
    if before is not None and before.digest == whole.digest:
        return replace(frozen, digest=whole.digest)
    gone = [one for key, one in known.items() if key not in set(map(_key, made))]
    if before is not None and not reason:
        changed = sum(known.get(_key(one)) != one for one in made) + len(gone)
        detail = f"法人由 {before.n} 家变为 {whole.n} 家，{changed} 组数值不同"
        raise fault("already_frozen", ledger.shown, period=period, detail=detail)
    withdrawn = [replace(one, value=None, n=0) for one in gone]
    added = ledger.append(OFFICE, [whole, *made, *withdrawn]).added
    return replace(frozen, digest=whole.digest, added=added)


def _key(one: FrozenReference) -> tuple[str, str, str, str]:
    return one.period, one.group, one.measure, one.statistic


def _whole(frozen: Frozen, made: Sequence[FrozenReference], reason: str) -> FrozenReference:
    from supervise.json_text import canonical
    from supervise.ledger.canonical import digest

    parts = sorted([*_key(one), one.digest] for one in made)
    whole = _record(str(frozen.period), str(frozen.period), ("", "", FREEZE), reason, ())
    return replace(whole, n=sum(frozen.banks.values()), digest=digest(canonical(parts)))


def _nothing(period: str) -> UsageError:
    return UsageError(
        f"台账里没有 {period} 可供冻结的同业数值",
        expected="该期至少有一家未被阻断的法人机构已评价入账",
        fix="检查报告期和 --ledger，或先用 supervise evaluate --ledger 评价该期报送件。",
        code="nothing_filed",
    )


# --- the office's rules -----------------------------------------------------------------------


def written_text(frozen: Frozen, target: Path, settings: Settings) -> str:
    """Write the references as rules, beside the rows that were there.

    Args:
        frozen: What was frozen.
        target: An office's overlay, or the file itself.
        settings: Names the overlay whose rows are carried over where the target has none.

    Returns:
        Where they were written, for people.

    Raises:
        UsageError: It cannot be written.
        RulebookError: The rows that were there cannot be read.
    """
    from supervise.read.reference_rows import NAME, reference_rows
    from supervise.write.reference_rows import rows_text

    path = target / NAME if target.is_dir() else target
    before = reference_rows(path if path.is_file() else None, settings.overlay)
    save(
        path,
        rows_text(before, frozen.references, frozen.period, frozen.since).encode(),
        what="同业参照值写不进规则文件",
        expected="可以写入的文件或叠加规则文件夹",
        fix="检查路径和权限。",
    )
    return read_words(settings.lang)("freeze.written", path=path)


def frozen_text(frozen: Frozen, settings: Settings) -> str:
    """What was frozen, for people."""
    words = read_words(settings.lang)
    names = read_law(settings.overlay, lang=settings.lang).type_names
    told = {"period": frozen.period, "since": frozen.since, "digest": frozen.digest}
    lines = [words("freeze.added" if frozen.added else "freeze.known", **told)]
    rows = [(names.get(kind, kind), str(n)) for kind, n in sorted(frozen.banks.items())]
    lines += aligned(rows)
    lines.append(words("freeze.references" if frozen.references else "freeze.none", **told))
    lines += aligned(
        [
            (one.measure, names.get(one.group, one.group), str(decimal_text(one.value)),
             words("freeze.banks", n=len(one.values)))
            for one in frozen.references
        ]
    )  # fmt: skip
    return "\n".join(lines) + "\n"
