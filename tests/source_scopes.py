"""The source of a package as syntax: its definitions, its calls, and what a name is bound to.

In: the folder of a package. Out: ``Source``, which finds definitions by their bare names, for
nothing here is imported or run. Files without a Chinese word are left out.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HAN = re.compile("[\u3400-\u9fff]")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Bindings = dict[str, list[tuple[ast.expr, bool]]]
"""By name each expression that it is bound to, and whether to the whole of it or to a piece."""


@dataclass
class Module:
    """One file.

    Attributes:
        tops: What stands at the top level, by name.
        calls: Each call and each mapping, with what it stands in.
    """

    path: str
    tops: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    definitions: dict[str, Definition] = field(default_factory=dict)
    calls: list[tuple[ast.Call | ast.Dict, Scope]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Scope:
    """Where an expression stands: its file, and the definitions around it, the nearest first."""

    module: Module
    inside: tuple[Definition, ...] = ()

    def place(self, node: ast.expr) -> str:
        """File and line."""
        return f"{self.module.path}:{node.lineno}"


class Source:
    """All files of a package.

    Args:
        folder: Of the package, whose own folders are of no concern.

    Attributes:
        definitions: Functions, methods and classes by their bare names.
    """

    def __init__(self, folder: Path) -> None:
        self.modules: list[Module] = []
        self.definitions: dict[str, list[Definition]] = defaultdict(list)
        self._scopes: dict[int, Scope] = {}
        self._bound: dict[int, Bindings] = {}
        for path in sorted(folder.rglob("*.py")):
            if HAN.search(text := path.read_text(encoding="utf-8")):
                self._read(Module(path.relative_to(folder).as_posix()), ast.parse(text))

    def _read(self, module: Module, tree: ast.Module) -> None:
        self.modules.append(module)
        for node in tree.body:
            for name, value, _ in _bindings(node):
                module.tops[name].append(value)
        self._walk(tree, Scope(module))

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            inner = scope
            if isinstance(child, Definition):
                inner = Scope(scope.module, (child, *scope.inside))
                self._scopes[id(child)] = inner
                self.definitions[child.name].append(child)
                scope.module.definitions.setdefault(child.name, child)
            elif isinstance(child, ast.Call | ast.Dict):
                scope.module.calls.append((child, scope))
            self._walk(child, inner)

    def scope_of(self, definition: Definition) -> Scope:
        """That of what stands in a definition."""
        return self._scopes[id(definition)]

    def derived(self, base: str) -> set[str]:
        """Names of a class and of all that come from it."""
        found, before = {base}, set[str]()
        while found != before:
            before = set(found)
            for name, several in self.definitions.items():
                if any(_bases(one) & found for one in several):
                    found.add(name)
        return found

    def called(self, func: ast.expr, scope: Scope) -> list[Definition]:
        """What a call may call: of the same file if it has the name."""
        name = name_of(func)
        if isinstance(func, ast.Name) and name in scope.module.definitions:
            return [scope.module.definitions[name]]
        return self.definitions.get(name, [])

    def locals_of(self, definition: Definition) -> Bindings:
        """What a function binds its names to."""
        if id(definition) not in self._bound:
            found: Bindings = defaultdict(list)
            for node in () if isinstance(definition, ast.ClassDef) else ast.walk(definition):
                for name, value, whole in _bindings(node):
                    found[name].append((value, whole))
            self._bound[id(definition)] = found
        return self._bound[id(definition)]

    def tops_of(self, name: str, module: Module) -> Iterator[tuple[ast.expr, Scope]]:
        """What a name is bound to at the top level: of this file, else of any other."""
        for home in [module] if name in module.tops else self.modules:
            for value in home.tops.get(name, ()):
                yield value, Scope(home)


def _bases(definition: Definition) -> set[str]:
    return {name_of(base) for base in getattr(definition, "bases", ())}


def name_of(func: ast.expr) -> str:
    """The last name of ``a.b.c``; empty if it has none."""
    return str(getattr(func, "id", None) or getattr(func, "attr", ""))


def parameters(definition: Definition, *, bound: bool = False) -> list[str]:
    """Names of what a definition takes, in order; fields of a record.

    Args:
        definition: Function, method or record.
        bound: It is called as a method, without its first argument.
    """
    if isinstance(definition, ast.ClassDef):
        fields = [one.target for one in definition.body if isinstance(one, ast.AnnAssign)]
        return [one.id for one in fields if isinstance(one, ast.Name)]
    taken = definition.args
    names = [one.arg for one in (*taken.posonlyargs, *taken.args)]
    if bound and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    return [*names, *(one.arg for one in taken.kwonlyargs)]


def rest_of(definition: Definition) -> str:
    """The name of ``**names``; empty without."""
    taken = getattr(getattr(definition, "args", None), "kwarg", None)
    return str(taken.arg) if taken is not None else ""


def gives_text(definition: Definition, *, whole: bool) -> bool:
    """Whether a function gives back a text; without ``whole``, or what holds texts."""
    if isinstance(definition, ast.ClassDef) or definition.returns is None:
        return False
    told = ast.unparse(definition.returns)
    return told in ("str", "str | None") if whole else "str" in told


def given_back(definition: Definition) -> Iterator[tuple[ast.expr, bool]]:
    """What a function gives back, and whether as the whole of it or one by one."""
    for one in ast.walk(definition):
        if isinstance(one, ast.Return | ast.Yield) and one.value is not None:
            yield one.value, isinstance(one, ast.Return)


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr, bool]]:
    """Name, expression, and whether the name is the whole of it."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _bound_to(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _bound_to(target, value)
        case ast.NamedExpr(target=target, value=value):
            yield target.id, value, True
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from ((name, value, False) for name in _names_in(target))


def _bound_to(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr, bool]]:
    if isinstance(target, ast.Name):
        yield target.id, value, True
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _bound_to(one, part)
    elif isinstance(target, ast.Tuple):
        yield from ((name, value, False) for name in _names_in(target))


def _names_in(target: ast.expr) -> Iterator[str]:
    yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
