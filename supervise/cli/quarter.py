"""status: who has filed for a period, and who has not."""

from __future__ import annotations

from typing import Any

import click

from supervise.cli.commands import FILE, HELP, everywhere, settings_of
from supervise.cli.console import coloured, wants_colour, write_bytes
from supervise.errors import UsageError

STATUS_FORMATS = click.Choice(["text", "json", "xlsx"])


@click.command(context_settings=HELP, help="谁已报送、谁被阻断、谁待说明、谁未报、谁逾期、谁重报。")
@click.argument("period", metavar="2026Q3")
@click.option("--register", type=FILE, required=True, help="应报机构名册（CSV 或 xlsx）。")
@click.option(
    "--run", "runs", type=FILE, multiple=True, help="evaluate 的结果文件夹，可多次写明，旧的在前。"
)
@click.option("--received", type=FILE, help="收文登记（CSV 或 xlsx：文件名、收到日期）。")
@click.option("--on", metavar="2026-10-25", help="截至哪一天；期限未到而未报的不算未报。")
@click.option("--format", "form", type=STATUS_FORMATS, default="text", help="输出格式。")
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@everywhere
def status(**options: Any) -> int:
    """Who has filed."""
    from supervise.pipeline.status import (
        Asked,
        exit_code,
        filings_of_runs,
        shown,
        status_of,
        write_status,
    )

    settings, form, output = settings_of(options), options["form"], options["output"]
    _require(options)
    filings = filings_of_runs(options["runs"], options["received"])
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
        click.echo(f"报送情况已写入 {write_status(output, data, read)}", err=True)
    elif form == "json":
        write_bytes(data)
    else:
        click.echo(data.decode(), nl=False)
    return exit_code(told)


def _require(options: dict[str, Any]) -> None:
    """A source of filings, and a file for what no terminal shows."""
    if not options["runs"]:
        raise UsageError(
            "没有写明报送情况从哪里来",
            expected="--run DIR（evaluate -o 的结果文件夹）",
            fix="加上 --run reports/2026Q3。",
            code="source_missing",
        )
    if options["form"] == "xlsx" and options["output"] is None:
        raise UsageError(
            "xlsx 格式需要写明文件",
            expected="-o FILE.xlsx",
            fix="加上 -o 报送情况.xlsx。",
            code="output_missing",
        )
