"""A formula of the law as a sentence: names of items instead of ids, words instead of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from supervise.core.formula import Binary, Call, Name, Node, Number, Text, Unary
from supervise.core.model import NOTHING
from supervise.core.workings import infix
from supervise.record import record
from supervise.write.numbers import Words

PERIODS = frozenset({"year_start", "year_ago", "last_year", "previous"})
BRACKETS = {"zh-CN": "（）"}
"""Brackets round a side that binds less, where a language has its own."""
Names = Mapping[str, str]


@record
class Saying:
    """In what words a formula is said.

    Attributes:
        names: Id to name; an id without one stands as it is.
        words: Wordings of the language; ``formula.*`` is used.
        say: A text of the law in the language, such as a number with its 万.
        variables: Values for ``{variable}`` in names of a check.
    """

    names: Names
    words: Words
    say: Callable[[str], str] = str
    variables: Mapping[str, str] = NOTHING


def in_words(node: Node, saying: Saying) -> str:
    """Print a formula for people.

    Args:
        node: Root of the formula.
        saying: Names and words.
    """
    return _BY_KIND[type(node)](node, saying)


def _number(node: Number, saying: Saying) -> str:
    return saying.say(node.text)


def _text(node: Text, saying: Saying) -> str:
    if isinstance(node.value, bool):
        return saying.words("units.yes" if node.value else "units.no")
    text = saying.names.get(node.value) or saying.say(node.value)
    return saying.words("formula.text", text=text)


def _name(node: Name, saying: Saying) -> str:
    within = saying.variables
    name = node.id.format_map(within) if within and "{" in node.id else node.id
    return saying.names.get(name, name)


def _unary(node: Unary, saying: Saying) -> str:
    text = in_words(node.operand, saying)
    if isinstance(node.operand, Binary):
        text = saying.words("formula.bracketed", text=text)
    return saying.words("formula.not", text=text) if node.op == "not" else f"−{text}"


def _binary(node: Binary, saying: Saying) -> str:
    brackets = BRACKETS.get(saying.words.lang, "()")
    return infix(node, lambda side: in_words(side, saying), brackets, saying.say)


def _call(node: Call, saying: Saying) -> str:
    words = saying.words
    inner = [in_words(arg, saying) for arg in node.args]
    if node.name in PERIODS:
        bare = isinstance(node.args[0], Name)
        what = inner[0] if bare else words("formula.bracketed", text=inner[0])
        return words(f"formula.{node.name}", what=what)
    if node.name == "if":
        return words("formula.if", when=inner[0], then=inner[1], otherwise=inner[2])
    if node.name == "small_sample_if":
        return inner[1]
    listed = words("formula.comma").join(inner)
    known = words.has(f"formula.{node.name}")
    text = (
        words(f"formula.{node.name}", what=listed)
        if known
        else node.name + words("formula.bracketed", text=listed)
    )
    if node.where is None:
        return text
    return words("formula.where", what=text, rows=in_words(node.where, saying))


_BY_KIND: dict[type, Callable[..., str]] = {
    Number: _number,
    Text: _text,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
