"""Both writers of JSON give the same bytes, which are those of the standard library."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supervise import json_text

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet='中\x00\x1b\x7f\x80\xff\\xU"/\ud800\U0001f600\u2028 a', max_size=60),
)
PLAIN = st.recursive(
    st.one_of(TEXTS, st.integers(), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(TEXTS, inner),
        st.dictionaries(TEXTS, TEXTS, min_size=41, max_size=60),
    ),
    max_leaves=20,
)
TIGHT = (",", ":")


def indented(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def compact(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=TIGHT)
    return text.encode("utf-8", "surrogatepass")


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=TIGHT)


def ascii_only(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=TIGHT).encode()


STYLES: dict[str, tuple[Callable[[Any], object], Callable[[Any], object]]] = {
    "indented": (json_text.to_json, indented),
    "compact": (json_text.compact, compact),
    "canonical": (json_text.canonical, canonical),
    "ascii": (json_text.canonical_ascii, ascii_only),
}


@pytest.fixture(scope="module", params=[False, True], ids=["plainly", "quickly"], autouse=True)
def quick(request: pytest.FixtureRequest) -> Iterator[None]:
    """All of it twice, with either writer, whatever this process used before."""
    before = json_text._QUICK[:]
    json_text._QUICK[:] = [json_text._quick_writer()] if request.param else []
    yield
    json_text._QUICK[:] = before


@pytest.mark.parametrize("style", STYLES)
@example(value=["\x7f", "\xe9", "\U0001f600", "\\x41", "\\U0001f600"])
@example(value={"半": "\ud800", "全": 2**64, "负": -(2**63) - 1})
@example(value={"b": [], "a": {}, "c": ()})
@given(value=PLAIN)
def test_the_bytes_are_those_of_the_standard_library(style: str, value: object) -> None:
    ours, theirs = STYLES[style]
    assert ours(value) == theirs(value)


@example(value=[2**63, 2**64, -(2**64), "\ud800"])
@given(value=PLAIN)
def test_what_is_packed_is_read_back_as_it_was_by_whoever_reads(value: object) -> None:
    exact = json.loads(compact(value).decode("utf-8", "surrogatepass"))
    data = json_text.packed(value)
    assert json_text.unpacked(data) == exact
    assert json.loads(data.decode("utf-8", "surrogatepass")) == exact


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("value", [{1, 2}, [object()], {"a": b"b"}])
def test_what_is_not_plain_is_refused(style: str, value: object) -> None:
    with pytest.raises(TypeError):
        STYLES[style][0](value)


def test_the_quick_writer_is_imported_only_when_it_is_asked_for() -> None:
    script = """
import sys
from supervise import json_text
assert json_text.compact(["支小"]) == '["支小"]'.encode()
assert "orjson" not in sys.modules
json_text.quicken()
assert json_text._quickly(["支小"], json_text.COMPACT) == '["支小"]'.encode()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
