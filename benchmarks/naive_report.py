"""The same HTML through WeasyPrint as its manual shows, everything anew for each document.

The system's font configuration; a machine without a Chinese font sets empty boxes, which is
quicker than characters, so this baseline never flatters us.

In: the folder that ``our_report.py`` filled, how many documents. Out: one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from statistics import median

import weasyprint
from weasyprint.text.fonts import FontConfiguration


def rendered(markup: str, style: str) -> int:
    """Pages of one document, printed."""
    configuration = FontConfiguration()
    sheet = weasyprint.CSS(string=style, font_config=configuration)
    document = weasyprint.HTML(string=markup).render(font_config=configuration, stylesheets=[sheet])
    document.write_pdf()
    return len(document.pages)


def main(folder: str, documents: int) -> None:
    markup = (Path(folder) / "report.html").read_text(encoding="utf-8")
    style = (Path(folder) / "report.css").read_text(encoding="utf-8")
    pages = rendered(markup, style)
    seconds = []
    for _ in range(documents):
        start = time.process_time()
        rendered(markup, style)
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": median(seconds), "pages": pages}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1], int(sys.argv[2]))
