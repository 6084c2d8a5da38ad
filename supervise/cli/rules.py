"""rules lint|list|show|test|freeze: is the rulebook sound, what does it say, peers frozen."""

from __future__ import annotations

from typing import Any

import click

from supervise.cli.commands import FILE, FORMATS, HELP, everywhere, settings_of
from supervise.cli.ledger import named

WRONG = 4
USUAL_TYPE = "rural_commercial"


@click.group(context_settings=HELP, help="评价规则：检查、列出、查看、运行示例、冻结同业参照值。")
def rules() -> None:
    """Group of rulebook commands."""


def law_case(command: Any) -> Any:
    """Options that say which bank and period the law is wanted for."""
    period = click.option("--period", default="2026Q3", show_default=True, help="报告期。")
    kind = click.option("--bank-type", default=USUAL_TYPE, show_default=True, help="机构类型。")
    place = click.option("--province", default="330000", show_default=True, help="省份编码。")
    return period(kind(place(command)))


@rules.command(context_settings=HELP, help="检查规则和报表定义，列出全部问题。")
@everywhere
def lint(**options: Any) -> int:
    """Every fault of the law, with file and line."""
    from supervise.pipeline.law.rules import lint_text

    text, problems = lint_text(settings_of(options))
    click.echo(text, nl=False)
    return WRONG if problems else 0


@rules.command("list", context_settings=HELP, help="列出指标、校核和参数。")
@click.option("--format", "form", type=FORMATS, default="text", help="输出格式。")
@law_case
@everywhere
def list_rules(**options: Any) -> int:
    """Ids, names, points and provenance."""
    from supervise.pipeline.law.rules import RuleCase, list_text

    case = RuleCase(options["period"], options["bank_type"], options["province"])
    click.echo(list_text(case, settings_of(options), options["form"]), nl=False)
    return 0


@rules.command(context_settings=HELP, help="查看一个指标、校核或参数。")
@click.argument("rule", metavar="编号")
@law_case
@everywhere
def show(**options: Any) -> int:
    """One rule in full."""
    from supervise.pipeline.law.rules import RuleCase, show_text

    case = RuleCase(options["period"], options["bank_type"], options["province"])
    click.echo(show_text(options["rule"], case, settings_of(options)), nl=False)
    return 0


@rules.command(context_settings=HELP, help="运行规则文件中的全部示例。")
@everywhere
def test(**options: Any) -> int:
    """Worked examples, run."""
    from supervise.pipeline.law.rules import test_text

    text, failed = test_text(settings_of(options))
    click.echo(text, nl=False)
    return WRONG if failed else 0


@rules.command(context_settings=HELP, help="冻结一期的同业参照值：记入台账，并写成规则数据。")
@click.argument("period", metavar="2026Q3")
@named
@click.option("-o", "--output", type=FILE, help="写到哪个叠加规则文件夹（或 .yaml 文件）。")
@click.option("--reason", default="", help="数值有变而重新冻结的理由。")
@everywhere
def freeze(**options: Any) -> int:
    """Peer values of a period, as they stand in the ledger now."""
    from supervise.pipeline.law.freezing import freeze, frozen_text, written_text

    settings = settings_of(options)
    found = freeze(options["ledger"], options["period"], settings, reason=options["reason"])
    click.echo(frozen_text(found, settings), nl=False)
    if options["output"] is not None:
        click.echo(written_text(found, options["output"], settings), err=True)
    return 0
