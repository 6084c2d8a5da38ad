"""Words of one language: ``supervise/locale/<lang>.yaml`` → strict lookup.

In: a language tag. Out: ``Words``. A key that does not exist is an error, never an empty text,
so that a gap in a translation cannot reach a document unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from supervise.errors import RulebookError, UsageError
from supervise.read.compiled import opened
from supervise.read.overlay import LawTree
from supervise.read.yaml import nearest, read_yaml
from supervise.record import record

LOCALES = Path(__file__).parent.parent / "locale"


@record
class Words:
    """Wordings of one language by dotted key, e.g. ``report.title.annual``.

    Attributes:
        lang: Language tag for documents, e.g. ``zh-CN``.
        texts: Key to text; ``{name}`` is a place to fill in.
        path: File they came from, for messages.
    """

    lang: str
    texts: Mapping[str, str]
    path: str = ""

    def __call__(self, key: str, /, **names: object) -> str:
        """The wording under ``key`` with its names filled in.

        Raises:
            RulebookError: No such key, or a name that the text needs is not given.
        """
        text = self.texts.get(key)
        if text is None:
            raise RulebookError(
                f"文字表缺少 {key!r}",
                where=self.path,
                expected=f"相近的键：{nearest(key, self.texts) or '无'}",
                fix="在文字表中补上该键。",
                code="wording_missing",
            )
        if not names:
            return text
        try:
            return text.format(**names)
        except (KeyError, IndexError, ValueError) as error:
            raise RulebookError(
                f"文字 {key!r} 的占位符不对：{error}",
                where=self.path,
                expected=f"可用的名称：{'、'.join(names)}",
                fix="改正花括号中的名称。",
                code="wording_invalid",
            ) from error

    def has(self, key: str) -> bool:
        """Whether there is such a wording."""
        return key in self.texts


def read_words(lang: str = "zh") -> Words:
    """The shipped wordings of a language, read once per process.

    Raises:
        UsageError: No such language.
        RulebookError: The file is wrong.
    """
    return _read(LOCALES / f"{lang}.yaml", lang)


@cache
def _read(path: Path, lang: str) -> Words:
    if not path.is_file():
        known = sorted(p.stem for p in LOCALES.glob("*.yaml"))
        raise UsageError(
            f"没有语言 {lang!r} 的文字表",
            expected=f"可用的语言：{'、'.join(known)}",
            fix="改用其中一种，或在 supervise/locale/ 增加一个文件。",
            code="language_unknown",
        )
    compiled = opened(LawTree.open(None, None).state())
    texts = dict((compiled and compiled.words(lang)) or flat_words(path))
    return Words(lang=texts.pop("lang", lang), texts=texts, path=str(path))


def flat_words(path: Path) -> dict[str, str]:
    """The wordings of one file by dotted key.

    Raises:
        RulebookError: The file is wrong.
    """
    texts: dict[str, str] = {}
    _flatten(read_yaml(path), "", texts)
    return texts


def _flatten(tree: Mapping[str, Any], prefix: str, texts: dict[str, str]) -> None:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", texts)
        elif isinstance(value, str):
            texts[f"{prefix}{key}"] = value
        else:
            raise RulebookError(
                f"文字 {prefix + key!r} 不是文本",
                expected="键: 文本",
                fix="改写为单个文本。",
                code="wording_invalid",
            )
