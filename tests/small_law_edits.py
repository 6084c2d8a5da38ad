"""Reading and changing the small law that the rulebook tests share."""

from __future__ import annotations

from pathlib import Path

from supervise.core.law import Rulebook
from supervise.core.period import Period
from supervise.read.rulebook import read_rulebook

SMALL = Path(__file__).parent / "small_law" / "rulebook"
PERIOD = Period(2026, 3)


def small(period: Period = PERIOD, kind: str = "city", province: str = "110000") -> Rulebook:
    return read_rulebook(period, kind, province, directory=SMALL)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
