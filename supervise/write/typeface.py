"""The bundled typeface: where it lies, what it can write, and a Fontconfig that sees nothing else.

In: a folder of static TTF files, perhaps an office's behind it. Out: the characters that can be
written, the families, a generated ``fonts.conf``.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import category
from xml.sax.saxutils import escape

from supervise.errors import RenderingError
from supervise.write.surroundings import without

FAMILY = "Supervise Sans SC"
SHIPPED = Path(__file__).parent.parent / "fonts"
_OTHER_FONTS = frozenset({".ttc", ".otc", ".woff", ".woff2", ".eot", ".dfont", ".pfb", ".fon"})
_FAMILY, _TYPOGRAPHIC = 1, 16
_RESTRICTED = 2
# Controls, joiners and spaces leave no mark; a character of private use does.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
SUBSTITUTE = "〓"


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


def characters(file: Path) -> frozenset[int]:
    """Code points that a font file can write."""
    with _font_tools().TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def coverage(files: Iterable[Path]) -> frozenset[int]:
    """Code points that every file can write, so that bold is never without a glyph."""
    return frozenset.intersection(*(characters(file) for file in files))


@cache
def known_characters(folders: tuple[Path, ...]) -> frozenset[int]:
    """Code points that can be written: by every bundled file, or by any font of an office.

    Args:
        folders: The bundled folder, then perhaps an office's.
    """
    bundled = coverage(font_files(folders[0]))
    return bundled.union(*(characters(f) for folder in folders[1:] for f in office_fonts(folder)))


def office_fonts(folder: Path) -> tuple[Path, ...]:
    """An office's fonts, by name: static TTF and OTF files that may be embedded.

    Raises:
        RenderingError: A file that cannot be used, and why.
    """
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _OTHER_FONTS:
            raise _unusable(path, "不是 TTF 或 OTF 文件", "转换为静态的 .ttf 或 .otf。")
    files = tuple(sorted(p for p in folder.iterdir() if p.suffix.lower() in (".ttf", ".otf")))
    for file in files:
        family_of(file)
    return files


def families(folder: Path) -> tuple[str, ...]:
    """Families of an office's fonts, each once."""
    return tuple(dict.fromkeys(family_of(file) for file in office_fonts(folder)))


@cache
def family_of(file: Path) -> str:
    """The family that a font belongs to, once it was found fit.

    Raises:
        RenderingError: It cannot be read, varies, may not be embedded, or takes our name.
    """
    tools = _font_tools()
    try:
        with file.open("rb") as stream, tools.TTFont(stream, lazy=True) as font:
            names = font["name"]
            family = str(names.getDebugName(_TYPOGRAPHIC) or names.getDebugName(_FAMILY) or "")
            varies, restricted = "fvar" in font, font["OS/2"].fsType & 0xF == _RESTRICTED
            font.getBestCmap()
    except (tools.TTLibError, KeyError, OSError, AssertionError, ValueError, struct.error) as error:
        raise _unusable(file, "不能读取", "换成完好的字体文件。") from error
    if varies:
        raise _unusable(file, "是可变字体", "导出为静态字体（每个粗细一个文件）。")
    if restricted:
        raise _unusable(file, "不许嵌入文件（OS/2 fsType）", "换成许可嵌入的字体。")
    if family == FAMILY or not family or set(family) & set('"\\;{}\n'):
        raise _unusable(file, f"的字体名 {family!r} 不能用", "改用另有名称的字体。")
    return family


def _font_tools() -> Any:
    """The module of fontTools that reads fonts; it would load lxml, 5 MB, for other files."""
    with without("lxml"):
        from fontTools import ttLib
    return ttLib


def _unusable(file: Path, why: str, fix: str) -> RenderingError:
    return RenderingError(
        f"本局字体 {file.name} {why}",
        where=str(file),
        expected="静态的 TTF 或 OTF 字体，许可嵌入，名称与自带字体不同",
        fix=fix,
        code="font_unusable",
    )


def require_glyphs(
    text: str, known: frozenset[int], *, where: str, place: Callable[[str], str]
) -> None:
    """Refuse a text that the fonts cannot write; a silent empty box would be worse.

    Args:
        text: Everything that will be printed.
        known: Code points of the fonts.
        where: Document, for the message.
        place: Tells of a character where in the document it stands.

    Raises:
        RenderingError: Some characters have no glyph: all of them, each with its places.
    """
    missing = sorted(c for c in set(text) if ord(c) not in known and category(c) not in _UNSEEN)
    if not missing:
        return
    named = "、".join(f"{_shown(c)}（U+{ord(c):04X}，{place(c)}）" for c in missing)
    raise RenderingError(
        f"字体缺少 {len(missing)} 个字：{named}",
        where=where,
        expected=f"{FAMILY} 和本局字体能写出报告中的每个字",
        fix="在 --templates 文件夹的 fonts 里加入含有这些字的字体，或改正填报中的错字。",
        code="glyph_missing",
    )


def _shown(character: str) -> str:
    """A character as it is; one that has no form of its own by its code point alone."""
    return character if character.isprintable() else "□"


def with_substitutes(text: str, known: frozenset[int]) -> str:
    """The text with 〓 for each character that the typeface cannot write."""
    lost = {c for c in set(text) if ord(c) not in known and not c.isspace()}
    return text.translate({ord(c): SUBSTITUTE for c in lost}) if lost else text


@contextmanager
def only_these_fonts(*folders: Path) -> Iterator[None]:
    """Point Fontconfig to these folders of fonts while its configuration is being read."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_configuration(tuple(f.resolve() for f in folders)))
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _configuration(folders: tuple[Path, ...]) -> Path:
    """A ``fonts.conf`` for some folders, written where only this user writes."""
    named = "\n".join(map(str, folders))
    place = _private_folder() / sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig>{''.join(f'<dir>{escape(str(f))}</dir>' for f in folders)}"
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
