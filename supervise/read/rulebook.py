"""The door to the law: which files count, and whether they were compiled.

In: the shipped law, perhaps an office's overlay or a tree in place of the shipped one. Out:
names for the cover, the forms of a period, a ``Rulebook`` for a bank. The shipped law comes
from the compiled artifact as long as that is true to the YAML; all else is read from the YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.law import Rulebook
from supervise.core.layout import FormSet
from supervise.core.period import Period
from supervise.read.compiled import opened
from supervise.read.overlay import LawTree, State, stray_files

if TYPE_CHECKING:  # read for another language only
    from supervise.read.prose import Prose

SOURCE = "zh"
"""The language that the law is written in."""


class Law:
    """All law files in one state; nothing is read before it is asked for.

    Args:
        directory: A tree in place of the shipped one.
        overlay: An office's tree that mirrors the shipped one.
        state: What tells this state of the files from another.
        lang: Language of what a rulebook says; forms and names for the cover are as filed.
    """

    def __init__(
        self, directory: Path | None, overlay: Path | None, state: State, lang: str = SOURCE
    ) -> None:
        self._tree = LawTree.open(directory, overlay)
        self._compiled = opened(state) if directory is None and overlay is None else None
        self._names: tuple[Mapping[str, str], Mapping[str, str]] | None = None
        self._prose = None if lang == SOURCE else _prose(lang)
        self._rulebooks: dict[tuple[Period, str, str], Rulebook] = {}

    @property
    def bank_types(self) -> Mapping[str, str]:
        """Bank type name to id, for the cover's drop-down."""
        return self._compiled.bank_types if self._compiled else self._read_names()[0]

    @property
    def provinces(self) -> Mapping[str, str]:
        """Province name to six-digit code, for the cover's drop-down."""
        return self._compiled.provinces if self._compiled else self._read_names()[1]

    def forms(self, period: Period) -> FormSet:
        """The forms in force for a period.

        Raises:
            RulebookError: A form file is wrong, or no form is in force.
        """
        known = self._compiled.forms(period) if self._compiled else None
        if known is not None:
            return known
        from supervise.read.forms import read_forms

        tree = self._tree
        return read_forms(period, directory=tree.forms(), overlay=tree.overlay).forms

    def rulebook(self, period: Period, bank_type: str, province: str) -> Rulebook:
        """All the law that judges one bank for one period.

        Raises:
            RulebookError: The first fault of the law, with file and line.
        """
        case = (period, bank_type, province)
        if case not in self._rulebooks:
            known = self._compiled.rulebook(*case) if self._compiled else None
            self._rulebooks[case] = self._said(known or self._resolved(*case))
        return self._rulebooks[case]

    @property
    def type_names(self) -> Mapping[str, str]:
        """Bank type to its name in the language of the law."""
        return {each: self.told("tables.bank_type", name) for name, each in self.bank_types.items()}

    @property
    def province_names(self) -> Mapping[str, str]:
        """Six-digit code of a province to its name in the language of the law."""
        return {code: self.told("tables.province", name) for name, code in self.provinces.items()}

    def told(self, section: str, text: str) -> str:
        """A text of the law, as a document keeps it, in the language of this one.

        Args:
            section: What kind of text it is, such as ``tables.element``.
            text: As it was written; what is not known in that section stays as it is.
        """
        return text if self._prose is None else self._prose(section, text)

    def say(self, text: str) -> str:
        """A Chinese text of the reader in the language of the law."""
        if self._prose is None:
            return text
        from supervise.read.law_words import READER

        return self._prose(READER, text)

    def _said(self, rulebook: Rulebook) -> Rulebook:
        if self._prose is None:
            return rulebook
        from supervise.read.law_words import in_words

        return in_words(rulebook, self._prose)

    def _resolved(self, period: Period, bank_type: str, province: str) -> Rulebook:
        from supervise.read.law_resolve import Case, resolved

        for error in stray_files(self._tree):
            raise error
        return resolved(self._tree, Case.of(period, bank_type, province))

    def _read_names(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        from supervise.read.law_provinces import province_codes
        from supervise.read.law_tables import read_bank_types

        if self._names is None:
            types = {one.name: one.id for one in read_bank_types(self._tree).values()}
            self._names = types, province_codes(self._tree)
        return self._names


def read_law(
    overlay: Path | None = None, directory: Path | None = None, *, lang: str = SOURCE
) -> Law:
    """The law as its files stand; an office's are read again only after one of them has changed.

    Raises:
        RulebookError: A directory does not exist.
    """
    return _law(directory, overlay, LawTree.open(directory, overlay).state(), lang)


@lru_cache(maxsize=4)
def _law(directory: Path | None, overlay: Path | None, state: State, lang: str) -> Law:
    return Law(directory, overlay, state, lang)


def _prose(lang: str) -> Prose | None:
    from supervise.read.prose import read_prose

    return read_prose(lang)


def read_rulebook(
    period: Period,
    bank_type: str,
    province: str,
    *,
    overlay: Path | None = None,
    directory: Path | None = None,
    lang: str = SOURCE,
) -> Rulebook:
    """All the law that judges one bank for one period.

    Args:
        period: Its last day decides which dated entries apply.
        bank_type: Bank type id, e.g. ``rural_commercial``.
        province: Six-digit code, e.g. ``330000``.
        overlay: An office's tree that mirrors the shipped one.
        directory: A tree in place of the shipped one.
        lang: Language of what it says.

    Raises:
        RulebookError: The first fault of the law, with file and line.
    """
    return read_law(overlay, directory, lang=lang).rulebook(period, bank_type, province)


def bank_types(directory: Path | None = None, overlay: Path | None = None) -> Mapping[str, str]:
    """Bank type name to id, for the cover's drop-down."""
    return read_law(overlay, directory).bank_types


def provinces(directory: Path | None = None, overlay: Path | None = None) -> Mapping[str, str]:
    """Province name to six-digit code, for the cover's drop-down."""
    return read_law(overlay, directory).provinces
