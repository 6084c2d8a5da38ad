"""signoff: who answers for which evaluations."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from supervise.cli.commands import FILE, FORMATS, HELP, everywhere, settings_of
from supervise.cli.console import write_document
from supervise.cli.ledger import named
from supervise.errors import UsageError

if TYPE_CHECKING:
    from supervise.pipeline.signing.signoff import Asked, Told

EYES = click.IntRange(1, 9)


@click.command(context_settings=HELP, help="签发：把签发人与各机构评价文件的摘要绑定；或撤回签发。")
@click.argument("period", metavar="2026Q3")
@named
@click.option("--reports", type=FILE, required=True, help="evaluate -o 写出的结果文件夹。")
@click.option("--by", required=True, metavar="姓名", help="签发人。")
@click.option("--role", required=True, metavar="职务", help="签发人的职务。")
@click.option("--bank", "banks", multiple=True, metavar="编码", help="只签这些机构，可多次写明。")
@click.option("--on", metavar="2026-11-10", help="签发日期，默认今天。")
@click.option("--eyes", type=EYES, default=1, help="须由几个不同的人签发，默认 1。")
@click.option("--pkcs12", type=FILE, help="证书文件：另写一份电子签名的报告（口令见环境变量）。")
@click.option("--templates", type=FILE, help="本局的模板文件夹（签名外观 signature.*）。")
@click.option("--withdraw", is_flag=True, help="撤回签发，须写明 --reason。")
@click.option("--reason", default="", metavar="理由", help="撤回的理由。")
@click.option("--format", "form", type=FORMATS, default="text", help="输出格式。")
@everywhere
def signoff(**options: Any) -> int:
    """Bind a person to the digests of what was judged."""
    from supervise.pipeline.ledger.opening import require_ledger
    from supervise.pipeline.signing.signoff import asked_of
    from supervise.pipeline.signing.told import as_json, as_text, exit_code
    from supervise.record import replace

    lang = settings_of(options).lang
    who = {name: options[name] for name in ("by", "role", "on")}
    asked = asked_of(options["period"], options["reports"], today=_today(), **who)
    asked = replace(asked, banks=options["banks"], eyes=options["eyes"])
    with require_ledger(options["ledger"]) as ledger:
        act = _withdrawn if options["withdraw"] else _signed
        told = act(ledger, asked, options)
    if options["form"] == "json":
        write_document(as_json(told, asked, lang))
    else:
        click.echo(as_text(told, asked, lang), nl=False)
    return exit_code(told)


def _today() -> date:
    """The day on this desk, wherever it is."""
    return datetime.now().astimezone().date()


def _signed(ledger: Any, asked: Asked, options: dict[str, Any]) -> list[Told]:
    from supervise.pipeline.signing.signoff import sign_off

    if options["reason"]:
        raise UsageError(
            "--reason 只用于撤回",
            expected="--withdraw --reason 理由",
            fix="加上 --withdraw，或去掉 --reason。",
            code="reason_without_withdraw",
        )
    if options["pkcs12"] is None:
        return sign_off(ledger, asked)
    from supervise.pipeline.signing.reports import pen_of, sign_reports

    pen = pen_of(options["pkcs12"], asked, options["lang"], options["templates"])
    return [*sign_reports(sign_off(ledger, asked), asked, pen)]


def _withdrawn(ledger: Any, asked: Asked, options: dict[str, Any]) -> list[Told]:
    from supervise.pipeline.signing.reports import remove_signed
    from supervise.pipeline.signing.signoff import withdraw

    told = withdraw(ledger, asked, options["reason"])
    remove_signed(told, asked)
    return told
