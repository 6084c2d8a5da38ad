"""Plain values → JSON text: always the same bytes, whichever writer is at work.

The standard library writes, and our own indenting in two thirds of its time. A process that goes on
to more than a few banks calls ``quicken`` once: then orjson writes, five to ten times as quickly.
It is imported there and not before, since that takes as long as a whole check. What it does not
write as the standard library would (half of a surrogate pair, whole numbers beyond 64 bits,
anything but plain values) it is not asked to write.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

INDENTED, COMPACT, SORTED = range(3)
"""Two spaces and a final newline; no spaces; no spaces and sorted keys."""
Writer = Callable[[object, int], bytes | None]

_TOLD = json.JSONEncoder(ensure_ascii=False).encode
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ASCII = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode
_MANY = 40
"""Plain values from which on the encoder in C is quicker, whatever it takes to call it."""
_PLAIN = frozenset({str, int, bool, type(None)})
_WORDS = {None: "null", True: "true", False: "false"}
_STEP = "  "
_MARK = b" "
_QUICK: list[Writer] = []
"""The quick writer of this process; at first there is none."""
_OTHERWISE = (b"\\x", b"\\U", b"\x7f")
"""Where Python escapes, or does not, in another way than JSON in ASCII does."""


@cache
def quicken() -> None:
    """From now on this process writes with orjson what both write alike."""
    _QUICK.append(_quick_writer())


def to_json(document: object) -> str:
    """One document for people and programs: Chinese as it is, two spaces, a final newline.

    Half of a surrogate pair, such as a file name in another encoding brings along, is escaped.
    """
    quick = _quickly(document, INDENTED)
    if quick is not None:
        return quick.decode()
    text = _value(document, ",\n") + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def compact(value: object, *, halves: str = "surrogatepass") -> bytes:
    """A value without spaces, Chinese as it is, in UTF-8.

    Args:
        value: Plain; keys are texts.
        halves: What becomes of half of a surrogate pair, as ``str.encode`` calls it.
    """
    quick = _quickly(value, COMPACT)
    return quick if quick is not None else _COMPACT(value).encode("utf-8", halves)


def packed(value: object) -> bytes:
    """A value for ``unpacked``, to be read back soon: as ``compact``, but for a mark in front.

    A space says that orjson wrote it: then no whole number in it is beyond 64 bits, which orjson
    would read as a float.
    """
    quick = _quickly(value, COMPACT)
    return _MARK + quick if quick is not None else compact(value)


def unpacked(data: bytes) -> Any:
    """What ``packed`` wrote, in this process or in another one.

    Raises:
        ValueError: It is damaged.
    """
    if data.startswith(_MARK) and _QUICK:
        import orjson

        return orjson.loads(data)
    return json.loads(data.decode("utf-8", "surrogatepass"))


def canonical(value: object) -> str:
    """The same text for the same content: sorted keys, no spaces, Chinese as it is.

    Raises:
        TypeError: Something that is neither text, whole number, truth value, list nor mapping.
    """
    quick = _quickly(value, SORTED)
    return quick.decode() if quick is not None else _SORTED(value)


def canonical_ascii(value: object) -> bytes:
    """The same with all but ASCII escaped.

    Raises:
        TypeError: As ``canonical``.
    """
    quick = _quickly(value, SORTED)
    if quick is not None:
        text = quick if quick.isascii() else quick.decode().encode("ascii", "backslashreplace")
        if not any(map(text.__contains__, _OTHERWISE)):
            return text
    return _ASCII(value).encode("ascii")


def _quickly(value: object, style: int) -> bytes | None:
    return _QUICK[0](value, style) if _QUICK else None


def _quick_writer() -> Writer:
    import orjson

    plain = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
    plain |= orjson.OPT_PASSTHROUGH_SUBCLASS
    options = {
        INDENTED: plain | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        COMPACT: plain,
        SORTED: plain | orjson.OPT_SORT_KEYS,
    }

    def write(value: object, style: int) -> bytes | None:
        try:
            return orjson.dumps(value, option=options[style])
        except TypeError:  # of which orjson's own is a kind
            return None

    return write


def _value(value: Any, between: str) -> str:
    """A value; ``between`` is what stands between it and the next one. Keys are texts."""
    kind = type(value)
    if kind is str:
        return _TOLD(value) if len(value) > _MANY else _word(value)
    if value is None or kind is bool:
        return _WORDS[value]
    if isinstance(value, dict):
        return _object(value, between + _STEP, between[1:]) if value else "{}"
    if isinstance(value, list | tuple):
        return _list(value, between + _STEP, between[1:]) if value else "[]"
    return _TOLD(value)


def _object(value: dict[Any, Any], between: str, end: str) -> str:
    if len(value) > _MANY and _PLAIN.issuperset(map(type, value.values())):
        body = _encoder(between)(value)[1:-1]
    else:
        body = between.join([f"{_word(k)}: {_value(each, between)}" for k, each in value.items()])
    return f"{{{between[1:]}{body}{end}}}"


def _list(value: list[Any] | tuple[Any, ...], between: str, end: str) -> str:
    return f"[{between[1:]}{between.join([_value(each, between) for each in value])}{end}]"


@lru_cache(maxsize=8192)
def _word(text: str) -> str:
    """A short text or a key: the same ones come again in every document."""
    return _TOLD(text)


@cache
def _encoder(between: str) -> Callable[[Any], str]:
    """An encoder that puts this between two values."""
    return json.JSONEncoder(ensure_ascii=False, separators=(between, ": ")).encode
