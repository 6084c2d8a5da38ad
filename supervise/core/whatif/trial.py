"""One advisable part tried out in the next period's world, figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.evaluation import PartResult
from supervise.core.exact import minus
from supervise.core.formula import Binary, Call, Name
from supervise.core.frame import Frame, Result
from supervise.core.law import Curve, Indicator, PartLaw
from supervise.core.measures import value_of
from supervise.core.scoring import names_of, points_of
from supervise.core.whatif.ahead import NextBook
from supervise.core.whatif.reach import Rule
from supervise.core.whatif.thresholds import Gap
from supervise.core.world import Book
from supervise.record import record, replace


@record
class Open:
    """An advisable part that does not have all its points.

    Attributes:
        part: As it is now.
        rule: What its scoring rule compares.
    """

    indicator: Indicator
    part: PartResult
    rule: Rule

    @property
    def law(self) -> PartLaw:
        """The part's law."""
        return self.part.law

    @property
    def curve(self) -> Curve:
        """Its scoring rule."""
        assert self.part.law.curve is not None
        return self.part.law.curve


class Trial:
    """What a part would come to; a ``thresholds.Probe``.

    A judged part is tried without its judgement: nobody can promise a mark, so what counts is
    what the filed facts would support.

    Args:
        found: The part.
        world: The next period.
        put: Lets the figure that drives the part be another one there.
    """

    def __init__(self, found: Open, world: NextBook, put: Callable[[Fraction], None]) -> None:
        law = found.law
        self._law = replace(law, judged=False, self_item="") if law.judged else law
        self._indicator = found.indicator
        self._rule = found.rule
        self._world = world
        self._put = put
        self._points: dict[Fraction, Fraction | None] = {}
        self._known: dict[Fraction, dict[str, Result]] = {}

    def points(self, figure: Fraction) -> Fraction | None:
        """See ``thresholds.Probe.points``."""
        if figure not in self._points:
            names = {**self._names(figure)}  # a curve adds its own
            self._points[figure] = points_of(self._law, self._indicator, self._world, names)
        return self._points[figure]

    def value(self, figure: Fraction) -> Fraction | None:
        """The part's own value with the figure in place; None if it has none."""
        found = self._names(figure)["value"]
        return found if isinstance(found, Fraction) else None

    def gaps(self, figure: Fraction) -> Sequence[Gap]:
        """See ``thresholds.Probe.gaps``."""
        frame = Frame(local=self._names(figure))
        return [self._gap(comparison, frame) for comparison in self._rule.compared]

    def _names(self, figure: Fraction) -> dict[str, Result]:
        """What the part's curve knows once the figure is in place."""
        self._put(figure)
        known = self._known.get(figure)
        if known is None:
            known = self._known[figure] = self._worked_out()
        return known

    def _worked_out(self) -> dict[str, Result]:
        local: dict[str, Result] = {"indicator": self._indicator.id}
        for part in self._indicator.parts:
            if part.id in self._rule.inner:
                local[part.id] = value_of(part.value, self._world, local)
        return names_of(self._law, self._world, local)

    def _gap(self, comparison: Binary, frame: Frame) -> Gap:
        left = compute(comparison.left, self._world, frame)
        right = compute(comparison.right, self._world, frame)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return minus(left, right)
        return None


def item_of(name: str, book: Book) -> str:
    """The item that a driver's name comes down to under this law; empty if to none."""
    definition = book.rulebook.definitions.get(name)
    if definition is None:
        return name if name in book.rulebook.forms.items else ""
    node = definition.tree
    while isinstance(node, Call) and node.name == "if":
        node = node.args[1 if compute(node.args[0], book, Frame()) is True else 2]
    return item_of(node.id, book) if isinstance(node, Name) else ""
