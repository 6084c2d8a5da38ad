"""Texts: the shared strings of a workbook, and the parser for rich text that cells use too."""

from __future__ import annotations

from typing import SupportsIndex

from supervise.ooxml import limits
from supervise.ooxml.markup import Attributes, PartParser, decoded
from supervise.ooxml.package import Package
from supervise.ooxml.plain_strings import read_plain_strings
from supervise.ooxml.refusals import refusal


class RichTextParser(PartParser):
    """Joins the ``<t>`` runs of one text; phonetic guides above the characters are left out."""

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self._runs: list[str] = []
        self._phonetic = False
        self.on("t", self._open_run, self._close_run)
        self.on("rPh", self._open_phonetic, self._close_phonetic)

    def joined(self) -> str:
        """The text since the last call.

        Raises:
            WorkbookUnreadable: ``string_too_long``.
        """
        runs = self._runs
        text = runs[0] if len(runs) == 1 else "".join(runs)
        runs.clear()
        if len(text) > limits.STRING_CHARACTERS:
            raise self.refuse("string_too_long", f"{len(text):,} 个字符")
        return decoded(text)

    def _open_run(self, attributes: Attributes) -> None:
        self.begin_text()

    def _close_run(self) -> None:
        text = self.end_text()
        if not self._phonetic:
            self._runs.append(text)

    def _open_phonetic(self, attributes: Attributes) -> None:
        self._phonetic = True

    def _close_phonetic(self) -> None:
        self._phonetic = False


class _StringsParser(RichTextParser):
    root = "sst"

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self.strings: list[str] = []
        self.on("si", closer=self._close_item)

    def _close_item(self) -> None:
        self.strings.append(self.joined())


class _LongStrings(list[str]):
    """Strings of which some are long: a small file may show one of them in every cell."""

    def __init__(self, strings: list[str], where: str) -> None:
        super().__init__(strings)
        self._where = where
        self._shown = 0

    def __getitem__(self, index: SupportsIndex) -> str:  # type: ignore[override]  # no slices
        text = super().__getitem__(index)
        if len(text) > limits.LONG_TEXT_FROM:
            self._shown += len(text)
            if self._shown > limits.LONG_TEXTS:
                raise refusal("string_too_long", self._where, "长文字重复使用的次数过多")
        return text


def read_strings(package: Package, part: str) -> list[str]:
    """All shared strings in order.

    Raises:
        WorkbookUnreadable: The part is missing, damaged or holds an overlong text; later too,
            when cells show long texts too often.
    """
    content = package.read_xml(part)
    strings = read_plain_strings(package, part, content)
    if strings is None:
        strings = read_any_strings(package, part, content)
    if max(map(len, strings), default=0) > limits.LONG_TEXT_FROM:
        return _LongStrings(strings, package.where(part))
    return strings


def read_any_strings(package: Package, part: str, content: bytes) -> list[str]:
    """All shared strings of a part that may be written in any form.

    Raises:
        WorkbookUnreadable: It is damaged or holds an overlong text.
    """
    parser = _StringsParser(package, part)
    parser.parse(content)
    return parser.strings
