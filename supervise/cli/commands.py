"""template, evaluate, doctor; and what every command has."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from supervise.cli.console import coloured
from supervise.settings import Settings, overlay_from

if TYPE_CHECKING:
    from supervise.pipeline.run.items import Run

FILE = click.Path(path_type=Path)
RENDERING = 7
INTERRUPTED = 130
AUDIENCES = click.Choice(["bank", "internal"])
FORMATS = click.Choice(["text", "json"])
LEDGER = "登记到哪个台账并取其往期（文件名或 URL；或环境变量 SUPERVISE_LEDGER）。"
HELP = {"help_option_names": ["--help", "-h"]}
Command = TypeVar("Command", bound=Callable[..., Any])


def everywhere(command: Command) -> Command:
    """Options that every command has: overlay, language, tracebacks."""
    overlay = click.option(
        "--rulebook",
        "overlay",
        metavar="DIR",
        help="本局的规则覆盖文件夹（或环境变量 SUPERVISE_RULEBOOK）。",
    )
    lang = click.option("--lang", default="zh", show_default=True, help="输出语言：zh 或 en。")
    debug = click.option("--debug", is_flag=True, expose_value=False, help="出错时显示程序堆栈。")
    return overlay(lang(debug(command)))


def settings_of(options: dict[str, Any]) -> Settings:
    """Settings from the options that every command has."""
    return Settings(overlay=overlay_from(options["overlay"]), lang=options["lang"])


@click.command(context_settings=HELP, help="生成空白报送表，或列出全部数据项。")
@click.option("--period", required=True, metavar="2026Q3", help="报告期。")
@click.option("--bank-type", metavar="TYPE", help="机构类型，如 rural_commercial 或 农村商业银行。")
@click.option("-o", "--output", type=FILE, help="写到哪个 .xlsx 文件。")
@click.option("--values", type=FILE, help="按数据项编号预填的 JSON 或 CSV。")
@click.option("--items", is_flag=True, help="列出数据项编号、含义、单位、单元格。")
@click.option("--format", "form", type=FORMATS, default="text", help="--items 的格式。")
@everywhere
def template(**options: Any) -> int:
    """The blank submission workbook."""
    from supervise.pipeline.template import items_text, write_workbook

    overlay = overlay_from(options["overlay"])
    if options["items"]:
        click.echo(items_text(options["period"], options["form"], overlay), nl=False)
        return 0
    if options["output"] is None or options["bank_type"] is None:
        raise click.UsageError("生成报送表需要 --bank-type 和 -o。")
    path = write_workbook(
        options["period"], options["bank_type"], options["output"], options["values"], overlay
    )
    click.echo(f"已生成 {path}", err=True)
    return 0


@click.command(context_settings=HELP, help="评价一家或多家机构，生成报告、评价 JSON、索引和清单。")
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("-o", "--output", required=True, type=FILE, help="结果文件夹。")
@click.option("--period", metavar="2026Q3", help="本次收集的报告期；其他期的文件将被拒收。")
@click.option("--history", type=FILE, help="往期评价 JSON 所在文件夹。")
@click.option("--ledger", metavar="URL", help=LEDGER)
@click.option("--store", type=FILE, help="报送件原件存档文件夹，默认在 SQLite 台账旁。")
@click.option("--judgements", type=FILE, help="监管评分与核实调整（YAML）。")
@click.option("--opinions", type=FILE, help="改好的监管意见文件（YAML，初稿见 internal/）。")
@click.option("--proofs", type=FILE, help="各行自检凭证所在文件夹，逐家比对。")
@click.option("--audience", type=AUDIENCES, default="bank", help="给谁看：bank 或 internal。")
@click.option("--no-pdf", is_flag=True, help="不生成 PDF。")
@click.option("--no-files", is_flag=True, help="各家不出文件，结果只登记入账（需 --ledger）。")
@click.option("--html", is_flag=True, help="另生成 HTML 报告。")
@click.option("--templates", type=FILE, help="本局的报告模板文件夹。")
@click.option("--official", is_flag=True, help="所用规则有未核实的即拒绝出具。")
@click.option("--workers", type=click.IntRange(1, 64), help="并行进程数，默认处理器数。")
@click.option("--cluster", metavar="tcp://HOST:8786", help="改由 Dask 集群的工作机处理。")
@everywhere
def evaluate(**options: Any) -> int:
    """A regulator's run."""
    from supervise.cli.progress import Bar
    from supervise.cli.spreading import spread, workers_told
    from supervise.pipeline.run.evaluate import evaluate_many
    from supervise.pipeline.run.keeping import keeper_of
    from supervise.pipeline.run.log import RunLog
    from supervise.pipeline.run.told import exit_code, interrupted, progress_words, summary

    run = _run_of(options)
    bar = Bar(sys.stderr, progress_words(run)) if sys.stderr.isatty() else None
    watcher = RunLog(bar, workers_told(options))
    try:
        with (
            spread(options, run, options["paths"], watcher.again) as mapper,
            keeper_of(run) as keeper,
            watcher,
        ):
            rows = evaluate_many(options["paths"], run, mapper, keeper=keeper, watcher=watcher)
    except KeyboardInterrupt:
        click.echo("\n" * (bar is not None) + interrupted(run, watcher), err=True)
        return INTERRUPTED
    click.echo(summary(rows, run, keeper, watcher), err=True)
    return exit_code(rows)


def _run_of(options: dict[str, Any]) -> Run:
    """What the options of evaluate ask for."""
    from supervise.pipeline.outputs import Target
    from supervise.pipeline.run.items import Run
    from supervise.pipeline.run.keeping import keeping_of

    keeping = keeping_of(options["ledger"], options["store"])
    if options["no_files"] and keeping is None:
        raise click.UsageError("--no-files 只把结果登记入账，需要 --ledger。")
    target = Target(
        folder=options["output"],
        files=not options["no_files"],
        pdf=not (options["no_pdf"] or options["no_files"]),
        html=options["html"],
        audience=options["audience"],
        lang=options["lang"],
        templates=options["templates"],
    )
    return Run(
        settings=settings_of(options),
        target=target,
        history=options["history"],
        judgements=options["judgements"],
        expected=options["period"],
        official=options["official"],
        proofs=options["proofs"],
        opinions=options["opinions"],
        keeping=keeping,
    )


@click.command(context_settings=HELP, help="检查本机缺什么、如何补上。")
@everywhere
def doctor(**options: Any) -> int:
    """What this machine lacks."""
    from supervise.doctor import examine

    probes = examine(Path.cwd())
    for probe in probes:
        mark = coloured("✓", "good") if probe.ok else coloured("✗", "bad")
        click.echo(f"{mark} {probe.name}：{probe.detail}")
        if not probe.ok:
            click.echo(f"    处理：{probe.fix}")
    return 0 if all(probe.ok for probe in probes) else RENDERING
