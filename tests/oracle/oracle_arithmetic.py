"""The pencil, checked: every relation shown in code spans of a worked page holds exactly.

``≈`` holds to the digits shown. Only plain sums are understood; nothing is taken from the engine.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

RELATIONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "≥": operator.ge,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "≈": lambda left, right: abs(left - right) < Fraction(1, 2 * 10**4),
}
_STEPS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SPAN = re.compile(r"`([^`]+)`")
_RELATION = re.compile(f"([{''.join(RELATIONS)}])")
_PERCENT = re.compile(r"([0-9.]+)%")


def lines(page: str) -> Iterator[str]:
    """Code spans that hold a relation."""
    return (span for span in _SPAN.findall(page) if _RELATION.search(span))


def holds(line: str) -> bool:
    """Whether each pair of neighbours in a chain such as ``a ÷ b = c ≥ d`` is as told."""
    pieces = _RELATION.split(line)
    values = [value(text) for text in pieces[::2]]
    return all(
        RELATIONS[relation](left, right)
        for relation, left, right in zip(pieces[1::2], values, values[1:], strict=False)
    )


def value(text: str) -> Fraction:
    """A sum in pencil notation: ``15 × 8% ÷ 20%``."""
    plain = _PERCENT.sub(r"(\1/100)", text.strip())
    for shown, meant in (("÷", "/"), ("×", "*"), ("−", "-")):
        plain = plain.replace(shown, meant)
    return _worked(ast.parse(plain, mode="eval").body, plain)


def _worked(node: ast.expr, source: str) -> Fraction:
    if isinstance(node, ast.BinOp):
        left, right = _worked(node.left, source), _worked(node.right, source)
        return _STEPS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worked(node.operand, source)
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(source, node) or "")
    raise AssertionError(f"not a plain sum: {source}")
