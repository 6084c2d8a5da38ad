"""The marked workbook: the bank's file untouched but for fills, comments and one leading sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from marked import (
    AMBER,
    BLOCKED,
    BLUE,
    OURS,
    RED,
    SAMPLES,
    SOUND,
    WORDS,
    corrected,
    document,
    evaluated,
    finding,
    marked,
    opened,
    packed_parts,
    parts_of,
    saved,
    through_libreoffice,
    unmarked,
)
from openpyxl import load_workbook

from supervise.core.evaluation import Evaluation
from supervise.core.model import Finding
from supervise.errors import UsageError
from supervise.ooxml import marks
from supervise.record import replace
from supervise.write.annotate import annotate

EVERY = [
    p
    for period in ("2025Q4", "2026Q3")
    for p in sorted(SAMPLES.glob(f"{period}/*.xlsx"))
    if p.stem != "rcc02-heqing"
]
FOUND = [p for p in EVERY if p.stem in {"rc10-luyu-1", "rc11-tongji", "rc12-hexiu", "vb03-ouxi"}]
SHARED = {
    "[Content_Types].xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
}


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def with_findings(path: Path, *findings: Finding) -> Evaluation:
    return replace(evaluated(path), findings=findings, status="blocked")


def sheet_parts(data: bytes) -> dict[str, str]:
    """Tab to part."""
    parts = parts_of(data)
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    lines = [
        dict(re.findall(r'(\w+)="([^"]*)"', r)) for r in re.findall("<Relationship .*?>", rels)
    ]
    targets = {line["Id"]: line["Target"] for line in lines}
    found = {}
    for tag in re.findall(r"<sheet .*?>", parts["xl/workbook.xml"].decode()):
        told = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        target = targets[told["r:id"]]
        found[told["name"]] = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
    return found


@pytest.mark.parametrize("path", [BLOCKED, *FOUND], ids=name)
def test_every_other_part_lies_in_the_archive_as_it_was_packed(path: Path) -> None:
    before, after = packed_parts(path.read_bytes()), packed_parts(marked(path))
    tabs = sheet_parts(path.read_bytes())
    named = {cell.rpartition("!")[0] for f in evaluated(path).findings for cell in f.cells}
    changed = {part for part, packed in before.items() if after[part] != packed}
    assert changed == SHARED | {tabs[sheet] for sheet in named}
    assert list(after)[: len(before)] == list(before)


@pytest.mark.parametrize("path", [BLOCKED, *FOUND], ids=name)
def test_a_marked_sheet_differs_in_the_style_of_the_named_cells_alone(path: Path) -> None:
    data = marked(path)
    before, after = parts_of(path.read_bytes()), parts_of(data)
    named = {c.replace("!", "|") for f in evaluated(path).findings for c in f.cells}
    for tab, part in sheet_parts(path.read_bytes()).items():
        if after[part] == before[part]:
            continue
        new = re.sub(r"<legacyDrawing [^>]*/>", "", after[part].decode())
        cells = re.compile(r'<c r="(\w+)"([^>]*?) s="(\d+)"')
        old_styles = {m[1]: m[3] for m in cells.finditer(before[part].decode())}
        differing = {m[1] for m in cells.finditer(new) if old_styles[m[1]] != m[3]}
        assert differing == {c.partition("|")[2] for c in named if c.startswith(f"{tab}|")}
        blind = re.compile(r' s="\d+"')
        assert blind.sub("", new) == blind.sub("", before[part].decode())


@pytest.mark.parametrize("path", [BLOCKED, *FOUND], ids=name)
def test_every_value_and_result_of_a_formula_is_kept(path: Path) -> None:
    for results in (True, False):
        before, after = (
            load_workbook(path, data_only=results),
            opened(marked(path), results=results),
        )
        assert after.sheetnames == [OURS, *before.sheetnames]
        for sheet in before:
            values = [[cell.value for cell in row] for row in sheet.iter_rows()]
            assert [[c.value for c in row] for row in after[sheet.title].iter_rows()] == values


def test_a_marked_cell_keeps_all_of_its_look_but_the_fill() -> None:
    before, after = load_workbook(BLOCKED), opened(marked(BLOCKED))
    for told in evaluated(BLOCKED).findings:
        for named in told.cells:
            sheet, _, address = named.rpartition("!")
            old, new = before[sheet][address], after[sheet][address]
            assert new.fill.fgColor.rgb == RED
            for look in ("number_format", "font", "border", "alignment", "protection"):
                assert repr(getattr(new, look)) == repr(getattr(old, look)), (named, look)


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_checking_the_marked_copy_gives_the_same_verdict(path: Path, tmp_path: Path) -> None:
    copy = saved(tmp_path, marked(path), path)
    assert document(copy) == document(path)


@pytest.mark.parametrize("path", [SOUND, BLOCKED, *FOUND], ids=name)
def test_marking_a_marked_copy_again_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    once = saved(tmp_path, marked(path), path)
    assert marked(once) == once.read_bytes()


def test_marking_the_same_file_twice_gives_the_same_bytes() -> None:
    assert marked(BLOCKED) == marked(BLOCKED)


def test_what_was_marked_and_is_mended_loses_its_mark(tmp_path: Path) -> None:
    once = saved(tmp_path, marked(BLOCKED), BLOCKED)
    told = evaluated(once)
    other = replace(told, findings=(finding("G01!C6", severity="explain"),))
    again = opened(annotate(once.read_bytes(), other, WORDS))
    assert again.sheetnames.count(OURS) == 1
    before = load_workbook(BLOCKED)
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                new = again[sheet.title][cell.coordinate]
                if (sheet.title, cell.coordinate) == ("G01", "C6"):
                    assert new.fill.fgColor.rgb == AMBER
                    assert new.comment is not None
                else:
                    assert repr(new.fill) == repr(cell.fill), cell
                    assert new.comment is None
    assert again[OURS].max_row == 7


def test_taking_the_marks_out_gives_back_every_part_but_the_longer_list_of_styles() -> None:
    before, after = parts_of(BLOCKED.read_bytes()), parts_of(unmarked(marked(BLOCKED)))
    assert set(after) == set(before)
    assert {part for part in before if after[part] != before[part]} <= {
        "xl/styles.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
    }
    names = [n for n in (before, after) for n in re.findall(b"<sheet .*?>", n["xl/workbook.xml"])]
    assert names[: len(names) // 2] == names[len(names) // 2 :]
    assert marks.NAME.encode() not in after["xl/workbook.xml"]
    assert b"comments" not in after["[Content_Types].xml"]


def test_a_file_without_marks_is_not_touched_when_they_are_taken_out() -> None:
    parts = packed_parts(unmarked(SOUND.read_bytes()))
    assert parts == packed_parts(SOUND.read_bytes())


def test_the_first_cell_says_all_and_the_others_lead_there() -> None:
    book = opened(marked(BLOCKED))
    told = next(f for f in evaluated(BLOCKED).findings if len(f.cells) > 2)
    sheet, _, first = told.cells[0].rpartition("!")
    said = book[sheet][first].comment.text
    assert all(text in said for text in (told.check, told.message, told.fix, "依据：", "[阻断]"))
    for named in told.cells[1:]:
        comment = book[sheet][named.rpartition("!")[2]].comment
        assert f"见 {first}" in comment.text
        assert told.message not in comment.text
        assert comment.author == marks.AUTHOR


def test_a_cell_in_another_sheet_is_led_to_the_sheet_too() -> None:
    told = with_findings(SOUND, finding("G01!C6", "S71_I!C8"))
    book = opened(annotate(SOUND.read_bytes(), told, WORDS))
    assert "见 G01!C6" in book["S71_I"]["C8"].comment.text


def test_several_findings_at_one_cell_share_a_comment_and_the_gravest_colour() -> None:
    told = with_findings(
        SOUND,
        finding("G01!C6", severity="advisory", message="甲"),
        finding("G01!C6", severity="explain", message="乙"),
        finding("G01!D6", severity="advisory", message="丙"),
    )
    sheet = opened(annotate(SOUND.read_bytes(), told, WORDS))["G01"]
    assert "乙" in sheet["C6"].comment.text
    assert "甲" in sheet["C6"].comment.text
    assert sheet["C6"].fill.fgColor.rgb == AMBER
    assert sheet["D6"].fill.fgColor.rgb == BLUE


def test_a_comment_shows_at_most_some_findings_and_counts_the_rest() -> None:
    many = [finding("G01!C6", message=f"第{n}条") for n in range(9)]
    comment = opened(annotate(SOUND.read_bytes(), with_findings(SOUND, *many), WORDS))["G01"]["C6"]
    assert "第4条" in comment.comment.text
    assert "第5条" not in comment.comment.text
    assert "另有 4 条" in comment.comment.text


def test_the_right_value_is_said_where_it_is_known() -> None:
    fixes = (corrected("G01!C6", "1,240.00"), corrected("G01!D6", "7.00"))
    told = with_findings(SOUND, finding("G01!C6", "G01!D6", corrections=fixes))
    book = opened(annotate(SOUND.read_bytes(), told, WORDS))
    assert "应填：1,240.00" in book["G01"]["C6"].comment.text
    assert "本格应填 7.00" in book["G01"]["D6"].comment.text
    assert "G01!D6 → 7.00" in "".join(str(c.value) for c in book[OURS][7])


def test_a_long_list_of_cells_is_coloured_whole_and_commented_in_part() -> None:
    cells = [f"XW2分支机构!{column}{row}" for row in range(16, 56) for column in "ABCDEFGH"]
    told = with_findings(SOUND, finding(*cells))
    sheet = opened(annotate(SOUND.read_bytes(), told, WORDS))["XW2分支机构"]
    marked_cells = [sheet[c.rpartition("!")[2]] for c in cells]
    assert {cell.fill.fgColor.rgb for cell in marked_cells} == {RED}
    assert sum(cell.comment is not None for cell in marked_cells) == 201


def test_the_sheet_leads_and_lists_every_finding_with_a_link() -> None:
    data = marked(FOUND[2])
    sheet = opened(data).worksheets[0]
    findings = evaluated(FOUND[2]).findings
    assert sheet.title == OURS
    heads = {cell.value: cell.column for cell in sheet[6] if cell.value}
    assert [sheet.cell(7 + n, heads["序号"]).value for n in range(len(findings))] == [
        n + 1 for n in range(len(findings))
    ]
    listed = set()
    for row in range(7, 7 + len(findings)):
        cell = sheet.cell(row, heads["单元格"])
        listed.add(cell.value)
        tab, _, address = cell.value.rpartition("!")
        assert cell.hyperlink.location == f"'{tab}'!{address}"
        assert all(
            sheet.cell(row, heads[h]).value for h in ("级别", "问题", "处理", "依据", "校核")
        )
    assert listed == {f.cells[0] for f in findings}


def test_the_sheet_says_whether_the_bank_may_file_and_how_much_is_wrong() -> None:
    sheet = opened(marked(BLOCKED)).worksheets[0]
    top = [str(sheet.cell(row, 1).value) for row in range(1, 6)]
    bank = evaluated(BLOCKED).submission.bank
    assert "校核结果" in top[0]
    assert bank.name in top[1]
    assert bank.code in top[1]
    assert "2026年三季度" in top[1]
    assert top[2] == "结论：不能报送，须先更正"
    assert "校验发现 2 项：阻断 2，需说明 0，提示 0" in top[3]
    assert "须更正才能报送" in top[4]


def test_a_sound_workbook_gets_the_sheet_too_and_nothing_else() -> None:
    data = marked(SOUND)
    sheet = opened(data).worksheets[0]
    assert sheet["A3"].value == "结论：可以报送"
    assert sheet["A7"].value == "未发现问题。"
    before = packed_parts(SOUND.read_bytes())
    assert {p for p, packed in before.items() if packed_parts(data)[p] != packed} == SHARED


def test_the_sheet_is_set_up_to_be_read_filtered_and_printed() -> None:
    book = opened(marked(BLOCKED))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A7"
    assert sheet.auto_filter.ref.startswith("A6:")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.print_area.startswith(f"'{OURS}'!$A$1:")
    assert not sheet.protection.sheet
    assert all(sheet.column_dimensions[c].hidden for c in ("AA",))


def test_what_became_of_a_finding_stands_beside_it() -> None:
    told = evaluated(BLOCKED)
    first = told.findings[0]
    key = (first.check, first.cells[0])
    data = annotate(BLOCKED.read_bytes(), told, WORDS, marks={key: "recurred"})
    book = opened(data)
    assert "变化" in [cell.value for cell in book[OURS][6]]
    assert "复发" in [cell.value for cell in book[OURS][7]] + [c.value for c in book[OURS][8]]
    sheet, _, address = first.cells[0].rpartition("!")
    assert "（复发）" in book[sheet][address].comment.text


def test_a_text_of_the_bank_cannot_become_a_formula_or_break_the_file() -> None:
    hostile = '=HYPERLINK("http://x")<&>\x00\x1b]]>_x0041_' + "长" * 40_000
    told = with_findings(SOUND, finding("G01!C6", message=hostile, fix=marks.END))
    book = opened(annotate(SOUND.read_bytes(), told, WORDS))
    cell = next(c for c in book[OURS][7] if str(c.value).startswith("=HYPER"))
    assert cell.data_type == "s"
    assert "_x0041_" in cell.value
    assert len(cell.value) <= 32_767
    assert book["G01"]["C6"].comment.text.count(marks.END) == 1


def test_a_finding_about_a_sheet_or_the_file_is_listed_without_a_mark() -> None:
    told = with_findings(SOUND, finding("G01"), finding(SOUND.name), finding("没有这张表!A1"))
    data = annotate(SOUND.read_bytes(), told, WORDS)
    sheet = opened(data).worksheets[0]
    links = [sheet.cell(row, 3).hyperlink for row in (7, 8, 9)]
    assert links[0].location == "'G01'!A1"
    assert links[1:] == [None, None]
    tab = sheet_parts(SOUND.read_bytes())["G01"]
    assert packed_parts(data)[tab] == packed_parts(SOUND.read_bytes())[tab]


def test_names_and_the_sheet_in_view_move_along_with_the_leading_sheet() -> None:
    before, after = load_workbook(BLOCKED), opened(marked(BLOCKED))
    assert after.active.title == before.active.title
    for sheet in before:
        assert after[sheet.title].print_title_rows == sheet.print_title_rows
        assert after[sheet.title].print_area == sheet.print_area
    assert set(before.defined_names) <= set(after.defined_names)
    selected = [sheet.title for sheet in after if sheet.sheet_view.tabSelected]
    assert selected == [s.title for s in before if s.sheet_view.tabSelected]


def test_a_file_that_was_changed_after_the_check_is_not_marked() -> None:
    with pytest.raises(UsageError) as caught:
        annotate(SOUND.read_bytes(), evaluated(BLOCKED), WORDS)
    assert caught.value.code == "file_changed"
    assert all(caught.value.parts().values())


@pytest.mark.real
def test_libreoffice_opens_a_marked_copy_and_what_it_saves_is_marked_anew(tmp_path: Path) -> None:
    theirs = through_libreoffice(marked(BLOCKED), tmp_path)
    before, after = load_workbook(BLOCKED, data_only=True), opened(theirs, results=True)
    assert after.sheetnames == [OURS, *before.sheetnames]
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                other = after[sheet.title][cell.coordinate].value
                assert (other or None) == (cell.value or None), cell
    assert after["S71_I"]["F10"].comment is not None
    copy = saved(tmp_path, theirs, BLOCKED)
    assert document(copy) == document(BLOCKED)
    again = opened(marked(copy))
    assert again.sheetnames == [OURS, *before.sheetnames]
    clean, old = opened(unmarked(theirs)), load_workbook(BLOCKED)
    for told in evaluated(BLOCKED).findings:
        for named in told.cells:
            tab, _, address = named.rpartition("!")
            assert again[tab][address].fill.fgColor.rgb == RED
            assert again[tab][address].comment.text.count(marks.BEGIN) == 1
            assert clean[tab][address].comment is None
            shown = clean[tab][address].fill.fgColor.rgb[-6:]
            assert shown == old[tab][address].fill.fgColor.rgb[-6:]
