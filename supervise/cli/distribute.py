"""distribute, receipts: each bank its own parcel, once; who has it, who has not."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

from supervise.cli.commands import FILE, FORMATS, HELP, everywhere, settings_of
from supervise.cli.console import coloured, said, wants_colour, write_bytes
from supervise.cli.ledger import named
from supervise.errors import UsageError

NOT_ALL = 6
CHANNELS = click.Choice(["folder", "zip", "mail"])
RECEIPT_FORMATS = click.Choice(["text", "json", "xlsx"])
MAIL = "邮件设置（YAML；或环境变量 SUPERVISE_SMTP_*；口令只在环境变量或 0600 文件里）。"


@click.command(context_settings=HELP, help="把已签发的评价结果送达各机构，每家一份，只送一次。")
@click.argument("period", metavar="2026Q3")
@click.option(
    "--reports", type=FILE, multiple=True, help="签发时的 evaluate 结果文件夹，可多次写明。"
)
@click.option("--recipients", type=FILE, required=True, help="收件名单（CSV 或 xlsx）。")
@click.option("--via", type=CHANNELS, default="folder", help="送达方式。")
@click.option("-o", "--output", type=FILE, help="各机构文件夹所在处（folder、zip）。")
@click.option("--eyes", type=click.IntRange(1, 9), default=1, help="须由几个不同的人签发，默认 1。")
@click.option("--passphrases", type=FILE, help="各机构口令（机构代码、口令；权限 0600）。")
@click.option("--smtp", type=FILE, help=MAIL)
@click.option("--smtp-ca", metavar="FILE", help="本单位自建的 CA 证书（PEM）。")
@click.option("--per-minute", metavar="N", help="每分钟最多几封邮件。")
@click.option("--templates", type=FILE, help="本局的模板文件夹（送达函）。")
@click.option("--resend", metavar="机构代码", multiple=True, help="同一份再送一次，可多次写明。")
@click.option("--reason", help="再送的原因；与 --resend 同用。")
@click.option("--remind", is_flag=True, help="只发邮件提醒尚未签收的机构。")
@click.option("--dry-run", is_flag=True, help="预演：逐家备好并核对，不写台账，不送出。")
@click.option("--format", "form", type=FORMATS, default="text", help="输出格式。")
@named
@everywhere
def distribute(**options: Any) -> int:
    """Send, or show what would be sent."""
    from supervise.pipeline.distribution.shown import shown

    settings, form = settings_of(options), options["form"]
    sent = _reminded(options) if options["remind"] else _distributed(options)
    styles = (coloured,) if form == "text" and wants_colour() else ()
    write_bytes(shown(sent, form, settings, *styles))
    return 0 if sent.well else NOT_ALL


def _distributed(options: dict[str, Any]) -> Any:
    from supervise.pipeline.distribution.distribute import distribute as send
    from supervise.pipeline.distribution.inputs import Asked

    _require(options)
    asked = Asked(
        period=options["period"],
        ledger=options["ledger"],
        reports=options["reports"],
        recipients=options["recipients"],
        via=options["via"],
        output=options["output"],
        settings=settings_of(options),
        eyes=options["eyes"],
        resend=dict.fromkeys(options["resend"], options["reason"]),
        rehearsal=options["dry_run"],
        passphrases=options["passphrases"],
        mail=options["smtp"],
        mail_given=_mail(options),
        templates=options["templates"],
    )
    progress = partial(_progress, options["lang"]) if sys.stderr.isatty() else None
    return send(asked, progress=progress)


def _reminded(options: dict[str, Any]) -> Any:
    from supervise.pipeline.distribution.reminding import Reminding, remind

    return remind(
        Reminding(
            period=options["period"],
            ledger=options["ledger"],
            recipients=options["recipients"],
            settings=settings_of(options),
            rehearsal=options["dry_run"],
            mail=options["smtp"],
            mail_given=_mail(options),
        )
    )


def _mail(options: dict[str, Any]) -> dict[str, str]:
    given = {"ca": options["smtp_ca"], "per_minute": options["per_minute"]}
    return {key: value for key, value in given.items() if value is not None}


def _progress(lang: str, done: int, total: int) -> None:
    click.echo("\r" + said(f"已处理 {done}/{total}", lang), err=True, nl=done == total)


def _require(options: dict[str, Any]) -> None:
    """What belongs together on the command line."""
    lacking = {
        "--reports DIR": not options["reports"],
        "-o DIR": options["via"] != "mail" and options["output"] is None,
        "--reason TEXT": options["resend"] and not (options["reason"] or "").strip(),
        "--resend 机构代码": options["reason"] is not None and not options["resend"],
    }
    missing = [name for name, lacks in lacking.items() if lacks]
    if missing:
        raise UsageError(
            f"缺少 {'、'.join(missing)}",
            expected="签发时的结果文件夹；folder、zip 的去处；再送须写明机构和原因",
            fix="补上；写法见 supervise distribute --help。",
            code="option_missing",
        )


class _PeriodOrCommand(click.Group):
    """``receipts 2026Q3`` shows; ``receipts import FILE`` takes in."""

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        """Without the name of a command it is a period, wherever the options stand."""
        if args and args[0] not in ("--help", "-h"):
            command = next((one for one in args if one in self.commands), "show")
            args = [command, *(one for one in args if one != command)]
        return super().parse_args(context, args)


@click.group(
    cls=_PeriodOrCommand,
    context_settings=HELP,
    subcommand_metavar="2026Q3 | import FILE…",
    help="送达与回执：receipts 2026Q3 列出谁已收到、谁未签收；receipts import FILE 登记回执。",
)
def receipts() -> None:
    """Group of receipt commands."""


@receipts.command(
    context_settings=HELP, help="谁已收到、谁被拒收、谁待确认、谁未签收。", hidden=True
)
@click.argument("period", metavar="2026Q3")
@click.option("--format", "form", type=RECEIPT_FORMATS, default="text", help="输出格式。")
@click.option("-o", "--output", type=FILE, help="写到文件；xlsx 必须写明。")
@named
@everywhere
def show(**options: Any) -> int:
    """Who has its report."""
    from supervise.pipeline.distribution.receipts import receipts as rows_of
    from supervise.pipeline.distribution.receipts import shown
    from supervise.pipeline.saving import write_output
    from supervise.pipeline.telling import written_text

    form, output = options["form"], options["output"]
    if form == "xlsx" and output is None:
        raise UsageError(
            "xlsx 格式需要写明文件",
            expected="-o FILE.xlsx",
            fix="加上 -o 送达情况.xlsx。",
            code="output_missing",
        )
    rows = rows_of(options["period"], options["ledger"])
    styles = (coloured,) if form == "text" and output is None and wants_colour() else ()
    data = shown(options["period"], rows, form, settings_of(options), *styles)
    if output is not None:
        path = write_output(output, data)
        click.echo(written_text("deliveries", path, options["lang"]), err=True)
    else:
        write_bytes(data)
    return 0


@receipts.command("import", context_settings=HELP, help="登记回执：机构的回执文件，或回执登记表。")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…")
@named
@everywhere
def take(**options: Any) -> int:
    """Take receipts in."""
    from supervise.pipeline.distribution.receipts import taken_text

    told = taken_text(options["files"], options["ledger"], settings_of(options))
    click.echo(told, err=True)
    return 0
