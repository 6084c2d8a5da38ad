"""judge template|import|overdue: supervisors' marks, the procedure, what is past its day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from supervise.cli.commands import FILE, FORMATS, HELP, everywhere, settings_of
from supervise.cli.console import error_text, write_bytes, write_document
from supervise.cli.ledger import named
from supervise.errors import UsageError

WRONG = 2
LIST_FORMATS = click.Choice(["text", "json", "xlsx"])


@click.group(
    context_settings=HELP, help="监管评分、调整、程序、异议、整改：生成工作簿、导入、逾期。"
)
def judge() -> None:
    """Group of judging commands."""


@judge.command(
    context_settings=HELP, help="生成评分工作簿：每家机构要评什么、现在怎样，留出填写处。"
)
@click.argument("period", metavar="2026Q3")
@click.option("--bank", "banks", multiple=True, metavar="CODE", help="只要这家机构，可多次写明。")
@click.option("-o", "--output", type=FILE, required=True, help="写到哪个 .xlsx 文件。")
@named
@everywhere
def template(**options: Any) -> int:
    """The workbook to be filled in."""
    from supervise.pipeline.judge.template import write_judge_template

    told = write_judge_template(
        options["period"],
        options["output"],
        options["banks"],
        options["ledger"],
        settings_of(options),
    )
    click.echo(told, err=True)
    return 0


@judge.command(
    "import", context_settings=HELP, help="检查并导入填好的评分工作簿；有一处不对即不导入。"
)
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只检查，不登记。")
@click.option("--on", metavar="2026-10-25", help="今天的日期；默认取本机日期。登记日期不得更晚。")
@click.option("--format", "form", type=FORMATS, default="text", help="输出格式。")
@named
@everywhere
def import_(**options: Any) -> int:
    """Everything checked first, all faults told at once."""
    from supervise.pipeline.judge.importing import import_judging, imported_json, imported_text

    settings = settings_of(options)
    found = import_judging(
        options["file"],
        options["ledger"],
        settings,
        today=_day(options["on"]),
        dry_run=options["dry_run"],
    )
    if options["form"] == "json":
        write_document(imported_json(found))
    else:
        for fault in found.faults:
            click.echo(error_text(fault, settings.lang), err=True)
        click.echo(imported_text(found, settings), err=True, nl=False)
    return WRONG if found.faults else 0


@judge.command(context_settings=HELP, help="列出各机构到期未了结的整改，逾期最久的在前。")
@click.option("--on", metavar="2026-10-25", help="截至哪一天；默认取本机日期。")
@click.option("--format", "form", type=LIST_FORMATS, default="text", help="输出格式。")
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@named
@everywhere
def overdue(**options: Any) -> int:
    """Open items past their day."""
    from supervise.pipeline.judge.overdue import overdue_data
    from supervise.pipeline.saving import write_output
    from supervise.pipeline.telling import written_text

    form, output = options["form"], options["output"]
    if form == "xlsx" and output is None:
        raise UsageError(
            "xlsx 格式需要写明文件",
            expected="-o FILE.xlsx",
            fix="加上 -o 逾期整改.xlsx。",
            code="output_missing",
        )
    data = overdue_data(options["ledger"], _day(options["on"]), form, settings_of(options))
    if output is not None:
        click.echo(written_text("overdue", write_output(output, data), options["lang"]), err=True)
    elif form == "json":
        write_bytes(data)
    else:
        click.echo(data.decode(), nl=False)
    return 0


def _day(text: str | None) -> date:
    try:
        if text is None:
            return datetime.now(UTC).astimezone().date()
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"日期写错：{text}", expected="如 2026-10-25", fix="改正 --on。", code="bad_day"
        ) from error
