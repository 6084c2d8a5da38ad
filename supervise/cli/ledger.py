"""ledger upgrade|export|verify: the record of all quarters, made, kept and proven."""

from __future__ import annotations

from typing import Any

import click

from supervise.cli.commands import FILE, FORMATS, HELP, everywhere, settings_of
from supervise.cli.console import write_bytes, write_document

BROKEN = 5
LEDGER = "台账：文件名，或 postgresql+psycopg://用户@主机/数据库（或环境变量 SUPERVISE_LEDGER）。"


@click.group(context_settings=HELP, help="台账：建立或升级、导出、核验。")
def ledger() -> None:
    """Group of ledger commands."""


def named(command: Any) -> Any:
    """The option that says which ledger."""
    return click.option("--ledger", metavar="URL", help=LEDGER)(command)


@ledger.command(context_settings=HELP, help="建立台账，或把旧台账升级到本程序的结构。")
@named
@everywhere
def upgrade(**options: Any) -> int:
    """Make it, or raise its schema; records stay as they are."""
    from supervise.pipeline.ledger.opening import upgrade_text

    click.echo(upgrade_text(options["ledger"], settings_of(options)), err=True)
    return 0


@ledger.command(context_settings=HELP, help="核验：每条记录是否与其摘要和前一条一致。")
@click.option("--head", metavar="摘要", help="清单所印的末端摘要：核对该次运行是否仍在台账里。")
@click.option("--format", "form", type=FORMATS, default="text", help="输出格式。")
@named
@everywhere
def verify(**options: Any) -> int:
    """Walk all chains; the first broken record of each is named."""
    from supervise.pipeline.ledger.opening import verify_text

    text, intact = verify_text(
        options["ledger"], settings_of(options), head=options["head"], form=options["form"]
    )
    write_document(text)
    return 0 if intact else BROKEN


@ledger.command(context_settings=HELP, help="导出为 JSON 行，按机构和标识排序。")
@click.option("-o", "--output", type=FILE, help="写到文件；不写明则写到标准输出。")
@click.option("--without-runs", is_flag=True, help="不含运行、写入时间和链上位置，便于比较。")
@click.option("--documents", is_flag=True, help="连同每份评价 JSON。")
@named
@everywhere
def export(**options: Any) -> int:
    """Everything, in an order that does not depend on when it was written."""
    from supervise.pipeline.ledger.opening import export_file, exported

    chosen = {"without_runs": options["without_runs"], "documents": options["documents"]}
    if options["output"] is None:
        for line in exported(options["ledger"], **chosen):
            write_bytes(line)
    else:
        told = export_file(options["ledger"], options["output"], settings_of(options), **chosen)
        click.echo(told, err=True)
    return 0
