"""An office's own look: what it may change, and that nothing of it reaches code or the outside."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from builders import nil_bank, workbook
from factories_report import evaluation
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from supervise.cli import main
from supervise.errors import RenderingError, UsageError
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.look import Look
from supervise.write.report import Renderer
from supervise.write.typeface import SHIPPED, families

WORDS = read_words()
RARE = "𠮷"
GUIDE = Path(__file__).parents[1] / "docs" / "office-look.md"
EXAMPLE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def page(folder: Path) -> str:
    return Renderer(words=WORDS, templates=folder).html(evaluation(), audience="bank")


def refused(folder: Path) -> RenderingError:
    with pytest.raises(RenderingError) as caught:
        Renderer(words=WORDS, templates=folder).standalone(evaluation(), audience="bank")
    error = caught.value
    assert error.exit_code == 7
    assert all((error.what, error.where, error.expected, error.fix))
    return error


def font(path: Path, characters: str, *, family: str = "Office Song", **odd: bool) -> Path:
    """A small static font; ``varies``, ``restricted`` make it unfit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(point)
    pen.closePath()
    glyph = pen.glyph()
    names = [".notdef", *(f"u{ord(c):X}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c):X}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(fsType=2 if odd.get("restricted") else 0)
    builder.setupPost()
    if odd.get("varies"):
        builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    builder.save(path)
    return path


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    files = EXAMPLE.findall(GUIDE.read_text(encoding="utf-8"))
    assert [name for name, _ in files] == [
        "variables.css", "report/use.html.j2", "office/contact.j2",
    ]  # fmt: skip
    for name, text in files:
        put(tmp_path, name, text)
    made = Renderer(words=WORDS, templates=tmp_path).standalone(evaluation(), audience="bank")
    assert "#5a1f1f" in made
    assert "#14324a" not in made.split("</style>")[0]
    assert "请于收到之日起书面提出" in made
    assert 'aria-label="局徽"' in made
    assert Renderer(words=WORDS, templates=tmp_path).pdf(evaluation()).startswith(b"%PDF")


def test_variables_that_an_office_does_not_name_keep_their_value(tmp_path: Path) -> None:
    style = Look(put(tmp_path, "variables.css", ":root { --navy: #123456; }")).style()
    assert "#123456" in style
    assert "var(" not in style


@pytest.mark.parametrize(
    "trick",
    [
        "{{ ''.__class__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ r.cover.__init__.__globals__ }}",
        "{{ t.__call__.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ '{0.__class__}'.format(r) }}",
        "{{ t.texts.update({'a': 'b'}) }}",
        "{{ t.texts.clear() }}",
        "{{ r.nothing }}",
        "{{ t('no.such.wording') }}",
        "{{ 1 / 0 }}",
        "{% for n in range(10 ** 9) %}{% endfor %}",
        "{% include '../secret.j2' %}",
        "{% include '/etc/passwd' %}",
        "{% include 'report/cover.html.j2' %}",
        "{% if %}",
    ],
)
def test_a_trick_is_refused_with_file_and_line(tmp_path: Path, trick: str) -> None:
    put(tmp_path, "secret.j2", "geheim")
    error = refused(put(tmp_path / "look", "report/cover.html.j2", f"<p>甲</p>\n{trick}\n"))
    assert error.code == "template_invalid"
    assert error.where == "report/cover.html.j2:2"
    assert WORDS("report.use.title") == "结果运用"


@pytest.mark.parametrize(
    "line",
    [
        '<img src="https://example.org/a.png">',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="a.css">',
        "<script>alert(1)</script>",
        '<p onclick="x()">甲</p>',
        '<p style="background: URL( a.png )">甲</p>',
        '<p style="background: u\\72l(a.png)">甲</p>',
        "<style>@import 'a.css';</style>",
        '<iframe srcdoc="甲"></iframe>',
        '<a href="javascript:x()">甲</a>',
        '<meta http-equiv="refresh" content="0">',
        "<svg><image href='a.png'/></svg>",
        '<svg><use xlink:href="a.svg#b"/></svg>',
    ],
)
def test_a_template_that_reaches_out_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    error = refused(put(tmp_path, "report/use.html.j2", f"<section>\n\n{line}\n</section>"))
    assert error.code == "template_reaches_out"
    assert error.where == "report/use.html.j2:3"


def test_an_address_put_together_by_the_template_is_refused_too(tmp_path: Path) -> None:
    text = "<section><{{ 'im' ~ 'g' }} {{ 'sr' ~ 'c' }}=\"{{ 'a.png' }}\"></section>"
    assert refused(put(tmp_path, "report/use.html.j2", text)).code == "template_reaches_out"


@pytest.mark.parametrize(
    "line", ["p { background: url(a.png) }", "@import 'a.css';", "p { src: local('Arial') }"]
)
def test_a_style_sheet_that_reaches_out_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    error = refused(put(tmp_path, "screen.css", f"p {{}}\n{line}\n"))
    assert (error.code, error.where) == ("template_reaches_out", "screen.css:2")


def test_what_stays_within_the_file_is_allowed(tmp_path: Path) -> None:
    text = (
        '<section><a href="https://www.example.org">甲</a><a href="#b">乙</a>'
        '<svg><defs><path id="b"/></defs><use xlink:href="#b"/></svg>'
        "<p style=\"clip-path: url('#b')\">丙</p></section>"
    )
    assert 'xlink:href="#b"' in page(put(tmp_path, "report/use.html.j2", text))


def test_what_a_bank_wrote_is_no_markup_and_never_refused(tmp_path: Path) -> None:
    put(tmp_path, "variables.css", ":root { --navy: #123456; }")
    made = Renderer(words=WORDS, templates=tmp_path)
    name = "<img src=a> url(a) @import 银行"
    assert "&lt;img src=a&gt;" in made.html(evaluation(name=name), audience="bank")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "secret.txt", "geheim")
    look = tmp_path / "look" / "report"
    look.mkdir(parents=True)
    (look / "mine.j2").symlink_to(tmp_path / "secret.txt")
    error = refused(tmp_path / "look")
    assert (error.code, "report/mine.j2" in error.what) == ("template_reaches_out", True)


@pytest.mark.parametrize(
    ("name", "near"),
    [("reprot.css", "report.css"), ("report/covers.html.j2", "report/cover.html.j2")],
)
def test_a_name_misspelt_is_refused_with_the_right_one(
    tmp_path: Path, name: str, near: str
) -> None:
    assert near in refused(put(tmp_path, name, "")).expected


def test_an_unknown_variable_is_refused_with_the_nearest(tmp_path: Path) -> None:
    error = refused(put(tmp_path, "variables.css", ":root {\n  --navi: #123456;\n}"))
    assert error.where == "variables.css:2"
    assert "--navy" in error.expected


def test_a_folder_that_is_not_there_is_a_fault_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Renderer(words=WORDS, templates=tmp_path / "none")
    assert caught.value.code == "templates_missing"


def test_a_style_sheet_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "screen.css").write_bytes("/* 甲 */".encode("gbk"))
    assert refused(tmp_path).code == "template_invalid"


@pytest.mark.parametrize("ending", ["ttf", "otf"])
def test_an_offices_font_writes_what_ours_cannot(tmp_path: Path, ending: str) -> None:
    font(tmp_path / "fonts" / f"song.{ending}", RARE)
    renderer = Renderer(words=WORDS, templates=tmp_path)
    assert '"Supervise Sans SC", "Office Song"' in renderer.style()
    pdf = renderer.pdf(evaluation(name=f"{RARE}田银行"), audience="bank")
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout
    assert "Office-Song" in fonts
    assert "Supervise" in fonts
    assert pdf == renderer.pdf(evaluation(name=f"{RARE}田银行"), audience="bank")


def test_a_font_of_a_rare_character_leaves_all_others_to_ours(tmp_path: Path) -> None:
    font(tmp_path / "fonts" / "song.ttf", RARE + "银")
    plain = Renderer(words=WORDS).pdf(evaluation(), audience="bank")
    file = tmp_path / "report.pdf"
    file.write_bytes(Renderer(words=WORDS, templates=tmp_path).pdf(evaluation(), audience="bank"))
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout
    assert "Office" not in fonts
    assert len(plain) == pytest.approx(file.stat().st_size, rel=0.01)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        ({"varies": True}, "可变字体"),
        ({"restricted": True}, "不许嵌入"),
        ({"family": "Supervise Sans SC"}, "不能用"),
    ],
)
def test_an_unfit_font_is_refused(tmp_path: Path, made: dict[str, object], what: str) -> None:
    font(tmp_path / "fonts" / "song.ttf", RARE, **made)  # type: ignore[arg-type]  # odd on purpose
    error = refused(tmp_path)
    assert error.code == "font_unusable"
    assert what in error.what


@pytest.mark.parametrize(
    ("name", "what"), [("song.woff2", "不是 TTF"), ("song.ttc", "不是 TTF"), ("song.ttf", "读取")]
)
def test_a_file_that_is_no_font_of_ours_is_refused(tmp_path: Path, name: str, what: str) -> None:
    put(tmp_path, f"fonts/{name}", "no font")
    assert what in refused(tmp_path).what


def test_a_licence_beside_the_fonts_is_no_font(tmp_path: Path) -> None:
    font(tmp_path / "fonts" / "song.ttf", RARE)
    put(tmp_path, "fonts/OFL.txt", "licence")
    assert families(tmp_path / "fonts") == ("Office Song",)
    assert Look(tmp_path).fonts == (SHIPPED, tmp_path / "fonts")


def test_every_missing_character_is_named_with_code_point_and_place() -> None:
    rare = "".join(map(chr, range(0x20001, 0x20001 + 15)))
    made = evaluation(name=f"{rare}\ue000银行")
    with pytest.raises(RenderingError) as caught:
        Renderer(words=WORDS).pdf(made, audience="bank")
    error = caught.value
    assert (error.code, error.exit_code) == ("glyph_missing", 7)
    assert "16 个字" in error.what
    for character in (*rare, "\ue000"):
        assert f"U+{ord(character):04X}" in error.what
    assert "封面“" in error.what


def test_the_place_of_a_missing_character_is_its_section_and_row() -> None:
    made = evaluation()
    finding = made.findings[1]
    odd = replace(finding, message=f"全部{RARE}分支机构")
    made = replace(made, findings=(made.findings[0], odd))
    with pytest.raises(RenderingError) as caught:
        Renderer(words=WORDS).pdf(made, audience="bank")
    assert f"数据质量与校验发现第 2 行“全部{RARE}分支机构”" in caught.value.what


def test_a_template_with_a_rare_character_is_told_as_such(tmp_path: Path) -> None:
    put(tmp_path, "report/use.html.j2", f"<section><p>{RARE}</p></section>")
    with pytest.raises(RenderingError) as caught:
        Renderer(words=WORDS, templates=tmp_path).pdf(evaluation(), audience="bank")
    assert "模板或文字表" in caught.value.what


@pytest.mark.real
def test_a_run_with_a_missing_glyph_ends_with_seven_and_reports_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook(tmp_path / "a.xlsx", nil_bank())
    odd = nil_bank(COVER_bank_code="B0002H233000001", COVER_bank_name=f"{RARE}田农商行")
    workbook(tmp_path / "b.xlsx", odd)
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        main(["evaluate", str(tmp_path), "-o", str(out), "--workers", "1"])
    assert left.value.code == 7
    assert "U+20BB7" in capsys.readouterr().err
    assert list(out.glob("B0001H233000001/*.pdf"))
    assert not list(out.glob("B0002H233000001/*"))
