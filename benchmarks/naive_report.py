"""The same HTML through WeasyPrint as its manual shows, everything anew for each document.

The same pages as ours: the typeface by ``@font-face``, for no machine can be relied on to have a
Chinese one, the same variant of PDF, the same attachments. What is left out is only our habits: one
font configuration and style sheet for all, variables filled in beforehand, a resting collector,
every object written once.

In: the folder that ``our_report.py`` filled, how many documents. Out: one line of JSON; ``first`` =
CPU of this process until its first document was there, ``seconds`` = that of each later one.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from datetime import datetime
from pathlib import Path
from statistics import median

import weasyprint
from weasyprint.text.fonts import FontConfiguration

DAY = datetime(2026, 9, 30)  # noqa: DTZ001  # only what it prints counts


def rendered(folder: Path, markup: str, style: str) -> int:
    """Pages of one document, printed."""
    configuration = FontConfiguration()
    sheet = weasyprint.CSS(string=style, font_config=configuration)
    document = weasyprint.HTML(string=markup).render(font_config=configuration, stylesheets=[sheet])
    files = [
        weasyprint.Attachment(filename=path, created=DAY, modified=DAY, relationship="Data")
        for path in sorted((folder / "attached").iterdir())
    ]
    document.write_pdf(pdf_variant="pdf/a-3a", attachments=files)
    return len(document.pages)


def main(folder: Path, documents: int) -> None:
    markup = (folder / "report.html").read_text(encoding="utf-8")
    style = (folder / "report.css").read_text(encoding="utf-8")
    pages = rendered(folder, markup, style)
    first = time.process_time()
    seconds = []
    for _ in range(documents):
        start = time.process_time()
        rendered(folder, markup, style)
        seconds.append(time.process_time() - start)
    print(json.dumps({"first": first, "seconds": median(seconds), "pages": pages}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]), int(sys.argv[2]))
