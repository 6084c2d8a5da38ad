"""What ``@record`` promises to every value class of the program."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from supervise.record import field, record, replace


@record
class Point:
    """Two numbers and a list of names."""

    x: int
    y: int = 0
    names: list[str] = field(default_factory=list)


@record(kw_only=True, order=True)
class Version:
    """Ordered by its fields."""

    major: int
    minor: int = 0


@record(frozen=False)
class Counter:
    """A field that changes."""

    n: int = 0


@record
class Twin:
    """The same fields as a point."""

    x: int
    y: int = 0


def test_fields_are_given_by_place_or_by_name() -> None:
    assert Point(1, 2) == Point(x=1, y=2) == Point(1, y=2)


def test_a_default_is_used_and_a_factory_makes_a_new_value_each_time() -> None:
    first, second = Point(1), Point(1)
    assert first.y == 0
    assert first.names is not second.names


@pytest.mark.parametrize(
    ("arguments", "named"), [((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 1}), ((1,), {"x": 2})]
)
def test_a_lacking_or_surplus_argument_is_refused(
    arguments: tuple[int, ...], named: dict[str, int]
) -> None:
    with pytest.raises(TypeError):
        Point(*arguments, **named)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("arguments", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"z": 1}), ((1,), {"x": 2})]
)
def test_a_small_record_says_what_it_lacks_or_does_not_know(
    arguments: tuple[int, ...], named: dict[str, int]
) -> None:
    with pytest.raises(TypeError, match=r"Twin\.__init__"):
        Twin(*arguments, **named)
    assert Twin(1) == Twin(x=1, y=0) == Twin(y=0, x=1)


def test_keyword_only_fields_are_not_taken_by_place() -> None:
    with pytest.raises(TypeError):
        Version(1)  # type: ignore[call-arg]  # on purpose


def test_a_record_cannot_be_changed_nor_gain_a_field() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]  # on purpose
    with pytest.raises(AttributeError):
        point.other = 2  # type: ignore[attr-defined]  # on purpose
    with pytest.raises(AttributeError):
        del point.x


def test_an_open_record_changes_and_has_no_hash() -> None:
    counter = Counter()
    counter.n += 1
    assert counter.n == 1
    with pytest.raises(TypeError):
        hash(counter)


def test_records_of_two_classes_are_never_equal() -> None:
    twin: object = Twin(1, 2)
    assert twin != Version(major=1, minor=2)
    assert Twin(1, 2) == Twin(1, 2)
    assert hash(Twin(1, 2)) == hash(Twin(1, 2))


def test_an_ordered_record_sorts_by_its_fields() -> None:
    assert Version(major=1, minor=9) < Version(major=2)
    assert sorted([Version(major=2), Version(major=1)])[0] == Version(major=1)


def test_replace_changes_a_copy_and_refuses_unknown_names() -> None:
    point = Point(1, 2)
    assert replace(point, y=5) == Point(1, 5)
    assert point == Point(1, 2)
    with pytest.raises(TypeError):
        replace(point, z=1)


def test_a_record_survives_pickling_and_copying() -> None:
    point = Point(1, 2, ["a"])
    assert pickle.loads(pickle.dumps(point)) == point  # noqa: S301  # our own bytes
    assert copy.deepcopy(point) == point


def test_a_record_matches_patterns_and_shows_itself() -> None:
    match Point(3, 4):
        case Point(x, y):
            assert (x, y) == (3, 4)
    assert repr(Twin(1, 2)) == "Twin(x=1, y=2)"


@record
class Wide:
    """More fields than the small ones have."""

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int = 6
    g: str = "g"


@record(kw_only=True)
class Named:
    """Given by name alone, one that must be behind one that need not."""

    a: int = 1
    b: int
    lambda_: str = "c"


WRONG_NAMES: tuple[dict[str, Any], ...] = ({}, {"b": 1, "c": 2})


def test_what_is_made_very_often_keeps_its_promises() -> None:
    before = Wide.__init__, Named.__init__
    wide, named = Wide(1, 2, 3, 4, 5, g="x"), Named(b=2)
    for _ in range(2):
        assert Wide(a=1, b=2, c=3, d=4, e=5, f=6, g="x") == wide == Wide(1, 2, 3, 4, 5, 6, "x")
        assert (wide.f, Named(b=2, a=1) == named, named.lambda_) == (6, True, "c")
        for wrong in ((1, 2, 3, 4), (1, 2, 3, 4, 5, 6, "x", 8)):
            with pytest.raises(TypeError, match="Wide"):
                Wide(*wrong)
        for lacking in WRONG_NAMES:
            with pytest.raises(TypeError, match="Named"):
                Named(**lacking)
        with pytest.raises(TypeError, match="Named"):
            Named(1, 2)  # type: ignore[call-arg]  # what is refused
        assert copy.deepcopy(wide) == wide
        for number in range(600):
            Wide(number, 2, 3, 4, 5)
            Named(b=number)
    assert before[0] is not Wide.__init__
    assert before[1] is not Named.__init__
