"""Is the law sound? Every problem of every file, each with file, line and what to write.

In: a law tree and perhaps an overlay. Out: ``Problem`` values, sorted by place; an empty list
is a sound law. The law is resolved on every day on which anything changes, for the country and
for each province with law of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.read.forms import SHIPPED as FORMS
from supervise.read.law_dated import read_date
from supervise.read.law_examples import example_files, read_example
from supervise.read.law_resolve import Case, resolve
from supervise.read.overlay import LawTree, stray_files
from supervise.read.published import ANYWHERE, published_faults
from supervise.read.yaml import YamlList, YamlMap, read_yaml
from supervise.record import record


@record(order=True)
class Problem:
    """One fault of the law files.

    Attributes:
        file: Path as opened.
        line: 1-based; 0 if the fault has no line.
        what: What is wrong.
        expected: What should stand there.
        fix: What to write.
        code: Reason code.
    """

    file: str
    line: int
    what: str
    expected: str
    fix: str
    code: str


def lint(directory: Path | None = None, overlay: Path | None = None) -> list[Problem]:
    """Every problem of the law, each once.

    Raises:
        RulebookError: A directory does not exist.
    """
    tree = LawTree.open(directory, overlay)
    errors = [*stray_files(tree)]
    readable = [*_unreadable(tree)]
    errors += readable or [*_resolved(tree), *_examples(tree), *published_faults(tree)]
    return sorted({_problem(error) for error in errors})


def _unreadable(tree: LawTree) -> Iterator[RulebookError]:
    for path in tree.paths("."):
        try:
            tree.read(path)
        except RulebookError as error:
            yield error


def _resolved(tree: LawTree) -> Iterator[RulebookError]:
    provinces = [Path(path).stem for path in tree.paths("provinces")]
    for day in _days(tree):
        for province in (ANYWHERE, *provinces):
            yield from _case_faults(tree, day, province)


def _case_faults(tree: LawTree, day: date, province: str) -> Iterable[RulebookError]:
    period = Period(day.year, (day.month + 2) // 3)
    types = [Path(path).stem for path in tree.paths("bank_types")]
    case = Case(period, types[0] if types else "", province, day)
    try:
        _, at = resolve(tree, case, strict=False)
    except RulebookError as error:
        return [error]
    return at.problems


def _days(tree: LawTree) -> list[date]:
    """Days on which anything changes, from the first on which there are grades and forms."""
    found: set[date] = set()
    for path in tree.paths("."):
        if path != "benchmarks.yaml":
            found.update(_dates(tree.read(path)))
    versions = set(_form_days(tree))
    grades = min(_dates(tree.read("grades.yaml")), default=date.min)
    first = max(grades, min(versions, default=date.min))
    return sorted({max(day, first) for day in found | versions})


def _form_days(tree: LawTree) -> Iterator[date]:
    """Days on which a version of a form comes into force."""
    roots = [tree.forms() or FORMS]
    if tree.overlay is not None:
        roots.append(tree.overlay / "forms")
    for path in (path for root in roots for path in sorted(root.glob("*/*.yaml"))):
        day = read_date(read_yaml(path).text("in_force", ""))
        if day is not None:
            yield day


def _dates(value: object) -> Iterator[date]:
    if isinstance(value, YamlMap):
        for key, below in value.items():
            day = read_date(key)
            if day is not None:
                yield day
            yield from _dates(below)
    elif isinstance(value, YamlList):
        for below in value:
            yield from _dates(below)


def _examples(tree: LawTree) -> Iterator[RulebookError]:
    for indicator, province, data in example_files(tree):
        try:
            for entry in data.maps("examples"):
                read_example(entry, indicator, province)
        except RulebookError as error:
            yield error


def _problem(error: RulebookError) -> Problem:
    place = error.where.split(" ")[0]
    file, _, line = place.rpartition(":")
    known = line.isdigit()
    return Problem(
        file=file if known else place,
        line=int(line) if known else 0,
        what=error.what,
        expected=error.expected,
        fix=error.fix,
        code=error.code,
    )
