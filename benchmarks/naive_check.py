"""The check as one would write it in an afternoon: every sheet into a frame, then a few sums.

The second baseline of ``benchmarks/run.py``: how much pandas and openpyxl alone cost.
"""

from __future__ import annotations

import sys

import pandas


def main(path: str) -> None:
    sheets = pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    filled = 0
    for frame in sheets.values():
        numbers = frame.apply(pandas.to_numeric, errors="coerce")
        filled += int(numbers.notna().to_numpy().sum())
    print(f"{len(sheets)} sheets, {filled} figures")


if __name__ == "__main__":
    main(sys.argv[1])
