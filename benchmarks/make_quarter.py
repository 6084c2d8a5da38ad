"""Make a whole quarter of invented submissions, with the outcome that each must have.

    python benchmarks/make_quarter.py N -o DIR [--period 2026Q3] [--faults 0.08]
        [--hostile 0.0] [--resubmissions 0.03] [--seed 1] [--workers 2]

Writes N files to DIR/submissions/, the register to DIR/banks.csv (with a few banks that file
nothing, without one or two that do), when each came to DIR/received.csv and the outcomes to
DIR/expected.json. The same options give
the same bytes; the same seed and N give the same banks in each period, so that quarters follow on
one another.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for place in (ROOT / "benchmarks", ROOT / "scripts", ROOT):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

from quarter.papers import expected, receipts, register, to_text  # noqa: E402 (the path is set above)
from quarter.plan import Planned, Quarter, Wish, plan  # noqa: E402
from quarter.pressing import bytes_of  # noqa: E402
from samples.figures import FILED_ON  # noqa: E402

FOLDER = "submissions"
AT_ONCE = 64


def make_quarter(wish: Wish, folder: Path, *, workers: int = 1) -> Quarter:
    """Write a quarter to a folder.

    Raises:
        ValueError: A period that the samples' model does not know, or more faults than banks.
    """
    if wish.period not in FILED_ON:
        raise ValueError(f"periods that can be made: {', '.join(FILED_ON)}")
    quarter = plan(wish)
    home = folder / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    batches = [quarter.files[n : n + AT_ONCE] for n in range(0, len(quarter.files), AT_ONCE)]
    write = partial(write_some, period=wish.period, home=home)
    if workers > 1 and len(batches) > 1:
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(write, batches))
    else:
        for batch in batches:
            write(batch)
    (folder / "banks.csv").write_bytes(register(quarter))
    (folder / "received.csv").write_bytes(receipts(quarter))
    (folder / "expected.json").write_text(to_text(expected(quarter)), encoding="utf-8")
    return quarter


def write_some(files: Sequence[Planned], period: str, home: Path) -> None:
    """Write some files; runs in a worker."""
    for file in files:
        (home / file.file).write_bytes(bytes_of(file, period))


def main() -> int:
    """Command line; prints what was made and how long it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    usual = Wish(count=1)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--period", default=usual.period, choices=list(FILED_ON))
    for name in ("faults", "hostile", "resubmissions"):
        parser.add_argument(f"--{name}", type=float, default=getattr(usual, name))
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = vars(parser.parse_args())
    folder, workers = given.pop("output"), given.pop("workers")
    start = time.perf_counter()
    quarter = make_quarter(Wish(**given), folder, workers=workers)
    seconds = time.perf_counter() - start
    counted = Counter(file.status for file in quarter.files)
    print(", ".join(f"{status} {n}" for status, n in sorted(counted.items())))
    each = seconds / len(quarter.files)
    print(f"{len(quarter.files)} files in {seconds:.1f} s, {each * 1000:.1f} ms each: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
