"""Where a formula is computed and what it can come to: frame, world, value or its absence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from supervise.core.evaluation import Term
from supervise.core.formula import Call
from supervise.core.layout import AsOf
from supervise.core.model import NOTHING, Row
from supervise.record import record


@record
class Absent:
    """Why there is no value; ``about`` names items, parameters or periods."""

    reason: str
    about: tuple[str, ...] = ()


Scalar = Fraction | bool | str | date
Result = Scalar | Absent
NO_LOCALS: Mapping[str, Result] = MappingProxyType({})


class _Untraced(list[Term]):
    """A trace that nobody reads: it stays empty."""

    __slots__ = ()

    def append(self, term: Term) -> None:
        """Keep nothing."""

    def extend(self, terms: Iterable[Term]) -> None:
        """Keep nothing."""


UNTRACED: list[Term] = _Untraced()


class World(Protocol):
    """Whoever knows what the names of a formula stand for."""

    def lookup(self, name: str, frame: Frame) -> Result:
        """The value of a name in a frame, its terms appended to the frame's trace."""
        ...

    def rows(self, names: frozenset[str]) -> tuple[tuple[Row, ...] | Absent | None, str]:
        """Rows of the open table whose columns are among ``names``, and the table's id."""
        ...

    def special(self, call: Call, frame: Frame) -> Result:
        """The value of a function that needs the world, such as ``peer_reference``."""
        ...

    def answered(self, name: str, frame: Frame) -> bool:
        """Whether a datum was given (zero by rule counts, not answered does not)."""
        ...


class Frame:
    """Where a formula is being computed; no record, for some thousand are made for a bank.

    Attributes:
        as_of: Period word in force.
        row: Open-table row inside an aggregate, else None.
        binding: Variables of a check, for names such as ``S71_I_{row}_A0``.
        local: Names of a curve (``value``, ``base``, ``max``) and other parts.
        trace: Terms in formula order, appended to while computing; ``UNTRACED`` keeps none.
    """

    __slots__ = ("as_of", "binding", "local", "row", "trace")

    def __init__(
        self,
        as_of: AsOf = "now",
        *,
        row: Row | None = None,
        binding: Mapping[str, str] = NOTHING,
        local: Mapping[str, Result] = NO_LOCALS,
        trace: list[Term] | None = None,
    ) -> None:
        self.as_of = as_of
        self.row = row
        self.binding = binding
        self.local = local
        self.trace: list[Term] = [] if trace is None else trace

    def at(self, as_of: AsOf) -> Frame:
        """The same at another time, into the same trace."""
        return Frame(as_of, row=self.row, binding=self.binding, local=self.local, trace=self.trace)

    def of_row(self, row: Row, trace: list[Term]) -> Frame:
        """The same in a row, into another trace."""
        return Frame(self.as_of, row=row, binding=self.binding, local=self.local, trace=trace)

    def unseen(self) -> Frame:
        """The same without a trace."""
        if self.trace is UNTRACED:
            return self
        return Frame(
            self.as_of, row=self.row, binding=self.binding, local=self.local, trace=UNTRACED
        )
