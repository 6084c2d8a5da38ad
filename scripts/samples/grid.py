"""Sheet S71_I: one bank's small loans by customer, measure and size of credit.

Five kinds of customer in three tiers are the leaves; every other row and column is added up from
them or is a part of them, so the sheet balances to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from samples.closing import BILL_RATE, Closing
from samples.profile import percent

Cells = dict[str, int]
Columns = dict[str, list[int]]
FIRMS = {"1_a": (7, 25, 24), "1_b": (17, 19, 8)}
PERSONS = {"3_1": (33, 11, 2), "3_2": (25, 20, 6), "3_3": (3, 0, 0)}
RISK = {"1_a": 9, "1_b": 12, "3_1": 10, "3_2": 11, "3_3": 6}
PRICE = (104, 100, 95)
AVERAGE = (3_000, 18_000, 60_000)
OVERDUE = {"6_4_1": (4, 1000), "6_4_2": (2, 1000), "6_4_3": (3, 2000)}
LATE = {"6_4_4": (28, 100), "6_4_5": (20, 100), "6_4_6": (16, 100), "6_4_7": (18, 100)}
TIERS = ("1", "2", "3")
LEAVES = (*FIRMS, *PERSONS)


def split(total: int, weights: Sequence[int], *, least: int = 0) -> list[int]:
    """Divide ``total`` by ``weights``, the largest remainders taking what is left over.

    Args:
        total: What the parts add up to.
        weights: Not all zero; a weight of zero gets nothing.
        least: What each part with a weight gets beforehand.
    """
    floor = [least if weight else 0 for weight in weights]
    rest, whole = total - sum(floor), sum(weights)
    if rest < 0:
        raise ValueError(f"cannot divide {total} into {len(weights)} parts of at least {least}")
    parts = [rest * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(rest * weights[i] % whole), i))
    for i in order[: rest - sum(parts)]:
        parts[i] += 1
    return [low + part for low, part in zip(floor, parts, strict=True)]


def s71(closing: Closing, technology: str) -> Cells:
    """Every cell of S71_I, in units of 0.01 万元 or 户, totals included."""
    leaves = _leaves(closing)
    bills = _bills(closing)
    rows = {"1": _sum(leaves, FIRMS), "3": _sum(leaves, PERSONS)}
    rows["6"] = _sum(rows, ("1", "3"))
    firm_bills = _sum(bills, FIRMS)
    with_bills = {**bills, "1": firm_bills, "6": firm_bills}
    parts = _parts(closing, rows, percent(technology))
    cells: Cells = {}
    for row, columns in {**leaves, **rows, **parts}.items():
        _put(cells, row, columns, with_bills.get(row, {}))
    return cells


def _leaves(closing: Closing) -> dict[str, Columns]:
    amounts = _by_leaf(closing.firm, FIRMS) | _by_leaf(closing.small - closing.firm, PERSONS)
    balances = [amounts[row][tier] for row in LEAVES for tier in range(3)]
    sizes = list(AVERAGE) * len(LEAVES)
    lent = split(closing.lent, balances)
    columns = {
        "A": balances,
        "B": split(closing.borrowers, _per(balances, sizes), least=1),
        "C": split(closing.small_npl, [b * RISK[LEAVES[i // 3]] for i, b in enumerate(balances)]),
        "D": lent,
        "E": split(closing.lent_borrowers, _per(lent, sizes), least=1),
        "F": split(closing.interest, [d * PRICE[i % 3] for i, d in enumerate(lent)]),
    }
    return {
        row: {column: cells[3 * i : 3 * i + 3] for column, cells in columns.items()}
        for i, row in enumerate(LEAVES)
    }


def _by_leaf(total: int, weights: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    shares = split(total, [weight for row in weights.values() for weight in row])
    return {row: shares[3 * i : 3 * i + 3] for i, row in enumerate(weights)}


def _per(amounts: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """How many loans of the usual size, in thousandths, so that small tiers keep a weight."""
    return [1000 * amount // size for amount, size in zip(amounts, sizes, strict=True)]


def _bills(closing: Closing) -> dict[str, Columns]:
    """Discounted bills lie with firms above 100 万元."""
    weights = (0, 3, 2, 0, 4, 1)
    interest = round(closing.lent_bills * BILL_RATE)
    columns = {
        "A": split(closing.small_bills, weights),
        "B": split(closing.bill_borrowers, weights),
        "C": [0] * 6,
        "D": split(closing.lent_bills, weights),
        "E": split(closing.bill_borrowers, weights),
        "F": split(interest, weights),
    }
    return {
        row: {column: cells[3 * i : 3 * i + 3] for column, cells in columns.items()}
        for i, row in enumerate(FIRMS)
    }


def _sum(rows: Mapping[str, Columns], names: Mapping[str, object] | Sequence[str]) -> Columns:
    return {
        column: [sum(cells) for cells in zip(*(rows[name][column] for name in names), strict=True)]
        for column in "ABCDEF"
    }


def _parts(
    closing: Closing, rows: Mapping[str, Columns], technology: Fraction
) -> dict[str, Columns]:
    small, firms = rows["6"], rows["1"]
    parts = {
        "1_2": _portion(firms, round(sum(firms["A"]) * technology)),
        "2": _portion(small, sum(small["A"]) // 120),
        "4": _portion(small, sum(small["A"]) // 25),
        "6_1": _portion(small, closing.credit),
        "6_2": _portion(small, closing.medium),
        "6_3": _portion(small, closing.renewal),
        "1_4": _balance_only(_portion(firms, sum(firms["A"]) * 3 // 10)),
    }
    for row, (part, whole) in OVERDUE.items():
        parts[row] = _overdue([amount * part // whole for amount in small["A"]])
    for row, (part, whole) in LATE.items():
        parts[row] = _overdue([amount * part // whole for amount in small["C"]])
    return parts


def _portion(rows: Columns, balance: int) -> Columns:
    """A part of ``rows`` with a given balance; the other columns follow in proportion."""
    whole = sum(rows["A"])
    scaled = {column: [cell * balance // whole for cell in rows[column]] for column in "CDF"}
    counts = {column: _counts(rows[column], balance, whole) for column in "BE"}
    return {"A": split(balance, rows["A"]), **scaled, **counts}


def _counts(cells: Sequence[int], balance: int, whole: int) -> list[int]:
    return [max(1, cell * balance // whole) if cell else 0 for cell in cells]


def _balance_only(columns: Columns) -> Columns:
    return {column: columns[column] for column in "AB"}


def _overdue(amounts: Sequence[int]) -> Columns:
    counts = [
        max(1, amount // size) if amount else 0
        for amount, size in zip(amounts, AVERAGE, strict=True)
    ]
    return {"A": list(amounts), "B": counts}


def _put(cells: Cells, row: str, columns: Columns, bills: Mapping[str, Sequence[int]]) -> None:
    for column, own in columns.items():
        extra = bills.get(column, (0, 0, 0))
        for tier, without, more in zip(TIERS, own, extra, strict=True):
            cells[f"S71_I_{row}_{column}{tier}"] = without + more
        cells[f"S71_I_{row}_{column}0"] = sum(own) + sum(extra)
        cells[f"S71_I_{row}_{column}5"] = sum(own)
