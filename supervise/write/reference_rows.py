"""Frozen peer references → ``peer_references.yaml`` of an office's overlay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from supervise.core.exact import exact_text
from supervise.core.freezing import Reference
from supervise.core.period import Period

_HEAD = """\
# 计分用的同业参照值（通则 7）。由 supervise rules freeze 写出；从前的各行原样保留。
# period 是数值所取的报告期，from 是开始用于计分的报告期，n 是家数，
# digest 是所取各数（由小到大，以空格相隔）的 SHA-256 摘要。
# 取中位数为本工具暂定；取得监管公布数后以新行替换。
peer_references:
"""


def rows_text(
    before: Iterable[Mapping[str, str]],
    found: Sequence[Reference],
    period: Period,
    since: Period,
) -> str:
    """The whole file: rows that were there, but those of the same period, then the new ones.

    Args:
        before: Rows that were there.
        found: What was frozen.
        period: The period whose filings it is made of.
        since: The period from which it is used.
    """
    kept = [row for row in before if not (row.get("period") == str(period) and "from" in row)]
    rows = [*kept, *(_row(one, period, since) for one in found)]
    return _HEAD + "".join(f"  - {{{_pairs(row)}}}\n" for row in rows)


def _row(one: Reference, period: Period, since: Period) -> dict[str, str]:
    told = " ".join(map(exact_text, one.values))
    return {
        "indicator": one.measure,
        "group": one.group,
        "period": str(period),
        "from": str(since),
        "value": exact_text(one.value),
        "n": str(len(one.values)),
        "statistic": "median",
        "digest": hashlib.sha256(told.encode()).hexdigest(),
        "provenance": "provisional",
    }


def _pairs(row: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in row.items())
