"""What a law file is being read for, and what was met on the way.

``Reading`` carries the day, the bank type and the known words to every reader, gathers each
formula with its place so that names and units can be judged once all law is known, and decides
what a fault does: the loader stops at the first one, lint gathers all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal, TypeVar

from supervise.core.formula import Expression
from supervise.core.references import BankType
from supervise.errors import RulebookError
from supervise.read.law_dated import formula
from supervise.read.yaml import YamlMap, nearest
from supervise.record import field, record

T = TypeVar("T")
Role = Literal["value", "condition", "points", "any"]
NO_BINDING: tuple[dict[str, str], ...] = ({},)


@record
class Use:
    """One formula where it stands.

    Attributes:
        where: ``file:line``.
        local: Names that mean something only here, with their unit; None: unit unknown.
        role: What the formula is for: a value in ``unit``, a condition, points, or anything.
        bindings: Variables of a check, one mapping per instance.
        table: Open table that a check runs over row by row.
    """

    expression: Expression
    where: str
    role: Role
    unit: str | None = None
    local: dict[str, str | None] = field(default_factory=dict)
    bindings: tuple[dict[str, str], ...] = NO_BINDING
    table: str = ""


@record(frozen=False)
class Reading:
    """One pass over the law.

    Attributes:
        audiences: Every bank type and group that a rule may address.
        sources: Every instrument that a rule may cite.
        strict: Stop at the first fault; otherwise it is gathered in ``problems``.
        uses: Every formula met.
        broken: Names of entries that could not be read.
        places: ``file:line`` of elements, indicators and checks by id.
    """

    day: date
    bank_type: BankType
    audiences: frozenset[str]
    sources: tuple[str, ...]
    strict: bool = True
    uses: list[Use] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[RulebookError] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def attempt(self, read: Callable[[], T], name: str = "") -> T | None:
        """What ``read`` returns; None after a fault that was gathered.

        Args:
            read: Reads one entry.
            name: What formulas call the entry, so that its fault is not said again there.

        Raises:
            RulebookError: A fault, in a strict reading.
        """
        try:
            return read()
        except RulebookError as error:
            self.report(error)
            self.broken.add(name)
            return None

    def report(self, error: RulebookError) -> None:
        """Stop at a fault, or gather it.

        Raises:
            RulebookError: The fault, in a strict reading.
        """
        if self.strict:
            raise error
        self.problems.append(error)

    def report_all(self, errors: Iterable[RulebookError]) -> None:
        """Stop at the first of several faults, or gather all."""
        for error in errors:
            self.report(error)

    def formula(
        self,
        entry: YamlMap,
        key: str,
        role: Role,
        *,
        unit: str | None = None,
        local: dict[str, str | None] | None = None,
    ) -> Expression:
        """The formula under ``key``, noted for the later look at its names and units.

        Raises:
            RulebookError: Not a formula.
        """
        expression = formula(entry, key)
        self.uses.append(Use(expression, entry.where(key), role, unit, local or {}))
        return expression

    def addressed(self, entry: YamlMap, key: str) -> bool:
        """Whether a rule addresses this bank type: ``all`` (also if left out), groups, types.

        Raises:
            RulebookError: A group or type that no file in ``bank_types/`` knows.
        """
        if entry.get(key, "all") == "all":
            return True
        return not self.mentioned(entry, key).isdisjoint(
            {self.bank_type.id, *self.bank_type.groups}
        )

    def mentioned(self, entry: YamlMap, key: str) -> frozenset[str]:
        """The groups and types in the list under ``key``.

        Raises:
            RulebookError: A group or type that no file in ``bank_types/`` knows.
        """
        named = entry.texts(key)
        for word in named:
            if word not in self.audiences:
                entry.fail(
                    f"没有机构类型或分组 {word!r}",
                    key=key,
                    expected=f"all，或：{'、'.join(sorted(self.audiences))}",
                    fix=f"改为 {nearest(word, self.audiences) or 'all'!r}。",
                )
        return frozenset(named)
