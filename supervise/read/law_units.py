"""Do formulas add like to like? Units inferred over the tree, as far as they are decidable.

In: formulas with their places and the units of names. Out: faults, nothing raised. A unit that
cannot be known (``None``) agrees with everything: a false alarm would teach people to ignore
true ones. A plain number agrees with every numeric unit; ``10%`` is a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supervise.core.formula import Binary, Call, Name, Node, Number, Text, Unary
from supervise.errors import RulebookError
from supervise.read.law_names import REFERRING, Vocabulary
from supervise.read.law_reading import Use

Unit = str | None
PLAIN = "number"
SAME: Mapping[str, str] = {"pp": "ratio", "points": PLAIN, "choice": "text", "months": PLAIN}
NAMES: Mapping[str, str] = {
    "yuan": "金额（元）", "ratio": "比率", "bp": "基点", "count": "户数或个数", "days": "天数",
    "flag": "是否", "date": "日期", "text": "文本", PLAIN: "纯数",
}  # fmt: skip
NOT_NUMERIC = frozenset({"flag", "date", "text"})
FIXED: Mapping[str, str] = {
    "count": "count", "share": "ratio", "any": "flag", "all": "flag", "distinct": "flag",
    "given": "flag", "age_months": PLAIN, "months": PLAIN, "completed_share": "ratio",
    "days_between": "days", "first_filing_blocking": "count", "first_filing_unanswered": "count",
    "multiple_of": "flag",
}  # fmt: skip
COMPARISONS = frozenset({"<", "<=", ">", ">=", "=", "!="})


class UnitsDiffer(Exception):
    """Two sides of an operation cannot go together."""


def unit_faults(use: Use, vocabulary: Vocabulary) -> Iterator[RulebookError]:
    """Faults of one formula: at most one, the innermost."""
    try:
        unit = _Units(vocabulary, use).of(use.expression.tree)
        _fits(unit, use)
    except UnitsDiffer as error:
        yield RulebookError(
            f"单位不符：{error}",
            where=use.where,
            expected=f"公式：{use.expression.text}",
            fix="改正公式中的名称；公式不做单位换算，数据项已是基本单位。",
            code="unit_mismatch",
        )


def unit_of(expression_tree: Node, vocabulary: Vocabulary, use: Use) -> Unit:
    """The unit of a formula, None if not decidable or at odds with itself."""
    try:
        return _Units(vocabulary, use).of(expression_tree)
    except UnitsDiffer:
        return None


def _fits(unit: Unit, use: Use) -> None:
    if use.role == "condition":
        _together(unit, "flag", "条件")
    elif use.role == "points" and unit in NOT_NUMERIC:
        raise UnitsDiffer(f"得分应为数，公式给出{NAMES[unit or '']}")
    elif use.role == "value" and use.unit is not None:
        _together(unit, SAME.get(use.unit, use.unit), "公式的值与指标的 unit")


class _Units:
    """Units of one formula's nodes."""

    def __init__(self, vocabulary: Vocabulary, use: Use) -> None:
        self.vocabulary = vocabulary
        self.use = use

    def of(self, node: Node) -> Unit:
        if isinstance(node, Number):
            return "ratio" if node.text.endswith("%") else PLAIN
        if isinstance(node, Text):
            return "flag" if isinstance(node.value, bool) else "text"
        if isinstance(node, Name):
            return self.name(node.id)
        if isinstance(node, Unary):
            operand = self.of(node.operand)
            return _together(operand, "flag", "not 之后") if node.op == "not" else operand
        if isinstance(node, Binary):
            return self.binary(node)
        return self.call(node)

    def name(self, name: str) -> Unit:
        full = name.format_map(self.use.bindings[0]) if "{" in name else name
        return self.same(self.use.local.get(full, self.vocabulary.names.get(full)))

    def binary(self, node: Binary) -> Unit:
        left, right = self.of(node.left), self.of(node.right)
        if node.op in ("and", "or"):
            _together(left, "flag", f"{node.op} 的左边")
            return _together(right, "flag", f"{node.op} 的右边")
        if node.op in COMPARISONS:
            _together(left, right, f"比较 {node.op} 的两边")
            return "flag"
        for side in (left, right):
            if side in NOT_NUMERIC:
                raise UnitsDiffer(f"{NAMES[side or '']}不能参加 {node.op} 运算")
        if node.op in ("+", "-"):
            return _together(left, right, f"{node.op} 的两边")
        return _product(left, right) if node.op == "*" else _quotient(left, right)

    def call(self, node: Call) -> Unit:
        if node.name in REFERRING and isinstance(node.args[0], Name):
            return self.same(self.vocabulary.measures.get(node.args[0].id))
        args = [self.of(arg) for arg in node.args]
        if node.where is not None:
            _together(self.of(node.where), "flag", "where 之后")
        if node.name == "multiple_of":
            self._all_alike(node, args)
        if node.name in FIXED:
            return FIXED[node.name]
        if node.name == "annual_ago":
            return args[1]
        if node.name in ("if", "small_sample_if"):
            _together(args[0], "flag", f"{node.name} 的条件")
            args = args[1:]
        return self._all_alike(node, args)

    @staticmethod
    def same(unit: Unit) -> Unit:
        return SAME.get(unit, unit) if unit else None

    def _all_alike(self, node: Call, args: list[Unit]) -> Unit:
        if not args:
            return None
        unit = args[0]
        for other in args[1:]:
            unit = _together(unit, other, f"{node.name} 的各项")
        return unit


def _together(left: Unit, right: Unit, place: str) -> Unit:
    if left is None or right is None:
        return left or right
    if left == right:
        return left
    if PLAIN in (left, right) and not NOT_NUMERIC & {left, right}:
        return right if left == PLAIN else left
    raise UnitsDiffer(f"{place}，一边是{NAMES.get(left, left)}，一边是{NAMES.get(right, right)}")


def _product(left: Unit, right: Unit) -> Unit:
    for scale in (PLAIN, "ratio"):
        if left == scale:
            return right
        if right == scale:
            return left
    return None


def _quotient(left: Unit, right: Unit) -> Unit:
    if left is None or right is None:
        return None
    if left == right:
        return PLAIN if left == PLAIN else "ratio"
    return left if right in (PLAIN, "ratio") else None
