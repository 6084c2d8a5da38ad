"""The formula language of the law: text → tree, with a column in every message.

Own tokenizer and precedence parser, never ``eval``. Numbers stay exact (``10%`` is 1/10,
``1.5亿`` is 150,000,000). What a formula means is in ``core/compute.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import NoReturn

from supervise.core.derived import Runnable, Worded
from supervise.core.tokens import SCALES, tokenise
from supervise.errors import RulebookError
from supervise.record import record

MAX_LENGTH = 2000
MAX_DEPTH = 50
MAX_TOKENS = 300
AGGREGATES = frozenset({"min", "max", "sum", "count", "avg", "share", "any", "all"})
PERIOD_WORDS = frozenset({"year_start", "year_ago", "last_year", "previous"})
_OF_ONE: tuple[str, ...] = ("sum", "count", "avg", "share", "any", "all", "distinct", "abs")
_OF_ONE += ("given", "age_months", "peer_reference", "measure", *sorted(PERIOD_WORDS))
_OF_NONE = ("months", "completed_share", "first_filing_blocking", "first_filing_unanswered")
FUNCTIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(_OF_NONE, (0, 0)),
    **dict.fromkeys(_OF_ONE, (1, 1)),
    **dict.fromkeys(("days_between", "multiple_of", "small_sample_if", "annual_ago"), (2, 2)),
    "min": (1, 9),
    "max": (1, 9),
    "if": (3, 3),
}
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_WORDS = frozenset({"and", "or", "not", "where", "true", "false"})


@record
class Number(Runnable):
    """A literal, exact; ``text`` as written."""

    value: Fraction
    text: str


@record
class Text(Runnable):
    """A text literal or ``true``/``false``."""

    value: str | bool


@record
class Name(Runnable):
    """An item, definition, parameter or local; may hold ``{variable}`` in a check."""

    id: str


@record
class Unary(Runnable):
    """``-x`` or ``not x``."""

    op: str
    operand: Node


@record
class Binary(Runnable):
    """Arithmetic, comparison, ``and``, ``or``."""

    op: str
    left: Node
    right: Node


@record
class Call(Runnable):
    """A function; ``where`` only in an aggregate over rows."""

    name: str
    args: tuple[Node, ...]
    where: Node | None = None


Node = Number | Text | Name | Unary | Binary | Call


@record
class Expression(Worded):
    """A parsed formula; equal texts are equal expressions."""

    text: str
    tree: Node

    def names(self) -> frozenset[str]:
        """Every name it uses, templates with their ``{variable}`` in place."""
        return frozenset(node.id for node in walk(self.tree) if isinstance(node, Name))

    def functions(self) -> frozenset[str]:
        """Every function it calls."""
        return frozenset(node.name for node in walk(self.tree) if isinstance(node, Call))


def walk(node: Node) -> Iterator[Node]:
    """Every node below and including ``node``, in reading order."""
    yield node
    if isinstance(node, Unary):
        yield from walk(node.operand)
    elif isinstance(node, Binary):
        yield from walk(node.left)
        yield from walk(node.right)
    elif isinstance(node, Call):
        for arg in node.args:
            yield from walk(arg)
        if node.where is not None:
            yield from walk(node.where)


@cache
def parse(text: str, *, where: str = "") -> Expression:
    """Read a formula.

    Args:
        text: The formula as the law file writes it.
        where: File and line, for the message.

    Raises:
        RulebookError: Not a formula; the message shows the column.

    Example:
        >>> parse("1 + 2 * 10%").tree.op
        '+'
    """
    return Expression(text, _Parser(text, where).whole())


class _Parser:
    """Recursive descent over the token list; one instance per formula."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        if len(text) > MAX_LENGTH:
            self.fail(0, f"公式超过 {MAX_LENGTH} 个字符", "拆成几个 definitions。")
        self.tokens = list(tokenise(text))
        if self.tokens and self.tokens[-1].kind == "bad":
            bad = self.tokens[-1]
            self.fail(bad.column, f"不认识的字符 {bad.text!r}", "删去，或改用半角符号。")
        if len(self.tokens) > MAX_TOKENS:
            self.fail(0, f"公式超过 {MAX_TOKENS} 个记号", "拆成几个 definitions。")
        self.at = 0
        self.depth = 0

    def fail(self, column: int, what: str, fix: str) -> NoReturn:
        line = self.text.replace("\n", " ")
        raise RulebookError(
            f"公式有误：{what}",
            where=f"{self.where} 第 {column + 1} 列".strip(),
            expected=f"{line}\n{' ' * column}^",
            fix=fix,
            code="formula_invalid",
        )

    def peek(self, *ops: str) -> bool:
        if self.at >= len(self.tokens):
            return False
        kind, text, _, _ = self.tokens[self.at]
        return kind in ("op", "name") and text in ops

    def take(self, *ops: str) -> str | None:
        if not self.peek(*ops):
            return None
        self.at += 1
        return self.tokens[self.at - 1][1]

    def column(self) -> int:
        return self.tokens[self.at][3] if self.at < len(self.tokens) else len(self.text)

    def expect(self, op: str) -> None:
        if not self.take(op):
            self.fail(self.column(), f"此处应有 {op!r}", f"补上 {op}。")

    def whole(self) -> Node:
        node = self.any_of()
        if self.at < len(self.tokens):
            self.fail(self.column(), f"多余的 {self.tokens[self.at][1]!r}", "删去，或补上运算符。")
        return node

    def any_of(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.column(), f"嵌套超过 {MAX_DEPTH} 层", "拆成几个 definitions。")
        node = self.all_of()
        while self.take("or"):
            node = Binary("or", node, self.all_of())
        self.depth -= 1
        return node

    def all_of(self) -> Node:
        node = self.negated()
        while self.take("and"):
            node = Binary("and", node, self.negated())
        return node

    def negated(self) -> Node:
        turns = 0
        while self.take("not"):
            turns += 1
        node = self.comparison()
        return Unary("not", node) if turns % 2 else node

    def comparison(self) -> Node:
        node = self.total()
        op = self.take(*_COMPARISONS)
        if op is None:
            return node
        node = Binary(op, node, self.total())
        if self.peek(*_COMPARISONS):
            self.fail(self.column(), "比较不能连写", "用 and 连接两个比较。")
        return node

    def total(self) -> Node:
        node = self.product()
        while op := self.take("+", "-"):
            node = Binary(op, node, self.product())
        return node

    def product(self) -> Node:
        node = self.signed()
        while op := self.take("*", "/"):
            node = Binary(op, node, self.signed())
        return node

    def signed(self) -> Node:
        turns = 0
        while self.take("-"):
            turns += 1
        node = self.percent()
        return Unary("-", node) if turns % 2 else node

    def percent(self) -> Node:
        node = self.primary()
        while self.take("%"):
            if isinstance(node, Number):
                node = Number(node.value / 100, node.text + "%")
            else:
                node = Binary("/", node, Number(Fraction(100), "100"))
        return node

    def primary(self) -> Node:
        if self.take("("):
            node = self.any_of()
            self.expect(")")
            return node
        if self.at >= len(self.tokens):
            self.fail(len(self.text), "公式没有写完", "补全公式。")
        kind, text, scale, column = self.tokens[self.at]
        if kind == "op" or text in _WORDS - {"true", "false"}:
            self.fail(column, f"此处不应有 {text!r}", "补上数或名称。")
        self.at += 1
        if kind == "number":
            return Number(Fraction(text) * SCALES[scale], text + scale)
        if kind == "text":
            return Text(text)
        if text in ("true", "false"):
            return Text(text == "true")
        return self.call(text, column) if self.take("(") else Name(text)

    def call(self, name: str, column: int) -> Node:
        if name not in FUNCTIONS:
            self.fail(column, f"没有函数 {name!r}", f"可用：{'、'.join(sorted(FUNCTIONS))}。")
        args: list[Node] = []
        where: Node | None = None
        if not self.take(")"):
            args.append(self.any_of())
            while self.take(","):
                if name == "share" and (op := self.take(*_COMPARISONS)):
                    args[0] = Binary(op, args[0], self.total())
                else:
                    args.append(self.any_of())
            if name in AGGREGATES | {"distinct"} and self.take("where"):
                where = self.any_of()
            self.expect(")")
        least, most = FUNCTIONS[name][0], FUNCTIONS[name][1] if where is None else 1
        if not least <= len(args) <= most:
            what = f"{name} 的参数应为 {least}–{most} 个，现为 {len(args)} 个"
            self.fail(column, what, "改正参数。")
        return Call(name, tuple(args), where)
