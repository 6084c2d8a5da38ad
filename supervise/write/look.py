"""How documents look: the shipped templates, with an office's own files over them.

In: the office's folder, or none. Out: texts of style sheets with their variables filled in,
folders of templates and of fonts; and refusals: a document carries everything in itself, so
nothing that an office adds may fetch, run or lie outside its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from supervise.errors import RenderingError, UsageError
from supervise.write.typeface import SHIPPED, families, office_fonts

FONTS = "fonts"
VARIABLES = "variables.css"
TOGETHER = {"report.css": ("report.css", "report/trends.css")}
"""Style sheets that are one to whoever asks for the first."""
OWN_FAMILY = '"Supervise Sans SC"'
_VARIABLE = re.compile(r"(--[\w-]+):([^;]+);")
_VARIABLE_USE = re.compile(r"var\((--[\w-]+)\)")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_REACHES_OUT = re.compile(
    r"url\s*\(\s*+['\"]?+\s*+(?!#)|@import|image-set\s*\(|local\s*\(", re.IGNORECASE
)
_ALIKE = 0.85
_TAGS = frozenset(
    {"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"}
)
_FETCHING = frozenset({
    "src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest",
    "http-equiv", "codebase", "xlink:href",
})  # fmt: skip
_LINKS = ("#", "https://", "http://", "mailto:")


class Look:
    """One look of documents.

    Args:
        office: Folder whose files stand in place of the shipped ones of the same name; None: none.
        fonts: Folder of static TTF files instead of the bundled one.

    Raises:
        UsageError: No such folder.
        RenderingError: A file in it that is refused.
    """

    def __init__(self, office: Path | None, fonts: Path | None = None) -> None:
        self.office = office
        self.folders = [*([office] if office else []), shipped_templates()]
        bundled = fonts or SHIPPED
        self.fonts: tuple[Path, ...] = (bundled,)
        if office is not None:
            _require_sound(office)
            if (office / FONTS).is_dir() and office_fonts(office / FONTS):
                self.fonts = (bundled, office / FONTS)

    def name_of(self, file: str) -> str:
        """A template's name within its folder; empty if it is none of ours."""
        for folder in self.folders:
            if Path(file).is_relative_to(folder):
                return Path(file).relative_to(folder).as_posix()
        return ""

    def text(self, name: str) -> str:
        """A style sheet as it stands.

        Raises:
            RenderingError: There is none, or it reaches out.
        """
        for folder in self.folders:
            if (folder / name).is_file():
                return _read(folder / name, name, own=folder != self.office)
        raise RenderingError(
            f"找不到样式文件 {name}",
            where=str(self.folders[-1]),
            expected="模板文件夹中有样式文件",
            fix="重新安装 supervise。",
            code="template_missing",
        )

    def style(self, name: str = "report.css") -> str:
        """A style sheet with its variables filled in and the office's fonts behind ours.

        Filled in here, once, because a cascade of variables costs time on every element.

        Raises:
            RenderingError: There is no such file, or no such variable.
        """

        def value(use: re.Match[str]) -> str:
            if use[1] not in self._variables:
                raise _no_variable(use[1], name, self._variables)
            return self._variables[use[1]].strip()

        text = "".join(map(self.text, TOGETHER.get(name, (name,))))
        filled = _VARIABLE_USE.sub(value, text)
        return filled.replace(OWN_FAMILY, self._stack) if len(self.fonts) > 1 else filled

    @cached_property
    def _stack(self) -> str:
        named = [f'"{family}"' for family in families(self.fonts[1])]
        return ", ".join([OWN_FAMILY, *named])

    @cached_property
    def _variables(self) -> dict[str, str]:
        """The shipped variables; an office's file may name some of them."""
        shipped = self.folders[-1] / VARIABLES
        known: dict[str, str] = dict(_VARIABLE.findall(_read(shipped, VARIABLES, own=True)))
        text = self.text(VARIABLES)
        for found in _VARIABLE.finditer(text):
            if found[1] not in known:
                line = text.count("\n", 0, found.start()) + 1
                raise _no_variable(found[1], f"{VARIABLES}:{line}", known)
            known[found[1]] = found[2]
        return known

    def require_self_contained(self, page: str, template: str) -> None:
        """Refuse a page that would fetch or run something; looked at only in an office's look.

        Args:
            page: A page filled in.
            template: Its name, for the message.

        Raises:
            RenderingError: ``template_reaches_out``, with file and line where that is known.
        """
        if self.office is None:
            return
        reader = _Outside()
        reader.feed(page)
        reader.close()
        if reader.found:
            first = reader.found[0]
            raise _reaches_out(first, self._place_of(first, template))

    def _place_of(self, words: str, template: str) -> str:
        assert self.office is not None
        for path in _files(self.office):
            if path.suffix in (".j2", ".css"):
                lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
                for number, line in enumerate(lines, 1):
                    if words in line:
                        return f"{path.relative_to(self.office).as_posix()}:{number}"
        return template


def shipped_templates() -> Path:
    """Folder of the shipped templates, installed or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class _Outside(HTMLParser):
    """Finds what would fetch or run: tags, attributes, addresses in styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _TAGS:
            self.found.append(f"<{tag}")
        for name, value in attrs:
            if _fetches(tag, name, value or ""):
                self.found.append(value or name)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style and (found := _REACHES_OUT.search(_plain_css(data))):
            self.found.append(found[0])


def _fetches(tag: str, name: str, value: str) -> bool:
    value = value.strip()
    if name.startswith("on") or name in _FETCHING:
        return name != "xlink:href" or not value.startswith("#")
    if name == "href":
        return not value.startswith(_LINKS if tag == "a" else "#")
    return name == "style" and bool(_REACHES_OUT.search(_plain_css(value)))


def _plain_css(text: str) -> str:
    """A style sheet without escapes, which could hide a word."""
    return _ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else m[2], text)


def _read(path: Path, name: str, *, own: bool) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderingError(
            f"样式文件 {name} 不能读取",
            where=str(path),
            expected="以 UTF-8 保存的文本文件",
            fix="另存为 UTF-8，或去掉该文件。",
            code="template_invalid",
        ) from error
    if not own:
        for number, line in enumerate(text.split("\n"), 1):
            if found := _REACHES_OUT.search(_plain_css(line)):
                raise _reaches_out(found[0], f"{name}:{number}")
    return text


def _reaches_out(words: str, where: str) -> RenderingError:
    return RenderingError(
        f"本局模板要取用文件以外的内容或执行脚本：{words[:80]}",
        where=where,
        expected="报告不含脚本、外部图片、样式和网址取用，一切写在文件自身",
        fix="去掉这一处；徽标用 <svg> 直接写在模板里，字体放进 fonts 文件夹。",
        code="template_reaches_out",
    )


def _no_variable(name: str, where: str, known: dict[str, str]) -> RenderingError:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return RenderingError(
        f"样式变量 {name} 没有定义",
        where=where,
        expected=f"自带 variables.css 中的变量；相近的：{near[0] if near else '无'}",
        fix="改正名称；对照自带的 variables.css。",
        code="template_invalid",
    )


def _require_sound(office: Path) -> None:
    """Refuse a folder that is not there, links that lead out of it, and names misspelt."""
    if not office.is_dir():
        raise UsageError(
            "模板文件夹不存在",
            where=str(office),
            expected="--templates 指向本局的模板文件夹",
            fix="检查路径，或去掉 --templates。",
            code="templates_missing",
        )
    shipped = shipped_templates()
    names = [path.relative_to(shipped).as_posix() for path in _files(shipped)]
    home = office.resolve()
    for path in _files(office):
        name = path.relative_to(office).as_posix()
        if not path.resolve().is_relative_to(home):
            raise RenderingError(
                f"模板文件夹里的 {name} 指向文件夹以外",
                where=str(path),
                expected="模板文件夹只含它自己的文件",
                fix="把文件复制进来，代替链接。",
                code="template_reaches_out",
            )
        near = get_close_matches(name, names, n=1, cutoff=_ALIKE)
        if name not in names and near and not name.startswith(f"{FONTS}/"):
            raise RenderingError(
                f"模板文件夹里的 {name} 不会被用到",
                where=str(path),
                expected=f"与自带模板同名；相近的：{near[0]}",
                fix="改成该名称；自己的片段另取一个不相近的名称。",
                code="template_invalid",
            )


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in path order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
