"""Terminals: colour only where people look, and a console in any encoding cannot break output."""

from __future__ import annotations

import os
import sys

import click

from supervise.errors import SuperviseError

_COLOURS = {"good": "green", "bad": "red", "unsure": "yellow"}
_LABELS = (("where", "位置"), ("expected", "应为"), ("fix", "处理"))


def prepare_streams() -> None:
    """Replace what a console's encoding (GBK on Windows) cannot show instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def coloured(text: str, tone: str) -> str:
    """A text in the colour of its tone."""
    return click.style(text, fg=_COLOURS[tone]) if tone in _COLOURS else text


def plain(text: str, tone: str) -> str:
    """A text as it is."""
    return text


def wants_colour() -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def error_text(error: SuperviseError) -> str:
    """What, where, what was expected and by which rule, what to do."""
    parts = error.parts()
    lines = [f"错误：{parts['what']}（{parts['code']}）"]
    for key, label in _LABELS:
        if parts[key]:
            lines.append(f"  {label}：" + parts[key].replace("\n", "\n        "))
    return "\n".join(lines)
