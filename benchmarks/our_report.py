"""CPU seconds of our report in a warm process; its HTML and style sheet for the naive one.

In: a workbook, a folder, how many documents. Out: one line of JSON, and two files in the folder.
"""

from __future__ import annotations

import json
import re
import sys
import time
import zlib
from pathlib import Path
from statistics import median

from supervise.core.evaluate import evaluate
from supervise.pipeline.case import read_case
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.report import Renderer

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_PAGE = re.compile(rb"/Type\s*/Page\b")


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF, whose page objects stand in compressed streams."""
    found = len(_PAGE.findall(pdf))
    for stream in _STREAM.findall(pdf):
        try:
            found += len(_PAGE.findall(zlib.decompress(stream)))
        except zlib.error:
            continue
    return found


def main(workbook: str, folder: str, documents: int) -> None:
    case = read_case(Path(workbook), Settings())
    evaluation = evaluate(case.submission, case.rulebook)
    renderer = Renderer(words=read_words())
    renderer.pdf(evaluation)
    seconds = []
    pdf = b""
    for _ in range(documents):
        start = time.process_time()
        pdf = renderer.pdf(evaluation)
        seconds.append(time.process_time() - start)
    (Path(folder) / "report.html").write_text(renderer.html(evaluation), encoding="utf-8")
    (Path(folder) / "report.css").write_text(renderer.style(), encoding="utf-8")
    print(json.dumps({"seconds": median(seconds), "pages": pages_of(pdf)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
