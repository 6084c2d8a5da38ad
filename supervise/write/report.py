"""``Evaluation`` → HTML and PDF; the only door to Jinja2 and WeasyPrint.

One ``Renderer`` per process: templates, style sheet and fonts are read once. The same
evaluation gives the same bytes: no clock, no network, no font of the system.
"""

from __future__ import annotations

import gc
import html
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supervise.core.evaluation import Evaluation
from supervise.errors import RenderingError
from supervise.record import record
from supervise.write.numbers import Words
from supervise.write.phrases import Audience
from supervise.write.typeface import (
    FAMILY,
    SHIPPED,
    coverage,
    font_files,
    only_these_fonts,
    require_glyphs,
    with_substitutes,
)
from supervise.write.variables import filled_in
from supervise.write.view import view_of

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

APT_LINE = "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@record
class Probe:
    """One thing that rendering needs from this machine.

    Attributes:
        name: ``pango``, ``harfbuzz_subset``, ``font`` or ``glyphs``.
        ok: Whether it is there.
        found: What was found, for people.
        fix: What to do if not; empty if all is well.
    """

    name: str
    ok: bool
    found: str
    fix: str = ""


class Renderer:
    """Makes documents of one language and one look.

    Args:
        words: Wordings of the documents' language.
        templates: Folder whose files override the shipped templates of the same name.
        fonts: Folder of static TTF files instead of the shipped one.
        variant: PDF variant such as ``pdf/a-3a``; None: plain PDF 1.7, a quarter quicker.
    """

    def __init__(
        self,
        *,
        words: Words,
        templates: Path | None = None,
        fonts: Path | None = None,
        variant: str | None = None,
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
        view = view_of(evaluation, self._words, audience)
        return self.page("report.html.j2", r=view)

    def standalone(self, evaluation: Evaluation, *, audience: Audience = "bank") -> str:
        """The report as one HTML file with its styles, for a screen; fails as ``html`` does."""
        styles = f"<style>\n{self.style()}{self.style('screen.css')}</style>"
        return self.html(evaluation, audience=audience).replace("</head>", f"{styles}\n</head>", 1)

    def pdf(self, evaluation: Evaluation, *, audience: Audience = "bank") -> bytes:
        """The report as PDF.

        Raises:
            RenderingError: A template, a glyph or a system library is missing.
        """
        markup = self.html(evaluation, audience=audience)
        require_glyphs(html.unescape(markup), self._glyphs, where=evaluation.submission.bank.name)
        return self._print(markup, self._report_sheet)

    def printed(self, template: str, style: str, /, **names: object) -> bytes:
        """Another document than a bank's report as PDF: a named template, a named style sheet.

        It may hold whatever files are called; a character without a glyph is shown as 〓 there.

        Raises:
            RenderingError: A template, a style sheet or a system library is missing.
        """
        markup = with_substitutes(self.page(template, **names), self._glyphs)
        return self._print(markup, self._sheet(style))

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

        Raises:
            RenderingError: There is no such file, or no such variable.
        """
        return filled_in(self._text(name), self._text("variables.css"), where=name)

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
    def _press(self) -> Mapping[str, Any]:
        """WeasyPrint with only our fonts, and its configuration."""
        font_files(self._fonts)
        with only_these_fonts(self._fonts):
            weasyprint = import_weasyprint()
            from weasyprint.text.fonts import FontConfiguration

            configuration = FontConfiguration()
        return {
            "HTML": weasyprint.HTML,
            "CSS": weasyprint.CSS,
            "fonts": configuration,
            "fetcher": _no_addresses(),
        }

    @cached_property
    def _report_sheet(self) -> Any:
        return self._sheet("report.css")

    def _sheet(self, name: str) -> Any:
        """A style sheet, parsed."""
        press = self._press
        style = self.style(name) + self._page_numbers()
        return press["CSS"](string=style, font_config=press["fonts"], url_fetcher=press["fetcher"])

    def _print(self, markup: str, sheet: Any) -> bytes:
        press = self._press
        document = press["HTML"](string=markup, url_fetcher=press["fetcher"])
        with warnings.catch_warnings(), _collector_at_rest():
            # WeasyPrint 70 leaves its own colour profile open for the collector to close.
            warnings.simplefilter("ignore", ResourceWarning)
            printed: bytes = document.write_pdf(
                stylesheets=[sheet], font_config=press["fonts"], pdf_variant=self._variant
            )
        return printed


def shipped_templates() -> Path:
    """Folder of the shipped templates, installed or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def import_weasyprint() -> Any:
    """WeasyPrint, or what to install.

    Raises:
        RenderingError: Pango is missing, or WeasyPrint itself.
    """
    try:
        import weasyprint
    except (OSError, ImportError) as error:
        raise RenderingError(
            "生成 PDF 需要的系统库 Pango 没有安装",
            where=str(error).splitlines()[0],
            expected="系统中有 Pango、PangoFT2 和 HarfBuzz-subset",
            fix=f"执行：{APT_LINE}",
            code="pango_missing",
        ) from error
    return weasyprint


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a document's boxes over and over (a tenth)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _no_addresses() -> Any:
    """A fetcher that refuses every address: documents carry everything in themselves."""
    from weasyprint.urls import URLFetcher

    class NoAddresses(URLFetcher):  # type: ignore[misc]  # the base class has no types
        def fetch(self, url: str, headers: object = None) -> Any:
            raise ValueError(f"refused: {url}")

    return NoAddresses()


def probe(fonts: Path | None = None) -> list[Probe]:
    """What rendering needs and whether this machine has it, for ``supervise doctor``."""
    folder = fonts or SHIPPED
    found: list[Probe] = []
    try:
        with only_these_fonts(folder):
            weasyprint = import_weasyprint()
    except RenderingError as error:
        found.append(Probe("pango", False, error.where, error.fix))
    else:
        found.append(Probe("pango", True, f"WeasyPrint {weasyprint.__version__}"))
        found.append(_subset_probe())
    return [*found, *_font_probes(folder)]


def _subset_probe() -> Probe:
    from weasyprint.text import ffi

    if getattr(ffi, "harfbuzz_subset", None) is None:
        return Probe("harfbuzz_subset", False, "未载入；每份报告约慢一倍", f"执行：{APT_LINE}")
    return Probe("harfbuzz_subset", True, "已载入")


def _font_probes(folder: Path) -> list[Probe]:
    try:
        files = font_files(folder)
    except RenderingError as error:
        return [Probe("font", False, error.where, error.fix)]
    names = "、".join(file.name for file in files)
    return [
        Probe("font", True, f"{FAMILY}：{names}"),
        Probe("glyphs", True, f"可写 {len(coverage(files)):,} 个字符"),
    ]
