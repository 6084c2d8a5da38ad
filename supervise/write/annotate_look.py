"""How the sheet 校核结果 looks: its fonts, fills and borders as spreadsheet markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supervise.ooxml.addresses import column_letters
from supervise.ooxml.marks import COLOURS
from supervise.ooxml.rewriting.source import cell_text
from supervise.ooxml.rewriting.style_patch import StylePatch
from supervise.record import record
from supervise.write.sheet_style import FONT, HEADER, INK, LINE, MUTED, NAVY, WHITE

MOST_UNITS: Final = 32_767
"""What a cell holds, in units of UTF-16; a rare character takes two."""

LINK: Final = "1F5FBF"
TONES: Final = {
    "passed": ("DDEFE0", "1E6B34"),
    "needs_explanation": ("FFEBC2", "8A5200"),
    "blocked": ("FBDAD7", "A31D12"),
    "incomplete": ("FBDAD7", "A31D12"),
}
"""Fill and ink of the verdict."""

TABS: Final = {"passed": "2E8B57", "needs_explanation": "E0A030", "blocked": "C0392B"}


@record
class Look:
    """A cell's looks; no fill: the paper."""

    size: str = "10"
    bold: bool = False
    colour: str = INK
    fill: str = ""
    across: str = "left"
    border: bool = True
    underline: bool = False
    wrap: bool = True


LOOKS: Final[dict[str, Look]] = {
    "title": Look(size="16", bold=True, colour=NAVY, border=False, wrap=False),
    "bank": Look(size="10.5", colour=INK, border=False, wrap=False),
    "totals": Look(colour=INK, border=False, wrap=False),
    "legend": Look(size="9", colour=MUTED, border=False, wrap=False),
    "head": Look(bold=True, colour=WHITE, fill=HEADER, across="center"),
    "number": Look(colour=MUTED, across="center"),
    "text": Look(),
    "small": Look(size="9", colour=MUTED),
    "link": Look(colour=LINK, underline=True),
    "none": Look(size="11", colour="1E6B34", across="center"),
    "record": Look(size="8", colour=MUTED, border=False, wrap=False),
    **{f"verdict_{s}": Look("14", True, i, f, "left") for s, (f, i) in TONES.items()},
    **{s: Look(bold=True, fill=colour, across="center") for s, colour in COLOURS.items()},
}


def add_looks(styles: StylePatch) -> dict[str, int]:
    """Style number of each look in a workbook."""
    return {name: _add(styles, look) for name, look in LOOKS.items()}


def run(text: str, colour: str, size: str) -> str:
    """Part of a text in a colour and size of its own."""
    return (
        f'<r><rPr><sz val="{size}"/><color rgb="FF{colour}"/>'
        f'<rFont val="{FONT}"/><family val="2"/><charset val="134"/></rPr>'
        f'<t xml:space="preserve">{cell_text(text)}</t></r>'
    )


def _add(styles: StylePatch, look: Look) -> int:
    bold = "<b/>" if look.bold else ""
    under = "<u/>" if look.underline else ""
    fill = '<patternFill patternType="none"/>'
    if look.fill:
        fill = (
            f'<patternFill patternType="solid"><fgColor rgb="FF{look.fill}"/>'
            '<bgColor indexed="64"/></patternFill>'
        )
    sides = "".join(
        f'<{side} style="thin"><color rgb="FF{LINE}"/></{side}>' if look.border else f"<{side}/>"
        for side in ("left", "right", "top", "bottom")
    )
    wrap = ' wrapText="1"' if look.wrap else ""
    indent = ' indent="1"' if look.across == "left" and look.border else ""
    return styles.look(
        font=(
            f'<font>{bold}{under}<sz val="{look.size}"/><color rgb="FF{look.colour}"/>'
            f'<name val="{FONT}"/><family val="2"/><charset val="134"/></font>'
        ),
        fill=f"<fill>{fill}</fill>",
        border=f"<border>{sides}<diagonal/></border>",
        alignment=f'<alignment horizontal="{look.across}" vertical="center"{wrap}{indent}/>',
    )


class CellWriter:
    """Cells of texts in the looks of a workbook.

    Args:
        looks: Style numbers by look.
    """

    def __init__(self, looks: Mapping[str, int]) -> None:
        self._looks = looks

    def cell(self, column: str, row: int, look: str, inner: str) -> str:
        """A cell; ``inner`` is ``<t>`` or runs, empty for a cell that only has its look."""
        style = f'r="{column}{row}" s="{self._looks[look]}"'
        return f'<c {style} t="inlineStr"><is>{inner}</is></c>' if inner else f"<c {style}/>"

    def number(self, column: str, row: int, look: str, value: str) -> str:
        """A cell that holds a number."""
        return f'<c r="{column}{row}" s="{self._looks[look]}"><v>{value}</v></c>'

    def wide(self, row: int, columns: int, look: str, inner: str) -> str:
        """Merged cells from the first column on; each has the look, or borders would be lost."""
        rest = (self.cell(column_letters(n), row, look, "") for n in range(2, columns + 1))
        return "".join((self.cell("A", row, look, inner), *rest))


def plain(text: str) -> str:
    """A text as it goes into a cell, no longer than a cell holds."""
    if 2 * len(text) > MOST_UNITS and len(text.encode("utf-16-le", "replace")) > 2 * MOST_UNITS:
        text = text[: MOST_UNITS // 2 - 1] + "…"
    return f'<t xml:space="preserve">{cell_text(text)}</t>' if text else ""
