"""What this machine lacks, and how to mend it: the table behind ``supervise doctor``.

In: nothing but the machine and the folder that results would go to. Out: one ``Probe`` a line, in
the order in which to mend. Only ``check`` and ``template`` are needed to fill in and pre-check a
submission; what only reports need is marked so.
"""

from __future__ import annotations

import ctypes
import hashlib
import locale
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from supervise.record import record

LEAST_PYTHON = (3, 11)
PACKAGE = Path(__file__).parent
FONTS = PACKAGE / "fonts"
WEIGHTS = ("SuperviseSansSC-Regular.ttf", "SuperviseSansSC-Bold.ttf")
WORDING = ("locale", "rulebook", "forms", "templates")
# Library names by which Windows, macOS and Linux know each; the first that loads will do.
LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    "hb-subset": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.dylib",
        "libharfbuzz-subset-0.dll",
    ),
}
PACKAGES = {
    "Pango": "libpango-1.0-0",
    "PangoFT2": "libpangoft2-1.0-0",
    "hb-subset": "libharfbuzz-subset0",
}


@record(kw_only=True)
class Probe:
    """One thing looked at.

    Attributes:
        name: What was looked at.
        ok: Whether it will do.
        detail: What was found.
        fix: What to do, in one imperative sentence; empty if ``ok``.
        reports_only: Needed for PDF reports, not for pre-checking.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""
    reports_only: bool = False


def examine(output: Path) -> tuple[Probe, ...]:
    """Look at everything the program needs from this machine.

    Args:
        output: Folder that results would be written to; need not exist yet.
    """
    return (
        python(),
        yaml_parser(),
        console(),
        writable(output),
        *(library(name) for name in LIBRARIES),
        fonts_intact(),
        glyphs(),
    )


def python() -> Probe:
    """Python is new enough."""
    least = ".".join(map(str, LEAST_PYTHON))
    return _probe(
        "Python",
        sys.version_info >= LEAST_PYTHON,
        f"{sys.version.split()[0]} ({sys.platform})",
        f"安装 Python {least} 或更新版本。",
    )


def yaml_parser() -> Probe:
    """PyYAML came with its C parser, ten times as quick as the other."""
    found = find_spec("yaml._yaml") is not None
    return _probe(
        "PyYAML CParser",
        found,
        "有" if found else "无",
        "重装带 C 扩展的 PyYAML：pip install --force-reinstall --only-binary :all: PyYAML",
    )


def console() -> Probe:
    """The console can print Chinese; where it cannot, output is still written, with escapes."""
    encoding = getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(False)
    try:
        "监管评价≥".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        printable = False
    else:
        printable = True
    return _probe(
        "控制台编码",
        printable,
        encoding,
        "设置环境变量 PYTHONUTF8=1，或将控制台改为 UTF-8（Windows：chcp 65001）。",
    )


def writable(output: Path) -> Probe:
    """Results can be written: a file is made in the nearest existing folder and removed."""
    folder = output.absolute()
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return _probe(
            "输出目录",
            False,
            f"{folder}：{error.strerror}",
            "用 -o 指定一个可写的目录，或修改其权限。",
        )
    return _probe("输出目录", True, str(folder))


def library(name: str) -> Probe:
    """A system library loads; ``name`` is a key of ``LIBRARIES``."""
    loaded = next((known for known in LIBRARIES[name] if _loads(known)), "")
    return _probe(
        name,
        bool(loaded),
        loaded or "未找到",
        f"Debian/Ubuntu：apt-get install {PACKAGES[name]}；其他系统：安装 Pango 与 HarfBuzz。",
        reports_only=True,
    )


def fonts_intact() -> Probe:
    """The bundled fonts are there, byte for byte as committed."""
    listed = FONTS / "fonts.sha256"
    committed = listed.read_text(encoding="ascii") if listed.is_file() else ""
    wrong = [name for name in WEIGHTS if f"{_digest(FONTS / name)}  {name}" not in committed]
    return _probe(
        "字体文件",
        not wrong,
        "缺失或已改动：" + "、".join(wrong) if wrong else "与发布时一致",
        "重新安装 supervise。",
        reports_only=True,
    )


def glyphs() -> Probe:
    """Every character of the shipped wording has a glyph in both weights.

    Names of banks and people are looked at when their report is made.
    """
    from supervise.write.typeface import coverage

    files = [FONTS / name for name in WEIGHTS if (FONTS / name).is_file()]
    used = {character for character in set(_wording()) if character.isprintable()}
    known = coverage(files) if files else frozenset()
    missing = sorted(character for character in used if ord(character) not in known)
    return _probe(
        "字形",
        not missing,
        f"缺：{''.join(missing[:20])}" if missing else f"文字共 {len(used)} 种，均有字形",
        "改用字体中已有的字，或用 scripts/build_fonts.py 重新生成字体。",
        reports_only=True,
    )


def _probe(name: str, ok: bool, detail: str, fix: str = "", *, reports_only: bool = False) -> Probe:
    return Probe(name=name, ok=ok, detail=detail, fix="" if ok else fix, reports_only=reports_only)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "missing"


def _wording() -> Iterator[str]:
    """The text of every shipped file whose words may stand in a report."""
    for folder in WORDING:
        for file in sorted((PACKAGE / folder).rglob("*.*")):
            if file.suffix in {".yaml", ".j2", ".css"}:
                yield from file.read_text(encoding="utf-8")
