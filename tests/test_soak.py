"""The long runs behind ``make soak``: exact limits and damaged workbooks, many thousand times.

``make test`` runs a short stretch of each with fixed seeds; ``make soak`` the full one.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path

import pytest

from supervise.pipeline.case import check_file
from supervise.settings import Settings

SAMPLE = Path(__file__).parents[1] / "sample_submissions" / "2026Q3" / "rc03-yanxi.xlsx"
ODD_TEXTS = ("", "约两万", "1,234.50", "１２．３％", "-", "#REF!", "1e309", "0x10", "9" * 40)
SHORT, LONG = 60, 3_000


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A copy with a few bytes overwritten, cut out or cut off."""
    spoiled = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(spoiled))
        match dice.randrange(3):
            case 0:
                spoiled[at] = dice.randrange(256)
            case 1:
                del spoiled[at : at + dice.randrange(1, 200)]
            case _:
                del spoiled[at:]
        if not spoiled:
            break
    return bytes(spoiled)


def mistyped(data: bytes, dice: random.Random) -> bytes:
    """A sound workbook in which some stored values of one sheet were replaced by odd texts."""
    source = zipfile.ZipFile(io.BytesIO(data))
    sheets = [name for name in source.namelist() if name.startswith("xl/worksheets/sheet")]
    chosen = dice.choice(sheets)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name)
            if name == chosen:
                part = _with_odd_values(part.decode(), dice).encode()
            made.writestr(name, part)
    return target.getvalue()


def _with_odd_values(xml: str, dice: random.Random) -> str:
    def changed(found: re.Match[str]) -> str:
        if dice.random() > 0.05:
            return found[0]
        return f"<v>{dice.choice(ODD_TEXTS)}</v>"

    return re.sub(r"<v>[^<]*</v>", changed, xml)


def survive(seeds: range, folder: Path) -> tuple[int, int]:
    """Check one mutation a seed; how many were refused and how many were judged."""
    data = SAMPLE.read_bytes()
    refused = judged = 0
    for seed in seeds:
        dice = random.Random(seed)
        file = folder / "mutation.xlsx"
        file.write_bytes(damaged(data, dice) if seed % 2 else mistyped(data, dice))
        outcome = check_file(file, Settings())
        if outcome.refusal is not None:
            parts = outcome.refusal.parts()
            assert parts["what"]
            assert parts["fix"]
            assert outcome.evaluation is None
            refused += 1
        else:
            assert outcome.evaluation is not None
            blocked = outcome.evaluation.status == "blocked"
            assert (outcome.evaluation.grade.reason == "blocked") is blocked
            judged += 1
    return refused, judged


def test_a_damaged_or_mistyped_workbook_is_refused_or_judged(tmp_path: Path) -> None:
    refused, judged = survive(range(SHORT), tmp_path)
    assert refused > 0
    assert judged > 0


@pytest.mark.soak
def test_thousands_of_damaged_workbooks_are_refused_or_judged(tmp_path: Path) -> None:
    refused, judged = survive(range(SHORT, SHORT + LONG), tmp_path)
    print(f"soak: {LONG} mutations, {refused} refused, {judged} judged, no traceback")
    assert refused > LONG // 10
    assert judged > LONG // 10
