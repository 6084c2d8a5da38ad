"""A bank as people name it → its code in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supervise.errors import UsageError

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

MOST_NAMED = 10


def code_of(ledger: Ledger, bank: str) -> str:
    """The code of a bank.

    Args:
        ledger: Where to look.
        bank: Its code, its name, or a part of its name that only one bank has.

    Raises:
        UsageError: ``bank_unknown`` or ``bank_ambiguous``.
    """
    from supervise.ledger.records import Filed

    if ledger.records(Filed, institutions=[bank]):
        return bank
    names: dict[str, str] = {code: one.name for code, one in ledger.records(Filed)}
    exact = [code for code, name in names.items() if name == bank]
    found = exact or [code for code, name in names.items() if bank and bank in name]
    if len(found) == 1:
        return found[0]
    told = "、".join(f"{code} {names[code]}" for code in sorted(found)[:MOST_NAMED])
    if not found:
        raise UsageError(
            f"台账里没有机构“{bank}”",
            expected="机构代码，或只有一家机构含有的名称",
            fix="检查代码或名称，以及 --ledger。",
            code="bank_unknown",
        )
    raise UsageError(
        f"名称含“{bank}”的机构有 {len(found)} 家",
        expected=f"机构代码，或只有一家机构含有的名称；现有：{told}",
        fix="写机构代码。",
        code="bank_ambiguous",
    )
