"""Terminals: colour only where people look, and a console in any encoding cannot break output."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

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


def wants_colour() -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def error_text(error: SuperviseError, lang: str = "zh") -> str:
    """What, where, what was expected and by which rule, what to do.

    Chinese, whose words are at hand here, also where those of another language cannot be had.
    """
    if lang != "zh":
        from supervise.pipeline.telling import error_text as told

        with suppress(SuperviseError):
            return told(error, lang)
    parts = error.parts()
    lines = [f"错误：{parts['what']}（{parts['code']}）"]
    for key, label in _LABELS:
        if parts[key]:
            lines.append(f"  {label}：" + parts[key].replace("\n", "\n        "))
    return "\n".join(lines)


def said(text: str, lang: str) -> str:
    """A line of our own in a language; Chinese if that fails, for it may be what failed before."""
    if lang != "zh":
        from supervise.pipeline.telling import in_words

        with suppress(Exception):
            return in_words(text, lang)
    return text


def usage_text(error: click.ClickException) -> str:
    """What was wrong with the command line, in the user's language, and where help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "supervise"
    return f"错误：{_usage_fault(error)}\n  处理：用 {command} --help 查看写法。"


def _usage_fault(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = "、".join(error.possibilities or ())
        return f"没有选项 {error.option_name}" + (f"；相近的有 {near}" if near else "")
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_parameter(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的写法不对"
    if isinstance(error, click.BadParameter):
        return f"{_parameter(error)} 的值不能用{_allowed(error)}"
    if isinstance(error, click.UsageError) and error.message.isascii():
        return "没有这个命令，或写法不对"
    return error.format_message()


def _parameter(error: click.BadParameter) -> str:
    known = error.param
    if isinstance(known, click.Option):
        return " / ".join(known.opts)
    return known.name.upper() if known is not None and known.name else "参数"


def _allowed(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"；可选：{'、'.join(str(choice) for choice in kind.choices)}"
    if isinstance(kind, click.IntRange):
        return f"；应为 {kind.min} 至 {kind.max} 的整数"
    return ""


def write_document(text: str) -> None:
    """Data for machines: UTF-8 whatever the console's encoding."""
    write_bytes(text.encode("utf-8"))


def write_bytes(data: bytes) -> None:
    """Data for machines, byte for byte."""
    stream = sys.stdout.buffer
    stream.write(data)
    stream.flush()
