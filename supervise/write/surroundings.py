"""What is around WeasyPrint while it is imported and while it prints."""

from __future__ import annotations

import gc
import sys
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

_LEVEL = 6


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a document's boxes over and over (a tenth)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def quiet_about_the_profile() -> Iterator[None]:
    """WeasyPrint 70 leaves its own colour profile open for the collector to close."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


@contextmanager
def lighter_streams(pydyf: Any) -> Iterator[None]:
    """Streams of a PDF compressed as well as need be, not as well as can be.

    The last per cent takes four times as long, for the one stream that has all small objects a
    twentieth of a report.

    Args:
        pydyf: The module that writes them; it asks its own ``zlib`` for the highest level.
    """
    whole = pydyf.zlib
    pydyf.zlib = _Lighter()
    try:
        yield
    finally:
        pydyf.zlib = whole


class _Lighter:
    """``zlib``, as far as pydyf uses it; the stream of small objects is asked for twice."""

    compress = staticmethod(zlib.compress)

    def __init__(self) -> None:
        self._last = (b"", 0, b"")

    def compressobj(self, level: int) -> Any:
        """Of a level in the middle, whatever was asked for."""
        return _Stream(self, min(level, _LEVEL))

    def compressed(self, data: bytes, level: int) -> bytes:
        if self._last[:2] != (data, level):
            self._last = (data, level, zlib.compress(data, level))
        return self._last[2]


class _Stream:
    def __init__(self, library: _Lighter, level: int) -> None:
        self._library = library
        self._level = level

    def compress(self, data: bytes) -> bytes:
        return self._library.compressed(data, self._level)

    def flush(self) -> bytes:
        return b""


def take_apart(document: Any) -> None:
    """Undo the circles in a printed document, so that it is gone when nobody holds it any more.

    Else Python finds them by going through all that was made since it last looked: a thirtieth of
    a report. What is not found here where it was, it finds.

    Args:
        document: WeasyPrint's, not needed any more.
    """
    with suppress(AttributeError):
        for page in document.pages:
            for box in page._page_box.descendants():
                for style in (box.style, box.style.parent_style or box.style):
                    vars(style).clear()
                for group in getattr(box, "column_groups", ()):
                    for column in group.children:
                        vars(column).pop("get_cells", None)


@contextmanager
def without(package: str) -> Iterator[None]:
    """Whoever imports an optional package within does not find it, unless it is there already.

    Args:
        package: Name of a package that somebody uses if it is installed, and we never by him.
    """
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # how Python is told so
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def later(module: str, *functions: str) -> Iterator[None]:
    """Whoever imports a module within gets one that is loaded when something of it is used.

    Args:
        module: Its full name.
        functions: What is taken from it by name while it is imported, and may be called later.
    """
    if module in sys.modules:
        yield
        return
    stand_in = _StandIn(module)
    for name in functions:
        setattr(stand_in, name, _deferred(stand_in, name))
    sys.modules[module] = stand_in
    try:
        yield
    finally:
        stand_in.step_aside()


class _StandIn(ModuleType):
    """Gives what the module itself gives."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python asks for these while it imports
            raise AttributeError(name)
        self.step_aside()
        return getattr(import_module(self.__name__), name)

    def step_aside(self) -> None:
        """The next import finds the module itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


def _deferred(stand_in: _StandIn, name: str) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        return stand_in.__getattr__(name)(*arguments, **named)

    return call
