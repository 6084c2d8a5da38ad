"""``Evaluation`` → HTML and PDF; the only door to Jinja2.

One ``Renderer`` per process: templates, style sheet and fonts are read once. The same
evaluation gives the same bytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.evaluation import Evaluation
from supervise.errors import RenderingError
from supervise.write.evidence import Attached
from supervise.write.numbers import Words
from supervise.write.phrases import Audience
from supervise.write.press import ARCHIVAL, Credits, Press
from supervise.write.typeface import SHIPPED, coverage, font_files, require_glyphs
from supervise.write.view import ReportView, view_of

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_VARIABLE = re.compile(r"(--[\w-]+):([^;]+);")
_VARIABLE_USE = re.compile(r"var\((--[\w-]+)\)")


class Renderer:
    """Makes documents of one language and one look.

    Args:
        words: Wordings of the documents' language.
        templates: Folder whose files override the shipped templates of the same name.
        fonts: Folder of static TTF files instead of the shipped one.
        variant: PDF variant; None: plain PDF 1.7 without tags, a quarter quicker.
    """

    def __init__(
        self,
        *,
        words: Words,
        templates: Path | None = None,
        fonts: Path | None = None,
        variant: str | None = ARCHIVAL,
    ) -> None:
        self._words = words
        self._folders = [*([templates] if templates else []), shipped_templates()]
        self._fonts = fonts or SHIPPED
        self._variant = variant

    def html(self, evaluation: Evaluation, *, audience: Audience = "bank") -> str:
        """The report as HTML, without its style sheet.

        Raises:
            RenderingError: A template is wrong.
        """
        return self._filled(view_of(evaluation, self._words, audience))

    def _filled(self, view: ReportView) -> str:
        return self.page("report.html.j2", r=view)

    def standalone(self, evaluation: Evaluation, *, audience: Audience = "bank") -> str:
        """The report as one HTML file with its styles, for a screen; fails as ``html`` does."""
        styles = f"<style>\n{self.style()}{self.style('screen.css')}</style>"
        return self.html(evaluation, audience=audience).replace("</head>", f"{styles}\n</head>", 1)

    def pdf(
        self,
        evaluation: Evaluation,
        *,
        audience: Audience = "bank",
        attached: Sequence[Attached] = (),
    ) -> bytes:
        """The report as PDF.

        Args:
            evaluation: What was judged.
            audience: For whom.
            attached: The files that it carries as evidence.

        Raises:
            RenderingError: A template, a glyph or a system library is missing.
        """
        view = view_of(evaluation, self._words, audience)
        markup = self._filled(view)
        require_glyphs(html.unescape(markup), self._glyphs, where=evaluation.submission.bank.name)
        return self._press.print(markup, _credits(view, evaluation), attached)

    def page(self, template: str, /, **names: object) -> str:
        """Fill in one template.

        Raises:
            RenderingError: The template is missing or wrong.
        """
        import jinja2

        try:
            filled: str = self._environment.get_template(template).render(t=self._words, **names)
        except jinja2.TemplateError as error:
            line = getattr(error, "lineno", None)
            raise RenderingError(
                f"模板有误：{error.message}",
                where=f"{getattr(error, 'name', None) or template}" + (f":{line}" if line else ""),
                expected="模板只使用报告已有的名称",
                fix="对照自带模板改正；或去掉自定义模板。",
                code="template_invalid",
            ) from error
        return filled

    def style(self, name: str = "report.css") -> str:
        """A style sheet with its variables filled in.

        Filled in here, once, because a cascade of variables costs time on every element.

        Raises:
            RenderingError: There is no such file, or no such variable.
        """
        variables: dict[str, str] = dict(_VARIABLE.findall(self._text("variables.css")))

        def value(use: re.Match[str]) -> str:
            if use[1] not in variables:
                raise RenderingError(
                    f"样式使用了没有定义的变量 {use[1]}",
                    where=name,
                    expected=f"variables.css 定义了 {use[1]}",
                    fix="在 variables.css 中补上该变量，或改正名称。",
                    code="template_invalid",
                )
            return variables[use[1]].strip()

        return _VARIABLE_USE.sub(value, self._text(name))

    def sheet(self) -> str:
        """The style sheet of the PDF, page numbers in the words of its language; as ``style``."""
        return self.style() + self._page_numbers()

    def _text(self, name: str) -> str:
        for folder in self._folders:
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
        raise RenderingError(
            f"找不到样式文件 {name}",
            where=str(self._folders[-1]),
            expected="模板文件夹中有样式文件",
            fix="重新安装 supervise。",
            code="template_missing",
        )

    def _page_numbers(self) -> str:
        before, _, rest = self._words("report.page").partition("{page}")
        between, _, after = rest.partition("{pages}")
        content = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
        return f"\n@page {{ @bottom-right {{ content: {content}; }} }}\n"

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        return SandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _glyphs(self) -> frozenset[int]:
        return coverage(font_files(self._fonts))

    @cached_property
    def _press(self) -> Press:
        return Press(self.sheet(), self._fonts, self._variant)


def shipped_templates() -> Path:
    """Folder of the shipped templates, installed or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _credits(view: ReportView, evaluation: Evaluation) -> Credits:
    """The report to a machine; its keywords are its number and the digests it rests on."""
    filed, law = evaluation.submission, evaluation.rulebook
    return Credits(
        title=view.title,
        author=view.author,
        subject=f"{view.cover.mark} {view.cover.number}",
        keywords=(view.cover.number, filed.sha256, law.digest),
        day=law.period.last_day,
    )
