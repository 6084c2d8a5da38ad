"""status, summary, history: a quarter and the quarters before, as run or ledger tell them."""

from __future__ import annotations

import os
from typing import Any

import click

from supervise.cli.commands import FILE, HELP, everywhere, settings_of
from supervise.cli.console import coloured, wants_colour, write_bytes
from supervise.cli.ledger import named
from supervise.errors import UsageError
from supervise.settings import LEDGER_VARIABLE

STATUS_FORMATS = click.Choice(["text", "json", "xlsx"])


@click.command(context_settings=HELP, help="谁已报送、谁被阻断、谁待说明、谁未报、谁逾期、谁重报。")
@click.argument("period", metavar="2026Q3")
@click.option("--register", type=FILE, required=True, help="应报机构名册（CSV 或 xlsx）。")
@click.option(
    "--run", "runs", type=FILE, multiple=True, help="evaluate 的结果文件夹，可多次写明，旧的在前。"
)
@named
@click.option("--received", type=FILE, help="收文登记（CSV 或 xlsx：文件名、收到日期）。")
@click.option("--on", metavar="2026-10-25", help="截至哪一天；期限未到而未报的不算未报。")
@click.option("--format", "form", type=STATUS_FORMATS, default="text", help="输出格式。")
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@everywhere
def status(**options: Any) -> int:
    """Who has filed."""
    from supervise.pipeline.quarter.status import (
        Asked,
        exit_code,
        filings_of_ledger,
        filings_of_runs,
        shown,
        status_of,
    )
    from supervise.pipeline.saving import write_output
    from supervise.pipeline.telling import written_text

    settings, form, output = settings_of(options), options["form"], options["output"]
    _require(options)
    filings = []
    if options["ledger"] is not None or not options["runs"]:
        filings += filings_of_ledger(options["ledger"], options["period"], options["received"])
    filings += filings_of_runs(options["runs"], options["received"])
    asked = Asked(
        period=options["period"],
        register=options["register"],
        settings=settings,
        on=options["on"],
    )
    told = status_of(asked, filings)
    styles = (coloured,) if form == "text" and output is None and wants_colour() else ()
    data = shown(told, form, settings, *styles)
    if output is not None:
        read = [path for path in (options["register"], options["received"]) if path is not None]
        path = write_output(output, data, read)
        click.echo(written_text("status", path, options["lang"]), err=True)
    elif form == "json":
        write_bytes(data)
    else:
        click.echo(data.decode(), nl=False)
    return exit_code(told)


def _require(options: dict[str, Any]) -> None:
    """A source of filings, and a file for what no terminal shows."""
    if not (options["runs"] or options["ledger"] or os.environ.get(LEDGER_VARIABLE)):
        raise UsageError(
            "没有写明报送情况从哪里来",
            expected="--ledger URL（台账），或 --run DIR（evaluate -o 的结果文件夹）",
            fix="加上 --ledger quarter.db，或 --run reports/2026Q3。",
            code="source_missing",
        )
    _require_output(options["form"], options["output"])


def _require_output(form: str, output: object) -> None:
    if form == "xlsx" and output is None:
        raise UsageError(
            "xlsx 格式需要写明文件",
            expected="-o FILE.xlsx",
            fix="加上 -o 文件名.xlsx。",
            code="output_missing",
        )


@click.command(context_settings=HELP, help="由台账汇总一期：排名表和区域汇总报告，不重新评价。")
@click.argument("period", metavar="2026Q3")
@named
@click.option("-o", "--output", required=True, type=FILE, help="写到哪个文件夹（内部资料）。")
@click.option("--register", type=FILE, help="应报机构名册：列出谁尚未报送，另写一份报送情况表。")
@click.option("--received", type=FILE, help="收文登记（CSV 或 xlsx：文件名、收到日期）。")
@click.option("--on", metavar="2026-10-25", help="截至哪一天；期限未到而未报的不算未报。")
@click.option("--no-pdf", is_flag=True, help="只写排名表，不生成 PDF。")
@click.option("--templates", type=FILE, help="本局的报告模板文件夹。")
@everywhere
def summary(**options: Any) -> int:
    """League table and regional summary of what stands in the ledger."""
    from supervise.pipeline.outputs import Target
    from supervise.pipeline.quarter.status import exit_code
    from supervise.pipeline.quarter.summary import SummaryAsked, summarise, summary_text

    settings = settings_of(options)
    asked = SummaryAsked(
        period=options["period"],
        ledger=options["ledger"],
        settings=settings,
        target=Target(
            folder=options["output"],
            pdf=not options["no_pdf"],
            lang=settings.lang,
            templates=options["templates"],
        ),
        register=options["register"],
        received=options["received"],
        on=options["on"],
    )
    found = summarise(asked)
    click.echo(summary_text(found, asked), err=True, nl=False)
    return exit_code(found.status) if found.status is not None else 0


@click.command(context_settings=HELP, help="一家机构的各期：报送、评价、评分与整改，取自台账。")
@click.argument("bank", metavar="机构代码或名称")
@named
@click.option("--quarters", type=click.IntRange(1, 40), default=8, show_default=True, help="期数。")
@click.option("--format", "form", type=STATUS_FORMATS, default="text", help="输出格式。")
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@everywhere
def history(**options: Any) -> int:
    """The quarters of a bank."""
    from supervise.pipeline.quarter.history import bank_history, shown
    from supervise.pipeline.saving import write_output
    from supervise.pipeline.telling import written_text

    form, output = options["form"], options["output"]
    _require_output(form, output)
    settings = settings_of(options)
    told = bank_history(options["ledger"], options["bank"], options["quarters"], settings)
    data = shown(told, form, settings)
    if output is not None:
        click.echo(written_text("history", write_output(output, data), options["lang"]), err=True)
    elif form == "json":
        write_bytes(data)
    else:
        click.echo(data.decode(), nl=False)
    return 0
