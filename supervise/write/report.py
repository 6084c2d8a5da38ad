"""``Evaluation`` → HTML and PDF; the only door to Jinja2.

One ``Renderer`` per process: templates, style sheet and fonts are read once. The same
evaluation gives the same bytes.
"""

from __future__ import annotations

import html
import traceback
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.evaluation import Evaluation
from supervise.errors import RenderingError
from supervise.write.evidence import Attached
from supervise.write.glyph_places import Places
from supervise.write.look import Look
from supervise.write.numbers import Words
from supervise.write.phrases import Audience
from supervise.write.press import ARCHIVAL, Credits, Press
from supervise.write.typeface import known_characters, require_glyphs, with_substitutes
from supervise.write.view import ReportView, view_of

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment


class Renderer:
    """Makes documents of one language and one look.

    Args:
        words: Wordings of the documents' language.
        templates: Folder whose files override the shipped templates of the same name; its
            ``fonts`` stand behind the bundled typeface.
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
        self._look = Look(templates, fonts)
        self._variant = variant
        self._presses: dict[str, Press] = {}

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
        require_glyphs(
            html.unescape(markup),
            self._glyphs,
            where=evaluation.submission.bank.name,
            place=Places(view, self._words).of,
        )
        return self._press("report.css").print(markup, _credits(view, evaluation), attached)

    def printed(self, template: str, style: str, told: Credits, /, **names: object) -> bytes:
        """Another document than a bank's report as PDF: a named template, a named style sheet.

        It may hold whatever files are called; a character without a glyph is shown as 〓 there.

        Raises:
            RenderingError: A template, a style sheet or a system library is missing.
        """
        markup = with_substitutes(self.page(template, **names), self._glyphs)
        return self._press(style).print(markup, told)

    def page(self, template: str, /, **names: object) -> str:
        """Fill in one template.

        Raises:
            RenderingError: The template is missing or wrong.
        """
        import jinja2

        try:
            filled: str = self._environment.get_template(template).render(t=self._words, **names)
        except Exception as error:
            if self._look.office is None and not isinstance(error, jinja2.TemplateError):
                raise
            raise _wrong_template(error, template, self._look) from error
        self._look.require_self_contained(filled, template)
        return filled

    def style(self, name: str = "report.css") -> str:
        """A style sheet with its variables filled in; fails as ``Look.style`` does."""
        return self._look.style(name)

    def sheet(self, name: str = "report.css") -> str:
        """The style sheet of a PDF, page numbers in the words of its language; as ``style``."""
        return self.style(name) + self._page_numbers()

    def _page_numbers(self) -> str:
        before, _, rest = self._words("report.page").partition("{page}")
        between, _, after = rest.partition("{pages}")
        content = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
        return f"\n@page {{ @bottom-right {{ content: {content}; }} }}\n"

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        return ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in self._look.folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _glyphs(self) -> frozenset[int]:
        return known_characters(self._look.fonts)

    def _press(self, style: str) -> Press:
        """The press for one style sheet, made once."""
        if style not in self._presses:
            self._presses[style] = Press(self.sheet(style), self._look.fonts, self._variant)
        return self._presses[style]


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


def _wrong_template(error: Exception, template: str, look: Look) -> RenderingError:
    """What is wrong with a template, with its file and the line that did it."""
    where, line = str(getattr(error, "name", None) or template), getattr(error, "lineno", None)
    if line is None:
        for frame in traceback.extract_tb(error.__traceback__):
            if name := look.name_of(frame.filename):
                where, line = name, frame.lineno
    said = getattr(error, "message", None) or str(error) or type(error).__name__
    return RenderingError(
        f"模板有误：{said}",
        where=f"{where}:{line}" if line else where,
        expected="模板只使用报告已有的名称",
        fix="对照自带模板改正；或去掉自定义模板。",
        code="template_invalid",
    )
