"""The group of commands, and how every fault ends: a message in four parts, an exit code."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import click

from supervise import __version__
from supervise.cli.commands import INTERRUPTED, doctor, evaluate, template
from supervise.cli.console import error_text, prepare_streams, said, usage_text
from supervise.cli.distribute import distribute, receipts
from supervise.cli.judge import judge
from supervise.cli.ledger import ledger
from supervise.cli.precheck import check, diff, explain, verify
from supervise.cli.quarter import history, status, summary
from supervise.cli.rules import rules
from supervise.cli.signoff import signoff
from supervise.errors import SuperviseError

OUR_FAULT = 70


@click.group(help="小微企业金融服务监管评价：空白报送表、报送前自查、评价与报告。")
@click.version_option(__version__, prog_name="supervise", help="显示版本后退出。")
@click.help_option(help="显示帮助后退出。")
@click.option("--debug", is_flag=True, help="出错时显示程序堆栈。")
def cli(debug: bool) -> None:
    """Root of all commands; ``main`` looks for ``debug`` itself, wherever it stands."""


COMMANDS = (
    template, check, diff, explain, evaluate, judge, status, summary, history, signoff,
    distribute, receipts, verify, rules, ledger, doctor,
)  # fmt: skip
for command in COMMANDS:
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command; ends the process with a documented exit code."""
    prepare_streams()
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(_guarded(arguments, "--debug" in given, language(given)))


def language(given: list[str]) -> str:
    """The language asked for, found without the command's own reading: that may be what failed."""
    asked = [one.partition("=")[2] for one in given if one.startswith("--lang=")]
    asked += [after for one, after in pairwise(given) if one == "--lang"]
    return asked[-1] if asked else "zh"


def _guarded(arguments: list[str] | None, debug: bool, lang: str) -> int:
    try:
        return _run(arguments, debug)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        click.echo(usage_text(error), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(said("已中断。", lang), err=True)
        return INTERRUPTED
    except SuperviseError as error:
        click.echo(error_text(error, lang), err=True)
        return error.exit_code
    except SystemExit:
        # click leaves this way, with 1, when whoever read our output stopped reading.
        return INTERRUPTED
    except Exception as error:
        return _our_fault(error, lang)


def _run(arguments: list[str] | None, debug: bool) -> int:
    try:
        result: Any = cli.main(arguments, standalone_mode=False)
    except Exception as error:
        if debug and not isinstance(error, click.ClickException | click.exceptions.Exit):
            import traceback

            traceback.print_exception(error)
        raise
    return result if isinstance(result, int) else 0


def _our_fault(error: Exception, lang: str) -> int:
    """One line for the user, everything else into a file."""
    import tempfile
    import traceback

    name = f"supervise-error-{type(error).__name__}.log"
    log = Path(tempfile.gettempdir()) / name
    try:
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        log = Path("（未能写出日志）")
    line = f"程序内部错误 {type(error).__name__}，这是程序的问题；日志：{log}"
    click.echo(said(line, lang), err=True)
    return OUR_FAULT
