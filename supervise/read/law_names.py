"""Do formulas name only what exists, and do definitions end?

In: formulas with their places, and every known name. Out: faults, nothing raised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from supervise.core.formula import Binary, Call, Expression, Name, Node, Unary
from supervise.errors import RulebookError
from supervise.read.law_reading import Use
from supervise.read.yaml import nearest
from supervise.record import record

SPECIAL: Mapping[str, str] = {"period_end": "date", "period_start": "date"}
REFERRING = frozenset({"measure", "peer_reference"})
# By text, because equal texts are equal trees and hashing a tree costs as much as walking it.
_NAMES: dict[str, tuple[frozenset[str], frozenset[str]]] = {}


@record
class Vocabulary:
    """Every name that a formula may use anywhere, with its unit (None: not known).

    Attributes:
        names: Items, definitions, parameters and special names.
        measures: ``indicator`` and ``indicator.part``, for the functions that refer to them.
        later: Names that have no value on the day although the law knows them.
    """

    names: Mapping[str, str | None]
    measures: Mapping[str, str | None]
    later: Collection[str] = ()


def names_in(expression: Expression) -> tuple[frozenset[str], frozenset[str]]:
    """Names that stand for values, and ids that ``measure(…)`` and its like refer to."""
    if expression.text not in _NAMES:
        names: set[str] = set()
        ids: set[str] = set()
        _gather(expression.tree, names, ids)
        _NAMES[expression.text] = frozenset(names), frozenset(ids)
    return _NAMES[expression.text]


def _gather(node: Node, names: set[str], ids: set[str]) -> None:
    if isinstance(node, Name):
        names.add(node.id)
    elif isinstance(node, Unary):
        _gather(node.operand, names, ids)
    elif isinstance(node, Binary):
        _gather(node.left, names, ids)
        _gather(node.right, names, ids)
    elif isinstance(node, Call):
        _gather_call(node, names, ids)


def _gather_call(node: Call, names: set[str], ids: set[str]) -> None:
    for arg in node.args:
        if node.name in REFERRING and isinstance(arg, Name):
            ids.add(arg.id)
        else:
            _gather(arg, names, ids)
    if node.where is not None:
        _gather(node.where, names, ids)


def unknown_names(use: Use, vocabulary: Vocabulary) -> Iterator[RulebookError]:
    """Names of one formula that nothing defines."""
    names, ids = names_in(use.expression)
    for name in sorted(names):
        missing = _first_missing(name, use, vocabulary)
        if missing:
            yield _unknown(missing, use, [*vocabulary.names, *use.local], vocabulary.later)
    for name in sorted(ids - vocabulary.measures.keys()):
        yield _unknown(name, use, vocabulary.measures, vocabulary.later)


def _first_missing(name: str, use: Use, vocabulary: Vocabulary) -> str:
    """One name that a template makes and nothing defines: its siblings fail for the same cause."""
    for full in _expanded(name, use):
        if full not in vocabulary.names and full not in use.local:
            return full
    return ""


def _expanded(name: str, use: Use) -> Iterator[str]:
    if "{" not in name:
        yield name
        return
    for binding in use.bindings:
        yield name.format_map(binding)


def _unknown(name: str, use: Use, known: Collection[str], later: Collection[str]) -> RulebookError:
    near = nearest(name, known)
    if name in later:
        what, fix = f"公式用到的 {name!r} 此时尚未生效", "补上该日适用的条目，或推迟本公式的日期。"
    else:
        what = f"公式用到未知的名称 {name!r}"
        fix = f"改为 {near!r}，或先定义它。" if near else "先在表样或规则中定义它。"
    return RulebookError(
        what,
        where=use.where,
        expected=f"公式：{use.expression.text}",
        fix=fix,
        code="unknown_name",
    )


def cycles(definitions: Mapping[str, Use]) -> Iterator[RulebookError]:
    """Definitions that need themselves."""
    done: set[str] = set()
    for start in definitions:
        path = _cycle_from(start, definitions, done, [])
        if path:
            yield RulebookError(
                f"定义循环：{' → '.join(path)}",
                where=definitions[path[-1]].where,
                expected="定义只依赖数据项、参数和不回到自身的定义",
                fix="改写其中一个定义，打断循环。",
                code="definition_cycle",
            )


def _cycle_from(
    name: str, definitions: Mapping[str, Use], done: set[str], path: list[str]
) -> list[str]:
    if name in path:
        return [*path[path.index(name) :], name]
    if name in done or name not in definitions:
        return []
    for below in sorted(names_in(definitions[name].expression)[0]):
        found = _cycle_from(below, definitions, done, [*path, name])
        if found:
            done.update(found)
            return found
    done.add(name)
    return []
