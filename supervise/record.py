"""Frozen, slotted, equal by content: ``@record`` in place of ``dataclasses.dataclass``.

A dataclass writes and compiles six functions for each class when it is imported; some ninety
classes of them cost more than checking a workbook. Here the functions are shared and nothing is
compiled. See docs/adr/0007-records.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, dataclass_transform, overload

Cls = TypeVar("Cls")
Put = Callable[..., None]
Field = tuple[str, Put, Any]
_MANY = 500
"""Instances of one class that only a process makes which goes on to more banks."""
_MISSING: Any = object()


class _Factory:
    """A default that is made anew for each value."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """A default that is made anew for each value."""
    return _Factory(default_factory)


@overload
def record(cls: type[Cls], /) -> type[Cls]: ...
@overload
def record(
    *, kw_only: bool = False, order: bool = False, frozen: bool = True
) -> Callable[[type[Cls]], type[Cls]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: Any = None, /, *, kw_only: bool = False, order: bool = False, frozen: bool = True
) -> Any:
    """Make a class a record of its annotated fields.

    Args:
        cls: A class without bases whose annotations are its fields, in order.
        kw_only: Fields are given by name only.
        order: Records compare by their fields in order.
        frozen: A field cannot be set again; only a frozen record has a hash.
    """
    kinds = _FROZEN if frozen else _OPEN
    extra = _SHARED | kinds | (_ORDER if order else {})
    if cls is None:
        return lambda decorated: _made(decorated, kw_only, extra)
    return _made(cls, kw_only, extra)


def replace(instance: Cls, /, **changes: Any) -> Cls:
    """A copy with some fields changed.

    Raises:
        TypeError: A name that is no field.
    """
    names = type(instance).__slots__  # type: ignore[attr-defined]  # set by ``record``
    # In the order of the fields: so a large record is made at once.
    fields = {name: getattr(instance, name) for name in names} | changes
    return type(instance)(**fields)


def _made(cls: Any, kw_only: bool, extra: dict[str, Any]) -> Any:
    names = tuple(getattr(cls, "__annotations__", ()))
    space = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
    defaults = tuple(space.pop(name, _MISSING) for name in names)
    space |= {"__slots__": names, "__match_args__": () if kw_only else names}
    space |= extra
    made = type(cls)(cls.__name__, cls.__bases__, space)
    made.__init__ = _initialiser(made, names, defaults, kw_only)
    return made


def _initialiser(
    made: Any, names: tuple[str, ...], defaults: tuple[Any, ...], kw_only: bool
) -> Callable[..., None]:
    setters = tuple(getattr(made, name).__set__ for name in names)
    quick = None if kw_only else _QUICK.get(len(names))
    given = sum(default is _MISSING for default in defaults)
    simple = not any(type(default) is _Factory for default in defaults)
    simple = simple and (kw_only or _MISSING not in defaults[given:])
    if quick is not None and simple:
        return _called(quick(*setters), made.__qualname__, names, defaults[given:])
    fields = tuple(zip(names, setters, defaults, strict=True))
    return _general(made, fields, 0 if kw_only else len(names), _MANY if simple else 0)


def _general(made: Any, fields: tuple[Field, ...], most: int, many: int) -> Callable[..., None]:
    """Sets any number of fields, at most so many by place.

    Args:
        made: The class.
        fields: Name, setter and default of each.
        most: How many may be given by place.
        many: Of which instance on a function of the class's own is worth its making; 0: of none.
    """
    title = made.__qualname__
    places = tuple((name, put, _lacking(title, name, default)) for name, put, default in fields)
    names, setters, _ = zip(*fields, strict=True) if fields else ((), (), ())
    count, left = len(names), many

    def initialise(self: Any, *args: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            made.__init__ = _own(title, fields, by_name=most == 0)
        if not args and tuple(named) == names:  # as large ones are made
            for setter, value in zip(setters, named.values()):  # noqa: B905  # just compared
                setter(self, value)
            return
        if len(args) > most:
            raise TypeError(f"{title} takes at most {most} positional arguments, got {len(args)}")
        for setter, arg in zip(setters, args):  # noqa: B905  # fewer arguments than fields is usual
            setter(self, arg)
        if len(args) < count or named:
            _fill(self, title, places[len(args) :], named)

    return initialise


def _own(title: str, fields: tuple[Field, ...], *, by_name: bool) -> Callable[..., None]:
    """A function whose parameters are the fields: in half the time, but to make it takes 0.2 ms."""
    space: dict[str, Any] = {f"put_{name}": put for name, put, _ in fields}
    space |= {f"default_{name}": default for name, _, default in fields}
    given = [
        name if default is _MISSING else f"{name}=default_{name}" for name, _, default in fields
    ]
    head = f"def initialise({', '.join(['self', *['*'] * by_name, *given])}):"
    lines = (f"    put_{name}(self, {name})" for name, _, _ in fields)
    exec("\n".join([head, *lines]), space)  # noqa: S102  # of names of fields alone
    made: Callable[..., None] = space["initialise"]
    made.__qualname__ = f"{title}.__init__"
    return made


def _fill(self: Any, title: str, places: Sequence[tuple[str, Put, Any]], named: Any) -> None:
    """Set fields by name, the others to their defaults.

    Raises:
        TypeError: One has no default, or a name is no field that is left.
    """
    left = len(named)
    for name, setter, default in places:
        if name in named:
            setter(self, named[name])
            left -= 1
            continue
        setter(self, default.make() if type(default) is _Factory else default)
    if left:
        raise TypeError(f"{title} has no such field, or it was given twice: {[*named]}")


# Small records are made by the thousand. Python itself sorts out their arguments once the
# parameters of one of these functions bear the names of the fields.
def _called(
    put: Any, title: str, names: tuple[str, ...], defaults: tuple[Any, ...]
) -> Callable[..., None]:
    """A function with the names and defaults of fields as those of its parameters."""
    put.__code__ = put.__code__.replace(co_varnames=("self", *names))
    put.__defaults__ = defaults
    put.__qualname__ = f"{title}.__init__"
    done: Callable[..., None] = put
    return done


def _of_one(put_1: Put) -> Put:
    def initialise(self: Any, one: Any) -> None:
        put_1(self, one)

    return initialise


def _of_two(put_1: Put, put_2: Put) -> Put:
    def initialise(self: Any, one: Any, two: Any) -> None:
        put_1(self, one)
        put_2(self, two)

    return initialise


def _of_three(put_1: Put, put_2: Put, put_3: Put) -> Put:
    def initialise(self: Any, one: Any, two: Any, three: Any) -> None:
        put_1(self, one)
        put_2(self, two)
        put_3(self, three)

    return initialise


def _of_four(put_1: Put, put_2: Put, put_3: Put, put_4: Put) -> Put:
    def initialise(self: Any, one: Any, two: Any, three: Any, four: Any) -> None:
        put_1(self, one)
        put_2(self, two)
        put_3(self, three)
        put_4(self, four)

    return initialise


def _of_five(*puts: Put) -> Put:
    put_1, put_2, put_3, put_4, put_5 = puts

    def initialise(self: Any, one: Any, two: Any, three: Any, four: Any, five: Any) -> None:  # noqa: PLR0917  # one for each field
        put_1(self, one)
        put_2(self, two)
        put_3(self, three)
        put_4(self, four)
        put_5(self, five)

    return initialise


_QUICK: dict[int, Callable[..., Put]] = {
    1: _of_one, 2: _of_two, 3: _of_three, 4: _of_four, 5: _of_five,
}  # fmt: skip


def _lacking(title: str, name: str, default: Any) -> Any:
    """The default of a field; of one that has none, what says so when it is asked for."""

    def lack() -> None:
        raise TypeError(f"{title} lacks {name!r}")

    return _Factory(lack) if default is _MISSING else default


def _fields(instance: Any) -> tuple[Any, ...]:
    return tuple(getattr(instance, name) for name in instance.__slots__)


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or _fields(self) == _fields(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, _fields(self)))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{self.__class__.__qualname__}({shown})"


def _frozen(self: Any, name: str, *_: object) -> None:
    raise AttributeError(f"{self.__class__.__qualname__} is a value: {name!r} cannot be changed")


def _rebuild(cls: Any, fields: dict[str, Any]) -> Any:
    return cls(**fields)


def _reduce(self: Any) -> tuple[Any, ...]:
    return _rebuild, (self.__class__, {name: getattr(self, name) for name in self.__slots__})


def _comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Any, object], Any]:
    def compared(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(_fields(self), _fields(other))

    return compared


_SHARED: dict[str, Any] = {
    "__eq__": _eq,
    "__repr__": _repr,
    "__reduce__": _reduce,
}
_FROZEN: dict[str, Any] = {"__hash__": _hash, "__setattr__": _frozen, "__delattr__": _frozen}
_OPEN: dict[str, Any] = {"__hash__": None}
_ORDER: dict[str, Any] = {
    "__lt__": _comparison(lambda a, b: a < b),
    "__le__": _comparison(lambda a, b: a <= b),
    "__gt__": _comparison(lambda a, b: a > b),
    "__ge__": _comparison(lambda a, b: a >= b),
}
