"""A rule's page → text for a terminal, Markdown for ``docs/rules/``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supervise.write.rule_page_parts import RulePage, Section
from supervise.write.terminal import aligned


def page_text(page: RulePage) -> str:
    """For a terminal."""
    lines = [page.heading, page.lead]
    for section in page.sections:
        lines += ["", section.title]
        lines += [f"  {line}" for line in section.lines]
        lines += aligned(section.rows, "  ")
    return "\n".join(lines).replace("`", "") + "\n"


def page_markdown(page: RulePage, level: int = 1) -> str:
    """Markdown, its heading at ``level``."""
    lines = [f"{'#' * level} {page.heading}", "", page.lead, ""]
    for section in page.sections:
        lines += [f"**{section.title}**", ""]
        lines += _body(section)
    return "\n".join(lines)


def _body(section: Section) -> Iterator[str]:
    if len(section.lines) == 1:
        yield from (_escaped(section.lines[0]), "")
    elif section.lines:
        yield from (f"- {_escaped(line)}" for line in section.lines)
        yield ""
    if section.rows:
        yield from _table(section.rows)
        yield ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    width = len(rows[0])
    yield "|" + "　|" * width
    yield "|" + "---|" * width
    for row in rows:
        yield "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in row) + " |"


def _escaped(text: str) -> str:
    """Signs that Markdown would take for its own, outside code."""
    pieces = text.split("`")
    for at in range(0, len(pieces), 2):
        for sign in ("\\", "*", "_", "<", "[", "#"):
            pieces[at] = pieces[at].replace(sign, "\\" + sign)
    return "`".join(pieces)
