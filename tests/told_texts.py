"""Every text that a fault may be told in, found in the source itself by following the calls.

In: the folder of a package. Out: each text that reaches a ``SuperviseError`` as ``what``,
``expected`` or ``fix``, with the place that passes it. A function or record that hands one of its
parameters on to a fault is followed to its callers. A text that is put together is given once for
each way, with ``{}`` where something stands that only a run knows.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from source_scopes import HAN, Scope, Source, given_back, gives_text, name_of, parameters, rest_of

PARTS = ("what", "expected", "fix")
SLOT = "{}"
Texts = frozenset[str]
Reader = Callable[[ast.expr, Scope], Texts]
_BASE = "SuperviseError"
_OPEN = frozenset({SLOT})
_REST = "**"
_NAMED = re.compile(r"{\w*(?::[^{}]*)?}")
_TABLES = ast.Tuple | ast.List | ast.Set | ast.Dict
_MOST = 200
"""Ways to put one text together; of more, each piece is a text of its own."""
_SAME = 4
"""So many functions of one name say that it is no name to follow for what they return."""
_DEEP = 40


@dataclass(frozen=True)
class Told:
    """What a package tells in faults.

    Attributes:
        texts: Every Chinese text, with the place that passes it.
        unread: By place each part of which no text could be found, names and fields aside: a name
            leads to the callers, and a field carries on what another fault or record says.
    """

    texts: Mapping[str, str]
    unread: Mapping[str, str]


def told_in(folder: Path) -> Told:
    """What the files of a folder tell in faults."""
    following = _Following(Source(folder))
    following.run()
    texts = {text: place for text, place in following.found.items() if HAN.search(text)}
    return Told(texts, dict(following.unread()))


class _Following:
    """Which parameters lead to a fault, and which texts are passed there.

    Args:
        source: The files.

    Attributes:
        found: Each text, with the first place that passes it.
    """

    def __init__(self, source: Source) -> None:
        self.found: dict[str, str] = {}
        self._source = source
        self._errors = source.derived(_BASE)
        self._leads: dict[int, set[str]] = defaultdict(set)
        self._busy: set[tuple[str, int]] = set()

    def run(self) -> None:
        """Until no call leads to anything new."""
        before, now = -1, 0
        while before != now:
            for module in self._source.modules:
                for call, scope in module.calls:
                    for part in self._passed(call, scope):
                        self._keep(self.texts(part, scope), scope.place(call))
            before, now = now, sum(map(len, self._leads.values()))

    def unread(self) -> Iterator[tuple[str, str]]:
        """Place and source of each part that says nothing here, neither name nor field."""
        for module in self._source.modules:
            for call, scope in module.calls:
                made = isinstance(call, ast.Call) and name_of(call.func) in self._errors
                for part in self._passed(call, scope) if made else ():
                    known = isinstance(part, ast.Name | ast.Attribute)
                    if not known and self.texts(part, scope) <= _OPEN:
                        yield scope.place(call), ast.unparse(part)

    def _keep(self, texts: Iterable[str], place: str) -> None:
        for text in texts:
            self.found.setdefault(text, place)

    # --- what a call passes on to a fault -----------------------------------------------------

    def _passed(self, call: ast.Call | ast.Dict, scope: Scope) -> Iterator[ast.expr]:
        if isinstance(call, ast.Dict):
            yield from _changed(call)
            return
        named = {one.arg: one.value for one in call.keywords if one.arg}
        if name_of(call.func) in self._errors or self._makes_one(call, named):
            yield from call.args[:1]
            yield from (named[part] for part in PARTS if part in named)
            return
        for definition in self._source.called(call.func, scope):
            if wanted := self._leads.get(id(definition)):
                names = parameters(definition, bound=isinstance(call.func, ast.Attribute))
                given = {**dict(zip(names, call.args, strict=False)), **named}
                rest = set(named) - set(names) if _REST in wanted else set()
                yield from (given[one] for one in given if one in wanted | rest)

    def _makes_one(self, call: ast.Call, named: dict[str, ast.expr]) -> bool:
        """Whether a call makes an error whose class stands in a variable."""
        told = bool(call.args) and "code" in named and bool({"expected", "fix"} & set(named))
        return told and name_of(call.func) not in self._source.definitions

    # --- what an expression may say -----------------------------------------------------------

    def texts(self, node: ast.expr, scope: Scope) -> Texts:
        """Every text that an expression may be."""
        reader = getattr(self, f"_of_{type(node).__name__.lower()}", _open)
        return self._once(reader, node, scope)

    def inner(self, node: ast.expr, scope: Scope) -> Texts:
        """Every text that stands in a table, or that a series gives."""
        reader = getattr(self, f"_in_{type(node).__name__.lower()}", _open)
        return self._once(reader, node, scope)

    def _once(self, read: Reader, node: ast.expr, scope: Scope) -> Texts:
        """What ``read`` makes of an expression, which may lead back to itself."""
        key = read.__name__, id(node)
        if key in self._busy or len(self._busy) > _DEEP:
            return _OPEN
        self._busy.add(key)
        try:
            return read(node, scope) or _OPEN
        finally:
            self._busy.discard(key)

    def _any(self, nodes: Iterable[ast.expr], scope: Scope) -> Texts:
        return frozenset().union(*(self.texts(one, scope) for one in nodes))

    def _of_constant(self, node: ast.Constant, scope: Scope) -> Texts:
        return frozenset({node.value}) if isinstance(node.value, str) else _OPEN

    def _of_joinedstr(self, node: ast.JoinedStr, scope: Scope) -> Texts:
        return self._joined(node, node.values, scope)

    def _of_formattedvalue(self, node: ast.FormattedValue, scope: Scope) -> Texts:
        plain = node.format_spec is None and node.conversion == -1
        return self.texts(node.value, scope) if plain else _OPEN

    def _of_binop(self, node: ast.BinOp, scope: Scope) -> Texts:
        if isinstance(node.op, ast.Add):
            return self._joined(node, [node.left, node.right], scope)
        return self.texts(node.left, scope) | {""}

    def _of_ifexp(self, node: ast.IfExp, scope: Scope) -> Texts:
        return self._any([node.body, node.orelse], scope)

    def _of_boolop(self, node: ast.BoolOp, scope: Scope) -> Texts:
        return self._any(node.values, scope)

    def _of_name(self, node: ast.Name, scope: Scope) -> Texts:
        return self._bound(node, scope, self.texts)

    def _of_subscript(self, node: ast.Subscript, scope: Scope) -> Texts:
        return self.inner(node.value, scope)

    def _of_attribute(self, node: ast.Attribute, scope: Scope) -> Texts:
        """A record's own field leads on to those who make such a record."""
        if name_of(node.value) == "self":
            for one in scope.inside:
                if isinstance(one, ast.ClassDef) and node.attr in parameters(one):
                    self._leads[id(one)].add(node.attr)
        return _OPEN

    def _of_call(self, node: ast.Call, scope: Scope) -> Texts:
        match node:
            case ast.Call(func=ast.Attribute(attr="format", value=value)):
                self._keep_filling(node, scope)
                return frozenset(_NAMED.sub(SLOT, one) for one in self.texts(value, scope))
            case ast.Call(func=ast.Attribute(attr="join"), args=[value]):
                self._keep(self.inner(value, scope), scope.place(node))
                return _OPEN
            case ast.Call(func=ast.Name(id="next"), args=[value, *rest]):
                return self.inner(value, scope) | self._any(rest, scope)
            case ast.Call(func=ast.Attribute(attr="get", value=value), args=[_, *rest]):
                return self.inner(value, scope) | self._any(rest, scope)
        return self._returned(node, scope, self.texts)

    def _joined(self, node: ast.expr, parts: Iterable[ast.expr], scope: Scope) -> Texts:
        pieces, ways = [], 1
        for part in parts:
            piece = self.texts(part, scope)
            pieces.append(piece - {""} if SLOT in piece else piece)
            ways *= len(pieces[-1])
        if all(piece == _OPEN for piece in pieces):
            return _OPEN
        if ways > _MOST:
            for piece in pieces:
                self._keep(piece, scope.place(node))
            pieces = [piece if len(piece) == 1 else _OPEN for piece in pieces]
        return frozenset("".join(way) for way in product(*pieces))

    # --- tables and series --------------------------------------------------------------------

    def _leaves(self, nodes: Iterable[ast.expr], scope: Scope) -> Texts:
        told = (
            self.inner(one, scope) if isinstance(one, _TABLES) else self.texts(one, scope)
            for one in nodes
        )
        return frozenset().union(*told)

    def _in_tuple(self, node: ast.Tuple | ast.List | ast.Set, scope: Scope) -> Texts:
        return self._leaves(node.elts, scope)

    _in_list = _in_set = _in_tuple

    def _in_dict(self, node: ast.Dict, scope: Scope) -> Texts:
        return self._leaves(node.values, scope)

    def _in_generatorexp(self, node: ast.GeneratorExp | ast.ListComp, scope: Scope) -> Texts:
        return self._leaves([node.elt], scope)

    _in_listcomp = _in_generatorexp

    def _of_starred(self, node: ast.Starred, scope: Scope) -> Texts:
        return self.inner(node.value, scope)

    def _in_name(self, node: ast.Name, scope: Scope) -> Texts:
        return self._bound(node, scope, self.inner)

    _in_subscript = _of_subscript

    def _in_ifexp(self, node: ast.IfExp, scope: Scope) -> Texts:
        return self.inner(node.body, scope) | self.inner(node.orelse, scope)

    def _in_call(self, node: ast.Call, scope: Scope) -> Texts:
        match node:
            case ast.Call(func=ast.Attribute(attr="items" | "values" | "get", value=value)):
                return self.inner(value, scope)
            case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[value, *_]):
                return self.inner(value, scope)
        return self._returned(node, scope, self.inner)

    # --- names and functions ------------------------------------------------------------------

    def _bound(self, node: ast.Name, scope: Scope, read: Reader) -> Texts:
        """What a name stands for; a parameter leads on to the callers."""
        for at, definition in enumerate(scope.inside):
            around = Scope(scope.module, scope.inside[at:])
            bound = self._source.locals_of(definition).get(node.id, ())
            told = [(read if whole else self.inner)(one, around) for one, whole in bound]
            if node.id in parameters(definition):
                self._leads[id(definition)].add(node.id)
                told.append(_OPEN)
            if told:
                return frozenset().union(*told)
        tops = self._source.tops_of(node.id, scope.module)
        return frozenset().union(*(read(value, home) for value, home in tops))

    def _keep_filling(self, node: ast.Call, scope: Scope) -> None:
        """What is put into the places of a text; all that a function takes beside its own."""
        for keyword in node.keywords:
            if keyword.arg is not None:
                self._keep(self.texts(keyword.value, scope), scope.place(node))
                continue
            for definition in scope.inside:
                if rest_of(definition) == name_of(keyword.value):
                    self._leads[id(definition)].add(_REST)

    def _returned(self, node: ast.Call, scope: Scope, read: Reader) -> Texts:
        """What a function of the package gives back."""
        called = self._source.called(node.func, scope)
        told: set[str] = set()
        for definition in called if len(called) < _SAME else ():
            if gives_text(definition, whole=read == self.texts):
                around = self._source.scope_of(definition)
                for value, whole in given_back(definition):
                    told |= read(value, around) if whole else self._leaves([value], around)
        return frozenset(told) - {""}


def _open(_: ast.expr, __: Scope) -> Texts:
    return _OPEN


def _changed(call: ast.Dict) -> Iterator[ast.expr]:
    """The parts of an error that ``{**error.parts(), "what": …}`` replaces."""
    if None in call.keys:
        for key, value in zip(call.keys, call.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in PARTS:
                yield value
