"""Two lists of things that have a name but no number: which stand for one another.

Rows of an open table and findings move up and down between two filings; they are matched by key,
and where several share a key, those that are wholly alike first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")
Paired = tuple[list[tuple[T, T]], list[T], list[T]]


def pair_up(
    old: Iterable[T],
    new: Iterable[T],
    *,
    key: Callable[[T], Hashable],
    content: Callable[[T], Hashable],
) -> Paired[T]:
    """Match two lists.

    Args:
        old: The earlier things.
        new: The later things.
        key: What names a thing; need not be unique.
        content: What makes two things of one key wholly alike.

    Returns:
        Pairs in the order of ``new``, what is gone, what has come; each in its own order.

    Example:
        >>> pair_up("abb", "bac", key=lambda c: c, content=lambda c: c)
        ([('b', 'b'), ('a', 'a')], ['b'], ['c'])
    """
    before, after = list(old), list(new)
    partner = _matched(before, after, lambda one: (key(one), content(one)))
    taken = set(partner.values())
    left = [n for n in range(len(before)) if n not in taken]
    open_ones = [n for n in range(len(after)) if n not in partner]
    rest = _matched([before[n] for n in left], [after[n] for n in open_ones], key)
    partner |= {open_ones[n]: left[m] for n, m in rest.items()}
    taken = set(partner.values())
    pairs = [(before[partner[n]], one) for n, one in enumerate(after) if n in partner]
    gone = [one for n, one in enumerate(before) if n not in taken]
    return pairs, gone, [one for n, one in enumerate(after) if n not in partner]


def _matched(before: list[T], after: list[T], key: Callable[[T], Hashable]) -> dict[int, int]:
    """Places in ``after`` to places in ``before`` of the same key, first come first served."""
    waiting: dict[Hashable, deque[int]] = {}
    for place, one in enumerate(before):
        waiting.setdefault(key(one), deque()).append(place)
    partner: dict[int, int] = {}
    for place, one in enumerate(after):
        queue = waiting.get(key(one))
        if queue:
            partner[place] = queue.popleft()
    return partner
