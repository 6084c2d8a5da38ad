"""The YAML law → ``compiled.jsonl``, when the package is built (``setup.py``).

In: the package's ``forms``, ``locale`` and ``rulebook``. Out: the bytes of the artifact that
``read/compiled.py`` reads. Every case is resolved by the same code that reads the YAML later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path, PurePath
from typing import Any

from supervise import __version__
from supervise.core.law import Rulebook
from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.json_text import compact
from supervise.read.codec import Encoder
from supervise.read.compiled import CLASSES, NATIONAL, digest_of_sources, shapes
from supervise.read.law_dated import read_date
from supervise.read.law_provinces import province_codes
from supervise.read.law_resolve import Case, resolve, retyped
from supervise.read.law_tables import read_bank_types
from supervise.read.overlay import LawTree, yaml_files
from supervise.read.prose import prose_tree
from supervise.read.words import flat_words
from supervise.read.yaml import YamlList, YamlMap, read_yaml

Resolved = tuple[Period, dict[str, dict[str, Rulebook]]]


def compile_law(package: Path) -> bytes:
    """The artifact for the YAML of a package.

    Args:
        package: Holds ``forms``, ``locale`` and ``rulebook``.

    Raises:
        RulebookError: A fault of the law: what is shipped must be sound.
    """
    tree = LawTree.open(package / "rulebook", None)
    bank_types = read_bank_types(tree)
    lines = _Lines()
    segments = _written(_segments(package, tree, tuple(bank_types)), lines)
    languages = sorted((package / "locale").glob("*.yaml"))
    words = {path.stem: lines.add_plain(flat_words(path)) for path in languages}
    folders = [path.with_suffix("") for path in languages if path.with_suffix("").is_dir()]
    prose = {path.name: lines.add_plain(prose_tree(path)) for path in folders}
    lines.all[0] = {
        "program": __version__,
        "sources": digest_of_sources(package),
        "classes": shapes(),
        "bank_types": {one.name: one.id for one in bank_types.values()},
        "provinces": province_codes(tree),
        "segments": segments,
        "words": words,
        "prose": prose,
    }
    return b"\n".join(_json(line) for line in lines.all)


def _json(value: object) -> bytes:
    return compact(value, halves="strict")


def _segments(package: Path, tree: LawTree, types: tuple[str, ...]) -> Iterator[Resolved]:
    """The law of each stretch of periods, the latest first: most cases are of that one."""
    own = [PurePath(path).stem for path in tree.paths("provinces")]
    anywhere = next(code for code in tree.read("provinces.yaml") if code not in own)
    places = {NATIONAL: anywhere, **{code: code for code in own}}
    for period in sorted(_first_periods(package, tree), reverse=True):
        try:
            yield (
                period,
                {
                    place: dict(_of_each_type(tree, period, code, types))
                    for place, code in places.items()
                },
            )
        except RulebookError as error:
            if error.code != "no_form_in_force":
                raise
            return


def _of_each_type(
    tree: LawTree, period: Period, province: str, types: tuple[str, ...]
) -> Iterator[tuple[str, Rulebook]]:
    first, _ = resolve(tree, Case.of(period, types[0], province))
    for kind in types:
        yield kind, retyped(tree, Case.of(period, kind, province), first)


def _written(segments: Iterator[Resolved], lines: _Lines) -> list[dict[str, Any]]:
    """The head's entry of each segment; its values are added to ``lines``."""
    entries = []
    for period, cases in segments:
        entry: dict[str, Any] = {"period": str(period), "from": period.last_day.isoformat()}
        entry["cases"] = {
            place: {kind: lines.add(law) for kind, law in laws.items()}
            for place, laws in cases.items()
        }
        first = next(iter(cases[NATIONAL].values()))
        entry["forms"] = lines.add(first.forms)
        entries.append(entry)
    return entries[::-1]


class _Lines:
    """The lines of the artifact; the first value stands in full and is shared by all others."""

    def __init__(self) -> None:
        self.all: list[object] = [None]
        self._encoder = Encoder(CLASSES)
        self._shared: dict[int, int] = {}

    def add(self, value: object) -> int:
        """Write a value; the number of its line."""
        block, places = self._encoder.beyond(self._encoder.add(value), self._shared)
        if not self._shared:
            self._shared = places
        return self.add_plain(block)

    def add_plain(self, value: object) -> int:
        """Write what is plain JSON; the number of its line."""
        self.all.append(value)
        return len(self.all) - 1


def _first_periods(package: Path, tree: LawTree) -> set[Period]:
    """Each period that is the first one after something dated in the law."""
    days = {day for path in tree.paths(".") for day in _days(tree.read(path))}
    for form in yaml_files(package / "forms"):
        days.update(_days(read_yaml(Path(form))))
    return {Period(day.year, (day.month + 2) // 3) for day in days}


def _days(value: object) -> Iterator[date]:
    """Days from which anything in a file differs: as a key, from, until, after a period."""
    if isinstance(value, YamlList):
        for below in value:
            yield from _days(below)
    elif isinstance(value, YamlMap):
        for key, below in value.items():
            if key == "examples":
                continue
            if day := read_date(key):
                yield day
            if isinstance(below, str):
                yield from _day_of(key, below)
            else:
                yield from _days(below)


def _day_of(key: str, text: str) -> Iterator[date]:
    day = read_date(text)
    if key == "in_force" and day:
        yield day
    elif key == "until" and day:
        yield day + timedelta(days=1)
    elif key == "period":
        try:
            yield Period.parse(text).last_day
        except ValueError:
            return
