"""CPU seconds of our report in a warm process; the same HTML, style and files for the naive one.

In: a workbook, a folder, how many documents. Out: one line of JSON, and in the folder what
``naive_report.py`` prints from.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

import pikepdf

from supervise.core.context import NO_CONTEXT
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.json_text import to_json
from supervise.pipeline.calm import settle
from supervise.pipeline.case import read_case
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.context_document import context_document
from supervise.write.document import evaluation_document
from supervise.write.evidence import Attached, evidence
from supervise.write.look import TOGETHER, shipped_templates
from supervise.write.report import Renderer
from supervise.write.typeface import FAMILY, SHIPPED, font_files


def attachments(workbook: Path, evaluation: Evaluation) -> tuple[Attached, ...]:
    """What a report of this evaluation carries."""
    return evidence(
        to_json(evaluation_document(evaluation)).encode(),
        to_json(context_document(evaluation, NO_CONTEXT)).encode(),
        workbook.read_bytes(),
        workbook.name,
        read_words(),
    )


def leave(folder: Path, renderer: Renderer, markup: str, files: tuple[Attached, ...]) -> None:
    """What another printer needs: HTML, the style sheet as it was written, fonts, attachments."""
    numbers = renderer.sheet().removeprefix(renderer.style())
    names = ("variables.css", *TOGETHER["report.css"])
    sheets = [(shipped_templates() / name).read_text() for name in names]
    faces = [
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {_weight(file)};'
        f' src: url("{file.as_uri()}") }}'
        for file in font_files(SHIPPED)
    ]
    (folder / "report.html").write_text(markup, encoding="utf-8")
    (folder / "report.css").write_text("\n".join([*faces, *sheets, numbers]), encoding="utf-8")
    (folder / "attached").mkdir(exist_ok=True)
    for each in files:
        (folder / "attached" / each.name).write_bytes(each.data)


def _weight(file: Path) -> int:
    return 700 if "Bold" in file.name else 400


def main(workbook: Path, folder: Path, documents: int) -> None:
    case = read_case(workbook, Settings())
    evaluation = evaluate(case.submission, case.rulebook)
    renderer = Renderer(words=read_words())
    files = attachments(workbook, evaluation)
    pdf = renderer.pdf(evaluation, attached=files)
    settle("judging")
    seconds = []
    for _ in range(documents):
        start = time.process_time()
        pdf = renderer.pdf(evaluation, attached=files)
        seconds.append(time.process_time() - start)
    leave(folder, renderer, renderer.html(evaluation), files)
    (folder / "report.pdf").write_bytes(pdf)
    with pikepdf.open(folder / "report.pdf") as printed:
        print(json.dumps({"seconds": median(seconds), "pages": len(printed.pages)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
