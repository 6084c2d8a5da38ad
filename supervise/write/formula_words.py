"""A formula of the law as a sentence: names of items instead of ids, Chinese signs and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from supervise.core.formula import Binary, Call, Name, Node, Number, Text, Unary
from supervise.core.workings import infix

_WHEN = {"year_start": "年初", "year_ago": "上年同期", "last_year": "上年全年", "previous": "上期"}
_CALLS = {
    "min": "最小（{0}）",
    "max": "最大（{0}）",
    "sum": "各行{0}之和",
    "count": "{0} 的行数",
    "avg": "各行{0}的平均数",
    "share": "各行中 {0} 的占比",
    "any": "至少一行 {0}",
    "all": "各行均 {0}",
    "distinct": "各行{0}互不重复",
    "abs": "（{0}）的绝对值",
    "given": "已填“{0}”",
    "age_months": "自{0}至期末的月数",
    "months": "年初至期末的月数",
    "completed_share": "已过季度占全年之比",
    "days_between": "两日相隔天数（{0}）",
    "peer_reference": "同类机构参照值",
    "measure": "指标“{0}”的值",
    "annual_ago": "往年同一部分的值",
    "first_filing_blocking": "首次报送的阻断校核数",
    "first_filing_unanswered": "首次报送未作说明的校核数",
}
Names = Mapping[str, str]


def in_words(node: Node, names: Names, variables: Mapping[str, str] | None = None) -> str:
    """Print a formula for people.

    Args:
        node: Root of the formula.
        names: Id to Chinese name; an id without one stands as it is.
        variables: Values for ``{variable}`` in names of a check.
    """
    return _BY_KIND[type(node)](node, names, variables or {})


def _number(node: Number, names: Names, variables: Names) -> str:
    return node.text


def _text(node: Text, names: Names, variables: Names) -> str:
    if isinstance(node.value, bool):
        return "是" if node.value else "否"
    return f"“{names.get(node.value, node.value)}”"


def _name(node: Name, names: Names, variables: Names) -> str:
    name = node.id.format_map(variables) if variables and "{" in node.id else node.id
    return names.get(name, name)


def _unary(node: Unary, names: Names, variables: Names) -> str:
    sign = "并非 " if node.op == "not" else "−"
    text = in_words(node.operand, names, variables)
    return f"{sign}（{text}）" if isinstance(node.operand, Binary) else f"{sign}{text}"


def _binary(node: Binary, names: Names, variables: Names) -> str:
    return infix(node, lambda side: in_words(side, names, variables), "（）")


def _call(node: Call, names: Names, variables: Names) -> str:
    inner = [in_words(arg, names, variables) for arg in node.args]
    if node.name in _WHEN:
        bare = isinstance(node.args[0], Name)
        return f"{_WHEN[node.name]}{inner[0]}" if bare else f"{_WHEN[node.name]}（{inner[0]}）"
    if node.name == "if":
        return f"（{inner[0]} 时为 {inner[1]}，否则为 {inner[2]}）"
    if node.name == "small_sample_if":
        return inner[1]
    text = _CALLS.get(node.name, node.name + "（{0}）").format("，".join(inner))
    if node.where is None:
        return text
    return f"{text}（只计 {in_words(node.where, names, variables)} 的行）"


_BY_KIND: dict[type, Callable[..., str]] = {
    Number: _number,
    Text: _text,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
