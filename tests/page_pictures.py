"""Pages of a PDF as pictures, side by side in one, and how much two of them differ.

In: a PDF file. Out: a sheet of small grey pages. What differs is measured on blocks of pixels, so
that another version of the tool that draws, or another smoothing of an edge, is no difference.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from PIL import Image, ImageChops

RESOLUTION = 40
COLUMNS = 6
BLOCK = 8
MOST = 48
"""Grey levels, of 255, by which a block of pixels may differ."""
MEAN = 2.5
"""Grey levels by which a whole page may differ on average."""


def pages(pdf: Path, folder: Path) -> list[Image.Image]:
    """Each page in grey, in order."""
    command = ["pdftoppm", "-gray", "-r", str(RESOLUTION), str(pdf), str(folder / "page")]
    subprocess.run(command, check=True, capture_output=True)
    return [Image.open(file).convert("L") for file in sorted(folder.glob("page-*.pgm"))]


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """All pages in rows of ``COLUMNS``."""
    width, height = pictures[0].size
    rows = (len(pictures) + COLUMNS - 1) // COLUMNS
    whole = Image.new("L", (width * min(len(pictures), COLUMNS), height * rows), 255)
    for place, picture in enumerate(pictures):
        whole.paste(picture, (place % COLUMNS * width, place // COLUMNS * height))
    return whole


def cut(whole: Image.Image, size: tuple[int, int]) -> list[Image.Image]:
    """The pages of a sheet, blank places at its end included."""
    width, height = size
    return [
        whole.crop((x, y, x + width, y + height))
        for y in range(0, whole.height, height)
        for x in range(0, whole.width, width)
    ]


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """Mean and greatest difference of two pages in grey levels, block by block."""
    if one.size != other.size:
        return 255.0, 255
    apart = ImageChops.difference(_coarse(one), _coarse(other))
    counted = apart.histogram()
    total = sum(counted)
    mean = sum(level * n for level, n in enumerate(counted)) / total
    return mean, max(level for level, n in enumerate(counted) if n)


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pages show the same, as far as a reader could tell."""
    mean, most = difference(one, other)
    return mean <= MEAN and most <= MOST


def _coarse(picture: Image.Image) -> Image.Image:
    size = (picture.width // BLOCK, picture.height // BLOCK)
    return picture.resize(size, Image.Resampling.BOX)
