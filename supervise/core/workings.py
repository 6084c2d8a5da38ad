"""A formula with its numbers in place: ``1,204.00万元 ÷ 98,310.55万元``.

Amounts print in 万元, ratios as percentages; the cells stand in the trace beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.exact import bare, fixed, rounded
from supervise.core.formula import (
    PERIOD_WORDS,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Text,
    Unary,
    walk,
)
from supervise.core.frame import UNTRACED, Absent, Frame, Result
from supervise.core.layout import AsOf
from supervise.core.model import NOTHING
from supervise.core.world import Book

Say = Callable[[str], str]
_YUAN_PRINTED = "10000"
"""Yuan to the unit that amounts print in: a text, for a language may print in its own."""
MOST_ROWS = 6
_SIGNS = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "and": "且", "or": "或"}
_BINDS = {"or": 1, "and": 2, "=": 4, "!=": 4, "<": 4, ">": 4, "<=": 4, ">=": 4}
_BINDS |= {"+": 5, "-": 5, "*": 6, "/": 6}
_COMPARING = frozenset({"or", "and", "=", "!=", "<", ">", "<=", ">="})
_FIXED = {"count": "count", "share": "ratio", "age_months": "", "days_between": "days"}
_FIXED |= {"multiple_of": ""}
_WORDS = {
    "min": "最小",
    "max": "最大",
    "sum": "合计",
    "count": "个数",
    "avg": "平均",
    "share": "占比",
    "abs": "绝对值",
}


def workings(node: Node, book: Book, frame: Frame) -> str:
    """Print a tree with the numbers it was computed from."""
    return _BY_KIND[type(node)](node, book, frame)


def whole(node: Node, book: Book, frame: Frame) -> str:
    """A whole formula with its numbers: what only names, guards or dates it is looked through."""
    while True:
        if isinstance(node, Name) and node.id in book.rulebook.definitions:
            node = book.rulebook.definitions[node.id].tree
        elif isinstance(node, Call) and node.name == "small_sample_if":
            node = node.args[1]
        elif isinstance(node, Call) and node.name in PERIOD_WORDS:
            word: AsOf = node.name  # type: ignore[assignment]  # period words are as-of names
            node, frame = node.args[0], frame.at(word)
        else:
            return workings(node, book, frame)


def printed(value: Result, unit: str, say: Say = str) -> str:
    """A value as people write it, in the unit given.

    Args:
        value: In base units.
        unit: A unit of the law or of a form.
        say: Puts a Chinese text of the core into the language of the law.
    """
    if isinstance(value, Absent):
        return say("（无）")
    if isinstance(value, bool):
        return say("是" if value else "否")
    if isinstance(value, str | date):
        return say(str(value))
    if unit == "yuan":
        return _money(value, say)
    text, figure = _NUMBERS.get(unit, _PLAIN)
    return say(text).format(n=figure(value))


def _money(value: Fraction, say: Say) -> str:
    """An amount to the last digit of the form: of a hundred yuan."""
    unit = int(say(_YUAN_PRINTED))
    above, below = value.as_integer_ratio()
    return say("{n}万元").format(n=fixed(above, below * unit, len(str(unit)) - 3))


def unit_of(node: Node, book: Book, binding: Mapping[str, str] = NOTHING) -> str:
    """The unit a tree computes in, as far as its leaves tell; empty for a plain number."""
    if isinstance(node, Name):
        name = node.id.format_map(binding) if "{" in node.id else node.id
        return _unit_of_name(name, book)
    if isinstance(node, Unary):
        return unit_of(node.operand, book, binding)
    if isinstance(node, Binary):
        sides = unit_of(node.left, book, binding), unit_of(node.right, book, binding)
        return _unit_of_two(node.op, *sides)
    if isinstance(node, Call) and node.name in _FIXED:
        return _FIXED[node.name]
    if isinstance(node, Call) and node.args:
        first = node.args[1 if node.name in ("if", "small_sample_if") else 0]
        return unit_of(first, book, binding)
    return ""


def _unit_of_two(op: str, left: str, right: str) -> str:
    if op in _COMPARING:
        return ""
    if op == "/":
        return "ratio" if left == right else left
    plain = ("", "ratio") if op == "*" else ("",)
    return right if left in plain and right else left


def _unit_of_name(name: str, book: Book) -> str:
    item = book.rulebook.forms.items.get(name)
    if item is not None:
        return item.unit
    definition = book.rulebook.definitions.get(name)
    if definition is not None:
        return unit_of(definition.tree, book)
    parameter = book.rulebook.parameters.get(name)
    return parameter.unit if parameter is not None else ""


def _number(node: Number, book: Book, frame: Frame) -> str:
    return book.rulebook.say(node.text)


def _text(node: Text, book: Book, frame: Frame) -> str:
    return printed(node.value, "", book.rulebook.say)


def _name(node: Name, book: Book, frame: Frame) -> str:
    value = book.lookup(node.id, frame.unseen())
    return printed(value, _unit_of_name(node.id, book), book.rulebook.say)


def _unary(node: Unary, book: Book, frame: Frame) -> str:
    if node.op == "not":
        inner = workings(node.operand, book, frame)
        return book.rulebook.say("非（{text}）").format(text=inner)
    return f"−{_grouped(node.operand, book, frame)}"


def infix(node: Binary, said: Callable[[Node], str], brackets: str = "()", say: Say = str) -> str:
    """Two sides with their sign between, a side in brackets where it binds less."""
    strength = _BINDS[node.op]
    left = _side(node.left, strength, said, brackets)
    right = _side(node.right, strength + (node.op in "-/"), said, brackets)
    return f"{left} {say(_SIGNS.get(node.op, node.op))} {right}"


def _side(node: Node, strength: int, said: Callable[[Node], str], brackets: str) -> str:
    weaker = isinstance(node, Binary) and _BINDS[node.op] < strength
    return f"{brackets[0]}{said(node)}{brackets[1]}" if weaker else said(node)


def _binary(node: Binary, book: Book, frame: Frame) -> str:
    return infix(node, lambda side: workings(side, book, frame), say=book.rulebook.say)


def _call(node: Call, book: Book, frame: Frame) -> str:
    if node.name in PERIOD_WORDS:
        word: AsOf = node.name  # type: ignore[assignment]  # period words are as-of names
        return _grouped(node.args[0], book, frame.at(word))
    if node.name == "if":
        condition = compute(node.args[0], book, frame.unseen())
        return _grouped(node.args[1 if condition is True else 2], book, frame)
    if node.name == "small_sample_if":
        return _grouped(node.args[1], book, frame)
    rows = _row_values(node, book, frame)
    if rows is not None:
        return rows
    say = book.rulebook.say
    if node.name in ("min", "max", "abs"):
        inner = say("，").join(workings(arg, book, frame) for arg in node.args)
        return f"{say(_WORDS[node.name])}({inner})"
    return printed(compute(node, book, frame.unseen()), unit_of(node, book), say)


def _grouped(node: Node, book: Book, frame: Frame) -> str:
    text = workings(node, book, frame)
    return f"({text})" if isinstance(node, Binary) else text


def _row_values(node: Call, book: Book, frame: Frame) -> str | None:
    """The rows that an aggregate ran over, the first few in full."""
    names = frozenset(n.id for n in walk(node) if isinstance(n, Name))
    rows, _ = book.rows(names)
    if rows is None or isinstance(rows, Absent) or len(node.args) != 1:
        return None
    say, shown = book.rulebook.say, list[str]()
    for row in rows:
        inner = frame.of_row(row, UNTRACED)
        if node.where is not None and compute(node.where, book, inner) is not True:
            continue
        value = compute(node.args[0], book, inner)
        shown.append(printed(value, unit_of(node.args[0], book), say))
    listed = say("，").join(shown[:MOST_ROWS])
    more = say(" …共 {n} 行").format(n=len(shown)) if len(shown) > MOST_ROWS else ""
    return f"{say(_WORDS.get(node.name, node.name))}({listed}{more})"


def _plain(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return bare(rounded(value, 4))


_PLAIN: tuple[str, Callable[[Fraction], str]] = ("{n}", _plain)
_NUMBERS: dict[str, tuple[str, Callable[[Fraction], str]]] = {
    "ratio": ("{n}%", lambda value: fixed(value.numerator * 100, value.denominator, 2)),
    "pp": ("{n}个百分点", lambda value: fixed(value.numerator * 100, value.denominator, 2)),
    "bp": ("{n}BP", lambda value: fixed(value.numerator, value.denominator, 1)),
}
_BY_KIND: dict[type, Callable[..., str]] = {
    Number: _number,
    Text: _text,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
