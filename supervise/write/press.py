"""HTML → PDF/A-3a; the only door to WeasyPrint.

One ``Press`` per process and look: fonts and style sheet are read once. The same markup gives the
same bytes: no clock, no network, no font of the system.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

from supervise import __version__
from supervise.core.whole_file import BLANK, SEAL, sealed
from supervise.errors import RenderingError
from supervise.record import record
from supervise.write.browser_styles import spare_sheet
from supervise.write.evidence import Attached
from supervise.write.finish import finish
from supervise.write.markup_tree import tree_of
from supervise.write.surroundings import (
    collector_at_rest,
    later,
    lighter_streams,
    quiet_about_the_profile,
    take_apart,
    without,
)
from supervise.write.typeface import FAMILY, SHIPPED, coverage, font_files, only_these_fonts

APT_LINE = "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
ARCHIVAL = "pdf/a-3a"
_POINTS = 0.75
"""Of a pixel in CSS."""
_INSTANCER, _INSTANTIATE = "fontTools.varLib.instancer", "instantiateVariableFont"
_NO_DAY = date(1980, 1, 1)
GENERATOR = f"supervise {__version__}"


@record(kw_only=True)
class Credits:
    """What a document says of itself to a machine.

    Attributes:
        day: Its only date: created, changed, attached; None: it bears none.
    """

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    day: date | None


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


class Press:
    """Prints documents of one look.

    Args:
        style: The style sheet.
        fonts: Folders of fonts: the bundled one, perhaps an office's behind it.
        variant: PDF variant; None: plain PDF 1.7 without tags, a quarter quicker.
        quick: Read well-formed markup with an XML parser; the pages are the same.
    """

    def __init__(
        self,
        style: str,
        fonts: Sequence[Path],
        variant: str | None = ARCHIVAL,
        *,
        quick: bool = True,
    ) -> None:
        self._style = style
        self._folders = tuple(fonts)
        self._variant = variant
        self._quick = quick

    def print(self, markup: str, told: Credits, attached: Sequence[Attached] = ()) -> bytes:
        """One document, sealed with the digest of its own bytes.

        Raises:
            RenderingError: A font or a system library is missing.
        """
        with collector_at_rest(), quiet_about_the_profile():
            return sealed(self._printed(markup, told, attached))

    def _printed(self, markup: str, told: Credits, attached: Sequence[Attached]) -> bytes:
        """The document; its boxes are gone when this returns, before the collector looks again."""
        document = self._parsed(markup).render(
            stylesheets=[self._sheet], font_config=self._configuration
        )
        _credit(document.metadata, told)
        with lighter_streams(self._weasyprint.pdf.pydyf):
            printed: bytes = document.write_pdf(
                pdf_variant=self._variant,
                pdf_identifier=BLANK,
                attachments=[self._attachment(each, told.day) for each in attached],
                finisher=lambda _, pdf: finish(pdf, attached, _seal_size(document)),
            )
        take_apart(document)
        return printed

    def _parsed(self, markup: str) -> Any:
        """The markup as WeasyPrint's ``HTML``, whose parser is spared where ours gives the same."""
        kind = self._html_of(markup)
        tree = tree_of(markup) if self._quick else None
        if tree is None:
            return kind(string=markup, url_fetcher=self._fetcher)
        parsed = kind(string="<html></html>", url_fetcher=self._fetcher)
        parsed.wrapper_element = parsed.wrapper_element.from_html_root(tree, content_language=None)
        parsed.etree_element = tree
        return parsed

    @cached_property
    def _weasyprint(self) -> Any:
        font_files(self._folders[0])
        with only_these_fonts(*self._folders):
            return import_weasyprint()

    def _html_of(self, markup: str) -> Any:
        """WeasyPrint's ``HTML``, with spare styles of its own where the document needs no more."""
        needs_all = spare_sheet("", markup) is None
        return self._weasyprint.HTML if needs_all or not self._quick else self._spare_html

    @cached_property
    def _spare_html(self) -> Any:
        weasyprint = self._weasyprint
        spare = spare_sheet(weasyprint.html.UA, self._style)
        return weasyprint.HTML if spare is None else _with_styles(weasyprint, spare)

    @cached_property
    def _configuration(self) -> Any:
        """A configuration that knows only our fonts; one for all documents."""
        assert self._weasyprint
        with only_these_fonts(*self._folders):
            from weasyprint.text.fonts import FontConfiguration

            return FontConfiguration()

    @cached_property
    def _sheet(self) -> Any:
        return self._weasyprint.CSS(
            string=self._style, font_config=self._configuration, url_fetcher=self._fetcher
        )

    @cached_property
    def _fetcher(self) -> Any:
        assert self._weasyprint
        return _no_addresses()

    def _attachment(self, each: Attached, day: date | None) -> Any:
        noted = datetime.combine(day or _NO_DAY, time())
        return self._weasyprint.Attachment(
            string=each.data,
            name=each.name,
            description=each.about,
            relationship=each.relationship,
            created=noted,
            modified=noted,
            url_fetcher=self._fetcher,
        )


def _seal_size(document: Any) -> tuple[float, float] | None:
    """Width and height in points of the area that a template calls ``seal``; None: it has none."""
    for page in document.pages:
        if SEAL in page.anchors:
            left, top, right, bottom = (each * _POINTS for each in page.anchors[SEAL])
            return right - left, bottom - top
    return None


def _credit(metadata: Any, told: Credits) -> None:
    """Whatever a template says of itself, the document says this."""
    metadata.title = told.title
    metadata.authors = [told.author]
    metadata.description = told.subject
    metadata.keywords = list(told.keywords)
    metadata.generator = GENERATOR
    if told.day is not None:
        metadata.created = metadata.modified = f"{told.day.isoformat()}T00:00:00Z"


def import_weasyprint() -> Any:
    """WeasyPrint, or what to install.

    Raises:
        RenderingError: Pango is missing, or WeasyPrint itself.
    """
    try:
        # 13 MB of a process that prints: parts of fontTools for variable fonts, and for a machine
        # without HarfBuzz's subsetter; lxml for files that are no fonts.
        subsetter, instancer = later("fontTools.subset"), later(_INSTANCER, _INSTANTIATE)
        with without("lxml"), subsetter, instancer:
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


def _with_styles(weasyprint: Any, sheet: str) -> Any:
    """WeasyPrint's ``HTML`` with another style sheet for every document, forms apart."""
    own = weasyprint.CSS(string=sheet)

    class SpareHTML(weasyprint.HTML):  # type: ignore[misc]  # the base class has no types
        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [own, *super()._ua_stylesheets(forms)[1:]]

    return SpareHTML


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
