"""What the law says, in another language: ``supervise/locale/<lang>/*.yaml`` → lookup by text.

The key is the Chinese text itself, in a section that says what kind of text it is: a text that
changes loses its translation instead of keeping a wrong one, and an office's own text falls
back to Chinese (docs/adr/0014-languages.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path, PurePath
from typing import Any

from supervise.errors import RulebookError
from supervise.read.compiled import opened
from supervise.read.overlay import LawTree, yaml_files
from supervise.read.yaml import YamlMap, read_yaml

FOLDER = Path(__file__).parent.parent / "locale"
_SLOT = re.compile(r"{(\w+)}")
_LISTED = re.compile("([、；])")
_SAID = {"、": ", ", "；": "; "}
_AS_IT_STANDS = ("text", "label")
"""Places of a pattern for what was typed, and for a heading that the reader must find."""
_PLACES = {
    **dict.fromkeys(("text", "label"), ".*?"),
    **dict.fromkeys(("before", "aside"), "[^（）]+"),
    **dict.fromkeys(("count", "low", "high"), "[-+0-9.,/]+"),
}
"""What may stand in a place of this name, if not just anything."""
Tree = Mapping[str, Any]
Section = Mapping[str, str]


class Prose:
    """Texts of the law in one language.

    Args:
        tree: File, then section, then Chinese text to text; beside the sections of a file
            ``families`` of texts put together from parts, and ``patterns`` with places for
            whatever stands there: ``text`` and ``label`` stay as they stand, ``count``, ``low``
            and ``high`` are numbers, a name in the plural (``names``, ``labels``) holds a list,
            anything else is translated if it is known.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._sections: dict[str, Section] = {}
        self._patterns: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {}

    def __call__(self, section: str, text: str) -> str:
        """The translation; the text itself if there is none."""
        return text if text.isascii() else self.find(section, text) or text

    def find(self, section: str, text: str) -> str | None:
        """The translation; None if there is none.

        Args:
            section: File and section, such as ``checks.message``.
            text: The Chinese text.
        """
        known = self.section(section).get(text)
        if known is not None:
            return known
        for pattern, into in self._patterns_of(section):
            if match := pattern.fullmatch(text):
                found = match.groupdict().items()
                return into.format(
                    **{name: self._place(section, name, part) for name, part in found}
                )
        return None

    def section(self, section: str) -> Section:
        """Every whole text of a section, families written out."""
        if section not in self._sections:
            file, _, name = section.partition(".")
            tree = self._tree.get(file, {})
            texts = dict(tree.get(name, {}))
            for family in tree.get("families", {}).get(name, ()):
                texts |= _family(family)
            self._sections[section] = texts
        return self._sections[section]

    def sections(self) -> Iterator[str]:
        """Every section there is."""
        for file, tree in self._tree.items():
            yield from (f"{file}.{name}" for name in tree if name not in ("families", "patterns"))

    def _patterns_of(self, section: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        if section not in self._patterns:
            file, _, name = section.partition(".")
            listed = self._tree.get(file, {}).get("patterns", {}).get(name, {})
            self._patterns[section] = tuple((_matcher(zh), into) for zh, into in listed.items())
        return self._patterns[section]

    def _place(self, section: str, name: str, text: str) -> str:
        """What stands in a pattern's place of this name."""
        parts = _LISTED.split(text) if name.endswith("s") else [text]
        if name.rstrip("s") not in _AS_IT_STANDS:
            parts[::2] = [self._part(section, part) for part in parts[::2]]
        return "".join(_SAID.get(part, part) for part in parts)

    def _part(self, section: str, text: str) -> str:
        """What stands in a pattern's place: of the same section, of any other, or foreign."""
        text = text.strip()
        if text.isascii():
            return text
        found = self.find(section, text)
        others = (self.section(other).get(text) for other in self.sections())
        return found or next((one for one in others if one is not None), text)


def _family(family: Tree) -> Iterator[tuple[str, str]]:
    """Each text of a family with its translation: the product of its parts."""
    ((chinese, into),) = family["say"].items()
    names = tuple(family["parts"])
    for chosen in product(*(family["parts"][name].items() for name in names)):
        sides = zip(*chosen, strict=True)
        old, new = (dict(zip(names, side, strict=True)) for side in sides)
        yield chinese.format(**old), into.format(**new)


def _matcher(pattern: str) -> re.Pattern[str]:
    pieces = _SLOT.split(pattern)
    places = (
        f"(?P<{one}>{_PLACES.get(one, '.+?')})" if n % 2 else re.escape(one)
        for n, one in enumerate(pieces)
    )
    return re.compile("".join(places), re.DOTALL)


@cache
def read_prose(lang: str) -> Prose | None:
    """The texts of the law in a language, read once per process; None for that of the law itself.

    Raises:
        RulebookError: A file is wrong.
    """
    if not (FOLDER / lang).is_dir():
        return None
    compiled = opened(LawTree.open(None, None).state())
    return Prose((compiled and compiled.prose(lang)) or prose_tree(FOLDER / lang))


def prose_tree(folder: Path) -> Tree:
    """The files of one language as one tree.

    Raises:
        RulebookError: A text whose names in braces are not those of the Chinese one.
    """
    tree = {PurePath(path).stem: read_yaml(Path(path)) for path in yaml_files(folder)}
    for file in tree.values():
        for name in file:
            if name != "families":
                _same_slots(file.map(name))
    return tree


def _same_slots(texts: YamlMap) -> None:
    for chinese, into in texts.items():
        if isinstance(into, YamlMap):
            _same_slots(into)
        elif sorted(_SLOT.findall(chinese)) != sorted(_SLOT.findall(into)):
            raise RulebookError(
                f"译文的占位符与原文不同：{into}",
                where=texts.where(chinese),
                expected=f"花括号中的名称与原文一致：{chinese}",
                fix="改正译文。",
                code="wording_invalid",
            )
