"""Writes the dearest workbooks that keep within every limit into a folder: ``FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main(folder: Path) -> None:
    from heavy_template import HEAVY

    folder.mkdir(parents=True, exist_ok=True)
    for name, make in HEAVY.items():
        (folder / f"{name}.xlsx").write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
