"""check, diff, explain, verify: what a bank does before it files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supervise.cli.commands import FILE, HELP, everywhere, settings_of
from supervise.cli.console import coloured, error_text, wants_colour, write_bytes, write_document
from supervise.cli.rules import law_case
from supervise.errors import UsageError
from supervise.settings import LEDGER_VARIABLE

if TYPE_CHECKING:
    from supervise.pipeline.case import Outcome
    from supervise.pipeline.precheck.diff import Previous
    from supervise.pipeline.precheck.pieces import Tally
    from supervise.settings import Settings

OUTPUTS = click.Choice(["text", "json", "csv", "xlsx"])
TEXT_OR_JSON = click.Choice(["text", "json"])
PAGES = click.Choice(["text", "markdown", "json"])
FORMAT = "输出格式。"
HISTORY = "往期评价 JSON 所在文件夹。"
LEDGER = "台账：文件名或数据库地址（或环境变量 SUPERVISE_LEDGER）；只读取往期。"


@click.command(context_settings=HELP, help="报送前自查：能否报送、错在哪里、如何更正、得分多少。")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--format", "form", type=OUTPUTS, default="text", help=FORMAT)
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@click.option("--annotate", type=FILE, metavar="OUT.xlsx", help="另写一份标注了问题的报送件。")
@click.option(
    "--previous",
    type=FILE,
    multiple=True,
    metavar="FILE.xlsx",
    help="上一次的报送件，可多次写明，旧的在前；显示新增、已改、仍在、复发。",
)
@click.option("--proof", type=FILE, metavar="OUT.json", help="另写自检凭证。")
@click.option("--history", type=FILE, help=HISTORY)
@click.option("--ledger", metavar="URL", help=LEDGER)
@everywhere
def check(**options: Any) -> int:
    """The bank's pre-check; writes nothing unless asked."""
    from supervise.pipeline.case import known_history
    from supervise.pipeline.precheck.check import beside_previous, check_each
    from supervise.pipeline.precheck.pieces import Tally
    from supervise.pipeline.saving import keep_apart

    written = (options[name] for name in ("annotate", "proof", "output"))
    keep_apart((*options["files"], *options["previous"]), [path for path in written if path])
    _require_place(options)
    settings, history = settings_of(options), known_history(options["history"])
    tally, previous = Tally(), None
    with _ledger(options["ledger"]) as ledger:
        known: dict[str, Any] = {"history": history, "ledger": ledger}
        outcomes: Iterable[Outcome] = check_each(options["files"], settings, **known)
        if any(options[name] for name in ("previous", "annotate", "proof")):
            outcomes = list(outcomes)
            previous = beside_previous(outcomes, options["previous"], settings, **known)
            _write_beside(outcomes, previous, options)
        _show(tally, outcomes, previous, options)
    return tally.exit_code


def _require_place(options: dict[str, Any]) -> None:
    if options["form"] == "xlsx" and options["output"] is None:
        raise UsageError(
            "xlsx 格式需要写明文件",
            expected="-o FILE.xlsx",
            fix="加上 -o 校验发现.xlsx。",
            code="output_missing",
        )


def _ledger(option: str | None) -> AbstractContextManager[Any]:
    """The ledger that was named; nothing of it is loaded where none was."""
    if option is None and LEDGER_VARIABLE not in os.environ:
        return nullcontext()
    from supervise.pipeline.ledger.opening import open_ledger

    return open_ledger(option) or nullcontext()


def _write_beside(
    outcomes: Sequence[Outcome], previous: Previous | None, options: dict[str, Any]
) -> None:
    """The marked workbook and the proof, where asked for."""
    settings = settings_of(options)
    if options["annotate"] is not None:
        from supervise.pipeline.precheck.check import write_marked

        marks = previous.marks if previous is not None else {}
        marked = write_marked(outcomes, options["annotate"], settings, marks)
        _say_written("marked", marked, settings)
    if options["proof"] is not None:
        from supervise.pipeline.proof import write_proof

        _say_written("proof", write_proof(outcomes, options["proof"]), settings)


def _say_written(what: str, path: Path | None, settings: Settings) -> None:
    from supervise.pipeline.telling import written_text

    click.echo(written_text(what, path, settings.lang), err=True)


def _show(
    tally: Tally, outcomes: Iterable[Outcome], previous: Previous | None, options: dict[str, Any]
) -> None:
    """Each file as soon as it is checked; a file that was asked for is written whole."""
    from supervise.pipeline.precheck.pieces import Telling, data_pieces, text_pieces

    settings, form = settings_of(options), options["form"]
    for_people = form == "text" and options["output"] is None and wants_colour()
    styles: dict[str, Any] = {"style": coloured} if for_people else {}
    several = len(options["files"]) > 1
    telling = Telling(settings=settings, several=several, previous=previous, **styles)
    passing = tally.passing(outcomes)
    if options["output"] is not None:
        from supervise.pipeline.saving import write_output

        data = data_pieces(form, passing, telling)
        _say_written("result", write_output(options["output"], data, options["files"]), settings)
    elif form == "text":
        for text in text_pieces(passing, telling):
            click.echo(text, nl=False)
    else:
        for piece in data_pieces(form, passing, telling):
            write_bytes(piece)
    if form in ("csv", "xlsx"):
        click.echo(tally.summary(settings), err=True)


@click.command(context_settings=HELP, help="比较同一机构前后几次报送件：数据、发现、得分。")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="OLD.xlsx NEW.xlsx")
@click.option("--format", "form", type=TEXT_OR_JSON, default="text", help=FORMAT)
@click.option("--history", type=FILE, help=HISTORY)
@everywhere
def diff(**options: Any) -> int:
    """What changed between versions; more than two tell what recurred."""
    from supervise.pipeline.precheck.diff import diff_files

    settings = settings_of(options)
    result = diff_files(options["files"], settings, history=options["history"])
    if options["form"] == "json":
        write_document(result.as_json())
    else:
        styles = (coloured,) if wants_colour() else ()
        click.echo(result.as_text(settings, *styles), nl=False)
    return result.exit_code


@click.command(context_settings=HELP, help="说明一项校核或指标：是什么、为什么、怎样算、怎样更正。")
@click.argument("rule", metavar="编号")
@click.option("--format", "form", type=PAGES, default="text", help=FORMAT)
@law_case
@everywhere
def explain(**options: Any) -> int:
    """A rule's page."""
    from supervise.pipeline.law.explain import explain_text
    from supervise.pipeline.law.rules import RuleCase

    case = RuleCase(options["period"], options["bank_type"], options["province"])
    text = explain_text(options["rule"], case, settings_of(options), options["form"])
    if options["form"] == "text":
        click.echo(text, nl=False)
    else:
        write_document(text)
    return 0


@click.command(
    context_settings=HELP,
    help="核验报告、送达件、运行清单、评价 JSON、自检凭证：是否完好，重新评价是否得出同样结果。",
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--format", "form", type=TEXT_OR_JSON, default="text", help=FORMAT)
@click.option("--trust", type=FILE, help="受信任的根证书（PEM）：报告须有其签发的电子签名。")
@click.option("--acknowledge", type=FILE, help="送达件完好的，写出回执，交送达单位登记。")
@everywhere
def verify(**options: Any) -> int:
    """Whether documents are what was written, and come to the same result again."""
    from supervise.pipeline.verify.files import (
        as_json,
        exit_code,
        intact_line,
        summary,
        verify_files,
    )

    settings = settings_of(options)
    verified = verify_files(options["files"], settings, trust=options["trust"])
    if options["form"] == "json":
        write_document(as_json(verified))
        _acknowledge(verified, options)
        return exit_code(verified)
    for one in verified:
        if not one.faults:
            click.echo(intact_line(one, settings))
        for fault in one.faults:
            click.echo(error_text(fault, options["lang"]), err=True)
    if len(verified) > 1:
        click.echo(summary(verified, settings), err=True)
    _acknowledge(verified, options)
    return exit_code(verified)


def _acknowledge(verified: Any, options: dict[str, Any]) -> None:
    """A bank's receipt, if it was asked for and all is well."""
    if options["acknowledge"] is None or any(one.faults for one in verified):
        return
    from supervise.pipeline.verify.acknowledging import acknowledged_text

    today = datetime.now().astimezone().date().isoformat()
    files, receipt = options["files"], options["acknowledge"]
    told = acknowledged_text(verified, files, receipt, today, settings_of(options))
    click.echo(told, err=True)
