"""What WeasyPrint finds around it: its own style sheet pared down, parts of fontTools unloaded."""

from __future__ import annotations

import gc
import subprocess
import sys
import zlib
from datetime import date
from types import SimpleNamespace

import pytest

from supervise.write.browser_styles import spare_sheet
from supervise.write.press import Credits, Press, import_weasyprint
from supervise.write.surroundings import collector_at_rest, lighter_streams, take_apart
from supervise.write.typeface import SHIPPED

TOLD = Credits(title="t", author="a", subject="s", keywords=(), day=date(2026, 9, 30))
SHEET = "li { display: list-item }\n::marker { white-space: pre }\n::note-call { content: '1' }\n"


def test_markers_are_styled_on_list_items_alone_and_notes_nowhere() -> None:
    assert spare_sheet(SHEET, "<p>text</p>") == (
        "li { display: list-item }\nli::marker { white-space: pre }\n\n"
    )


@pytest.mark.parametrize(
    "made",
    [
        "<style>p { display: List-Item }</style>",
        "<i style='float: footnote'>x</i>",
        "<i style='position: note(margin)'>x</i>",
        r"<style>p { display: l\69st-item }</style>",
    ],
)
def test_a_document_that_makes_them_itself_has_the_whole_sheet(made: str) -> None:
    assert spare_sheet(SHEET, "<p>text</p>", made) is None


@pytest.mark.parametrize(
    ("style", "body"),
    [
        ("", "<ol><li>one</li><li>two</li></ol><p>a<br>b</p>"),
        ("b { float: footnote }", "<p>text<b>below</b></p>"),
        ("p { display: list-item; margin-left: 3em }", "<p>1</p><p>2</p>"),
    ],
)
def test_pages_are_the_same_to_the_byte_with_either_sheet(style: str, body: str) -> None:
    markup = f"<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>"
    quick, slow = (Press(style, [SHIPPED], quick=quick) for quick in (True, False))
    assert quick.print(markup, TOLD) == slow.print(markup, TOLD)


def test_what_is_not_needed_is_loaded_when_it_is_asked_for() -> None:
    script = """
import sys
from supervise.write.press import import_weasyprint
import_weasyprint()
unneeded = {"lxml", "fontTools.subset", "fontTools.varLib.instancer"}
assert not unneeded & set(sys.modules), unneeded & set(sys.modules)
from weasyprint.pdf import fonts
assert fonts.subset.Options().hinting
try:
    fonts.instantiateVariableFont(None, {})
except TypeError:
    pass
import lxml, fontTools.subset, fontTools.varLib.instancer
assert fontTools.subset.__file__ and fontTools.varLib.instancer.__file__
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)


def test_a_worker_knows_no_commands() -> None:
    script = "import sys, supervise.__main__, supervise.batch.worker; print('click' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert said.stdout.split() == [b"False"]


def test_streams_are_compressed_as_well_as_need_be_and_pydyf_is_left_as_it_was() -> None:
    weasyprint = import_weasyprint()
    pydyf = weasyprint.pdf.pydyf
    text = b"".join(b"%d 0 obj << /K [%d 0 R] >>\n" % (n, n * n % 997) for n in range(9_000))

    def written() -> bytes:
        stream: bytes = pydyf.Stream([text], compress=True).data
        return stream.split(b"stream\n", 1)[1].removesuffix(b"\nendstream")

    with lighter_streams(pydyf):
        assert written() == written() == zlib.compress(text, 6)
        text = text[:-1]
        assert written() == zlib.compress(text, 6)
    assert written() == zlib.compress(text, 9) != zlib.compress(text, 6)


def test_of_a_printed_document_little_is_left_to_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press("td { padding: 1px }", [SHIPPED])
    rows = "<tr><th>a</th><td><p>b</p></td><td><i>c</i></td></tr>" * 200
    table = f"<table><colgroup><col><col><col></colgroup>{rows}</table>"
    markup = f"<html lang='en'><head><title>t</title></head><body>{table}</body></html>"

    def left() -> int:
        gc.collect()
        with collector_at_rest():
            press.print(markup, TOLD)
            return gc.collect()

    left()
    few = left()
    monkeypatch.setattr("supervise.write.press.take_apart", lambda document: None)
    assert few < left() * 0.8


def test_a_document_that_hangs_together_otherwise_is_left_to_python() -> None:
    page = SimpleNamespace(_page_box=SimpleNamespace(descendants=lambda: [object()]))
    for document in (object(), SimpleNamespace(pages=[page])):
        take_apart(document)
