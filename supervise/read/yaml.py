"""Strict YAML: no key twice, every scalar text, line numbers kept; the only door to PyYAML.

In: a path. Out: ``YamlMap``, ``YamlList`` and ``str``, typed later by whoever knows the schema.
Anchors, tags and null are refused: a law file says what it means, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from supervise.errors import RulebookError, why_not


class YamlMap(dict[str, Any]):
    """A mapping that knows its file and the line of each key."""

    __slots__ = ("line", "lines", "path")

    def __init__(self, path: str, line: int) -> None:
        super().__init__()
        self.path = path
        self.line = line
        self.lines: dict[str, int] = {}

    def where(self, key: str | None = None) -> str:
        """``file:line`` of a key, or of the mapping itself."""
        return f"{self.path}:{self.lines.get(key, self.line) if key else self.line}"

    def fail(self, what: str, *, key: str | None = None, expected: str = "", fix: str) -> NoReturn:
        """Refuse this mapping.

        Raises:
            RulebookError: Always, with file and line.
        """
        raise RulebookError(
            what, where=self.where(key), expected=expected, fix=fix, code="rulebook_invalid"
        )

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse any key that is not allowed, naming the nearest one that is.

        Raises:
            RulebookError: An unknown key.
        """
        known = tuple(allowed)
        for key in self:
            if key not in known:
                self.fail(
                    f"未知的键 {key!r}",
                    key=key,
                    expected=f"可用的键：{'、'.join(known)}",
                    fix=_mending(key, known),
                )

    def text(self, key: str, default: str | None = None) -> str:
        """The scalar under ``key``.

        Raises:
            RulebookError: Missing without a default, or not a scalar.
        """
        if key not in self:
            if default is None:
                self.fail(f"缺少 {key!r}", expected="必填", fix=f"补上 {key}。")
            return default
        value = self[key]
        if not isinstance(value, str):
            self.fail(f"{key!r} 应为单个值", key=key, expected="文本或数字", fix="改为单个值。")
        return value

    def map(self, key: str) -> YamlMap:
        """The mapping under ``key``, empty if absent.

        Raises:
            RulebookError: Something else stands there.
        """
        value = self.get(key)
        if value is None:
            return YamlMap(self.path, self.line)
        if not isinstance(value, YamlMap):
            self.fail(f"{key!r} 应为键值对", key=key, expected="键: 值", fix="改写为键值对。")
        return value

    def list(self, key: str) -> YamlList:
        """The list under ``key``, empty if absent.

        Raises:
            RulebookError: Something else stands there.
        """
        value = self.get(key)
        if value is None:
            return YamlList(self.path, self.line)
        if not isinstance(value, YamlList):
            self.fail(f"{key!r} 应为列表", key=key, expected="以 - 开头的行", fix="改写为列表。")
        return value

    def maps(self, key: str) -> Sequence[YamlMap]:
        """The list of mappings under ``key``, empty if absent.

        Raises:
            RulebookError: An entry is not a mapping.
        """
        entries = self.list(key)
        for entry in entries:
            if not isinstance(entry, YamlMap):
                self.fail(f"{key!r} 的每一项应为键值对", key=key, expected="键: 值", fix="改写。")
        return entries

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of scalars under ``key``, empty if absent.

        Raises:
            RulebookError: An entry is not a scalar.
        """
        entries = self.list(key)
        for entry in entries:
            if not isinstance(entry, str):
                self.fail(f"{key!r} 的每一项应为单个值", key=key, expected="文本", fix="改写。")
        return tuple(entries)

    def flag(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false`` under ``key``.

        Raises:
            RulebookError: Anything else.
        """
        value = self.get(key)
        if value is None:
            return default
        if value not in ("true", "false"):
            self.fail(f"{key!r} 应为 true 或 false", key=key, expected="true/false", fix="改写。")
        return bool(value == "true")


class YamlList(list[Any]):
    """A list that knows its file and line."""

    __slots__ = ("line", "path")

    def __init__(self, path: str, line: int) -> None:
        super().__init__()
        self.path = path
        self.line = line


def _mending(key: str, known: Iterable[str]) -> str:
    if set(key) & set("()，,'\""):
        return "若这是被逗号切断的公式或文字，给整段加双引号。"
    return f"改为 {nearest(key, known)!r}，或删去。"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like ``word``; empty if nothing is near."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.4)
    return found[0] if found else ""


def read_yaml(path: Path) -> YamlMap:
    """Read one file whose top is a mapping.

    Raises:
        RulebookError: Not UTF-8, not YAML, a key twice, an anchor, or no mapping.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        loader = _composer()(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except OSError as error:
        raise RulebookError(
            "规则文件不能打开",
            where=str(path),
            expected=why_not(error),
            fix="检查文件是否存在、是否有读取权限。",
            code="rulebook_unreadable",
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise RulebookError(
            "规则文件不是有效的 YAML",
            where=f"{path}:{_line(error)}",
            expected=f"有效的 YAML（解析器的说法：{_reason(error)}）",
            fix="按所示行检查缩进、冒号后的空格和引号，并以 UTF-8 保存。",
            code="rulebook_invalid",
        ) from error
    return _top(_convert(node, str(path)), path)


def _top(tree: object, path: Path) -> YamlMap:
    if isinstance(tree, YamlMap):
        return tree
    raise RulebookError(
        "规则文件的最外层不是键值对",
        where=f"{path}:1",
        expected="键: 值",
        fix="参照同目录的其他文件改写。",
        code="rulebook_invalid",
    )


@cache
def _composer() -> Any:
    """A loader that leaves every scalar text: guessing types is half of what loading costs."""
    import yaml

    fast = getattr(yaml, "CSafeLoader", None)

    class Composer(fast or yaml.SafeLoader):  # type: ignore[misc]  # chosen when it is needed
        def resolve(self, *_: object) -> str:
            return ""

        def descend_resolver(self, *_: object) -> None:
            return None

        ascend_resolver = descend_resolver

    return Composer


def _line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _reason(error: Exception) -> str:
    return str(getattr(error, "problem", "") or error)


def _convert(node: Any, path: str) -> Any:
    if node is None:
        return None
    kind = node.id
    if kind == "scalar":
        return node.value
    line = node.start_mark.line + 1
    if kind == "sequence":
        items = YamlList(path, line)
        items.extend(_convert(child, path) for child in node.value)
        return items
    mapping = YamlMap(path, line)
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key, str):
            mapping.fail("键应为单个值", fix="改写。")
        if key in mapping:
            mapping.lines[key] = key_node.start_mark.line + 1
            mapping.fail(f"键 {key!r} 写了两次", key=key, expected="只写一次", fix="删去一行。")
        mapping.lines[key] = key_node.start_mark.line + 1
        mapping[key] = _convert(value_node, path)
    return mapping
