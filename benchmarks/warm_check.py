"""CPU seconds of a check in a process that has checked a workbook before, as in a run over many.

In: workbooks, how often. Out: one line of JSON: seconds a workbook, the median over the rounds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from supervise.pipeline.precheck.check import check_files
from supervise.settings import Settings


def main(rounds: int, *workbooks: str) -> None:
    paths, settings = [Path(workbook) for workbook in workbooks], Settings()
    check_files(paths, settings)
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        check_files(paths, settings)
        spent.append((time.process_time() - start) / len(paths))
    print(json.dumps({"seconds": median(spent)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
