"""The bundled typeface: where it lies, what it can write, and a Fontconfig that sees nothing else.

In: a folder of static TTF files. Out: its characters, its path, a generated ``fonts.conf``.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from supervise.errors import RenderingError

FAMILY = "Supervise Sans SC"
SHIPPED = Path(__file__).parent.parent / "fonts"
SUBSTITUTE = "〓"
_CONTEXT = 8


def font_files(folder: Path) -> tuple[Path, ...]:
    """The TTF files of a folder, by name.

    Raises:
        RenderingError: There are none.
    """
    files = tuple(sorted(folder.glob("*.ttf")))
    if not files:
        raise RenderingError(
            "找不到报告字体",
            where=str(folder),
            expected=f"文件夹中有 {FAMILY} 的 .ttf 文件",
            fix="重新安装 supervise；或把设置中的字体文件夹指向含字体的目录。",
            code="font_missing",
        )
    return files


@cache
def characters(file: Path) -> frozenset[int]:
    """Code points that a font file can write."""
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def coverage(files: Iterable[Path]) -> frozenset[int]:
    """Code points that every file can write, so that bold is never without a glyph."""
    return frozenset.intersection(*(characters(file) for file in files))


def require_glyphs(text: str, known: frozenset[int], *, where: str) -> None:
    """Refuse a text that the typeface cannot write; a silent empty box would be worse.

    Args:
        text: Everything that will be printed.
        known: Code points of the typeface.
        where: Document, for the message.

    Raises:
        RenderingError: Some characters have no glyph.
    """
    missing = sorted(c for c in set(text) if ord(c) not in known and c.isprintable())
    if not missing:
        return
    named = "、".join(f"{c}（U+{ord(c):04X}，见“{_around(text, c)}”）" for c in missing[:10])
    raise RenderingError(
        f"字体缺少 {len(missing)} 个字：{named}",
        where=where,
        expected=f"{FAMILY} 能写出报告中的每个字",
        fix="在设置的字体文件夹中加入含有这些字的字体，或改正填报中的错字。",
        code="glyph_missing",
    )


def with_substitutes(text: str, known: frozenset[int]) -> str:
    """The text with 〓 for each character that the typeface cannot write."""
    lost = {c for c in set(text) if ord(c) not in known and not c.isspace()}
    return text.translate({ord(c): SUBSTITUTE for c in lost}) if lost else text


def _around(text: str, character: str) -> str:
    at = text.index(character)
    line = text[max(at - _CONTEXT, 0) : at + _CONTEXT + 1]
    return "".join(c for c in line if c.isprintable() and c not in "<>")


@contextmanager
def only_these_fonts(folder: Path) -> Iterator[None]:
    """Point Fontconfig to one folder of fonts while its configuration is being read."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_configuration(folder.resolve()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _configuration(folder: Path) -> Path:
    """A ``fonts.conf`` for one folder, written where only this user writes."""
    place = _private_folder() / sha256(str(folder).encode()).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(folder))}</dir>"
        f"<cachedir>{escape(str(place))}</cachedir></fontconfig>\n"
    )
    file = place / "fonts.conf"
    part = place / f"fonts.conf.{os.getpid()}"
    part.write_text(text, encoding="utf-8")
    part.replace(file)
    return file


def _private_folder() -> Path:
    root = os.environ.get("XDG_CACHE_HOME")
    wanted = (Path(root) if root else Path.home() / ".cache") / "supervise" / "fontconfig"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="supervise-"))
    return wanted if os.access(wanted, os.W_OK) else Path(tempfile.mkdtemp(prefix="supervise-"))
