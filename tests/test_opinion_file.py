"""The text file in which a supervisor edits opinions: strict, never lost, the same again."""

from __future__ import annotations

import json
import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from sample_files import HOME

from supervise.batch import Mapper
from supervise.errors import UsageError
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.run.opinions import draft_path
from supervise.read.opinions import read_opinions
from supervise.settings import Settings

BANK = "B9002H233010001"
BLOCKED = "B9009H251010001"
DUTY = "duty.online_loan_review.independent"
GUIDANCE = "guidance.credit_loan.more_credit_loans"
FILES = [HOME / "2026Q3" / name for name in ("rc02-weidu.xlsx", "rc09-chengyan.xlsx")]
MARKS = HOME / "2025Q4" / "judgements.yaml"


def ran(folder: Path, **changes: Any) -> Path:
    """A run over two banks; the path of its draft."""
    audience = changes.pop("audience", "bank")
    files = changes.pop("files", FILES)
    target = Target(folder=folder, pdf=False, audience=audience)
    run = Run(settings=Settings(), target=target, **changes)
    evaluate_many(files, run, Mapper(1))
    return draft_path(folder, "2026Q3")


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("2025Q4")
    ran(folder, files=[HOME / "2025Q4" / "rc02-weidu.xlsx"], judgements=MARKS)
    return folder


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory, earlier: Path) -> str:
    return ran(tmp_path_factory.mktemp("run"), history=earlier).read_text(encoding="utf-8")


def entry(draft: str, bank: str, key: str) -> str:
    """The lines of one entry of the draft, as they stand."""
    rest = draft.split(f"  {bank}:\n", 1)[1].split(f"      {key}:\n", 1)[1]
    return "\n".join(takewhile(lambda line: line.startswith(" " * 8), rest.split("\n")))


def edited(draft: str, bank: str, key: str, /, **values: str) -> str:
    """The draft with some lines of one entry written otherwise."""
    head, rest = draft.split(f"  {bank}:\n", 1)
    before, after = rest.split(f"      {key}:\n", 1)
    lines = after.split("\n")
    for name, value in values.items():
        at = next(n for n, line in enumerate(lines) if line.startswith(f"        {name}: "))
        lines[at] = f"        {name}: {value}"
    return f"{head}  {bank}:\n{before}      {key}:\n" + "\n".join(lines)


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def document(folder: Path, bank: str = BANK) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / bank / f"{bank}-2026Q3.json").read_text("utf-8"))
    return told


def refused(folder: Path, text: str, **changes: Any) -> UsageError:
    path = written(folder, text)
    with pytest.raises(UsageError) as caught:
        ran(folder / "out", opinions=path, **changes)
    assert caught.value.code == "opinions_invalid"
    written_there = {path.parent.name for path in (folder / "out").rglob("*.*")}
    assert written_there <= {"measured", "run"}, "no result is written before all is checked"
    return caught.value


def test_the_draft_names_every_opinion_and_tells_how_to_edit(draft: str) -> None:
    assert "period: 2026Q3" in draft
    assert "--opinions 本文件" in draft
    assert 'due: ""' in entry(draft, BANK, DUTY)
    assert "text: " in entry(draft, BLOCKED, "refile")
    assert "现为整改中" in draft


def test_a_draft_left_alone_changes_nothing(tmp_path: Path, draft: str, earlier: Path) -> None:
    again = ran(tmp_path / "b", history=earlier, opinions=written(tmp_path, draft))
    assert again.read_text(encoding="utf-8") == draft
    plain = ran(tmp_path / "a", history=earlier)
    first, second = document(tmp_path / "a"), document(tmp_path / "b")
    assert first == second
    assert plain.read_text(encoding="utf-8") == draft


def test_edits_reach_the_document_and_the_next_draft(
    tmp_path: Path, draft: str, earlier: Path
) -> None:
    mine = edited(draft, BANK, GUIDANCE, drop="另行沟通")
    mine = edited(mine, BANK, DUTY, text='"请于年内完成。"', due="2026-12-31")
    mine = mine.replace('overall: ""', "overall: 总体平稳。", 3)
    head, rest = mine.split(f"  {BANK}:\n", 1)
    rest = rest.replace(
        "added: []", "added:\n      - {text: 报送台账。, basis: 约谈纪要, due: 2027-01-31}", 1
    )
    mine = f"{head}  {BANK}:\n{rest}"
    path = written(tmp_path, mine)
    again = ran(tmp_path / "out", history=earlier, opinions=path, audience="internal")
    told = document(tmp_path / "out")
    items = {item["id"]: item for item in told["opinions"]["items"]}
    assert told["opinions"]["overall"] == "总体平稳。"
    assert items[DUTY]["text"] == "请于年内完成。"
    assert items[DUTY]["due"] == "2026-12-31"
    assert items[DUTY]["generated"].startswith("独立自主")
    assert items["added.2026Q3.1"]["basis_text"] == "约谈纪要"
    assert [d["id"] for d in told["opinions"]["dropped"]] == [GUIDANCE]
    assert {r["id"]: r["due"] for r in told["rectification"]} == {
        DUTY: "2026-12-31", "added.2026Q3.1": "2027-01-31",
    }  # fmt: skip
    once = again.read_text(encoding="utf-8")
    twice = ran(tmp_path / "more", history=earlier, opinions=again, audience="internal")
    assert twice.read_text(encoding="utf-8") == once
    assert "请于年内完成。" in once
    assert "程序原拟：独立自主" in once


def test_a_supervisor_may_say_where_an_old_item_stands(
    tmp_path: Path, draft: str, earlier: Path
) -> None:
    old = draft.split("    rectification:\n", 1)[1]
    mine = draft.replace(old, old.replace('status: ""', "status: 已整改", 1).replace(
        'evidence: ""', "evidence: 核实单 3", 1
    ))  # fmt: skip
    again = ran(tmp_path / "out", history=earlier, opinions=written(tmp_path, mine))
    (told,) = [r for r in document(tmp_path / "out")["rectification"] if r["since"] == "2025Q4"]
    assert (told["status"], told["evidence"], told["stated"]) == ("mended", "核实单 3", True)
    assert "status: 已整改" in again.read_text(encoding="utf-8")


def test_a_draft_somebody_worked_in_is_not_written_over(
    tmp_path: Path, draft: str, earlier: Path
) -> None:
    lying = ran(tmp_path, history=earlier)
    lying.write_text(edited(draft, BANK, DUTY, due="2026-12-31"), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        ran(tmp_path, history=earlier)
    assert caught.value.code == "opinions_unsaved"
    assert BANK in caught.value.what
    assert str(lying) in caught.value.fix
    assert "2026-12-31" in lying.read_text(encoding="utf-8")
    ran(tmp_path, history=earlier, opinions=lying)
    assert "2026-12-31" in lying.read_text(encoding="utf-8")
    copy = written(tmp_path, lying.read_text(encoding="utf-8"))
    ran(tmp_path, history=earlier, opinions=copy)


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path, draft: str) -> None:
    mine = edited(draft, BANK, DUTY, text="改了。", drop="不要")
    mine = edited(mine, BANK, GUIDANCE, due="2026-12-31")
    mine = edited(mine, BLOCKED, "refile", due="2026-13-01")
    error = refused(tmp_path, mine)
    assert "3 处错误" in error.what
    for part in ("既略去又改写", "导向性要求", "日期写错：2026-13-01"):
        assert part in error.what
    assert error.what.count("mine.yaml:") == 3
    assert all((error.where, error.expected, error.fix))
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (f"  {BANK}:", "  B9002H233010002:", f"没有评价机构 .*{BANK}"),
        ("period: 2026Q3", "period: 2026Q2", "没有评价该期.*2026Q3"),
        ("period: 2026Q3", "period: 2026Q9", "报告期写错.*2026Q3"),
        ("period: 2026Q3\n", "", "缺少 'period'"),
        ("    note:", "    notes:", "未知的键 'notes'.*note"),
        ("added: []", "added: [{text: 甲}]", "缺少 basis"),
        ("added: []", "added: [{text: 甲, basis: 乙, due: 2026-09-30}]", "不晚于报告期末"),
        ("added: []", "added: 无", "应为列表"),
        ("banks:\n", "banks: [\n", "YAML"),
    ],
)
def test_a_fault_names_what_was_expected(
    tmp_path: Path, draft: str, old: str, new: str, what: str
) -> None:
    error = refused(tmp_path, draft.replace(old, new, 1))
    assert re.search(what, f"{error.what} {error.expected}")


def test_an_unknown_opinion_is_refused_with_the_nearest(tmp_path: Path, draft: str) -> None:
    mine = edited(draft, BANK, DUTY, due="2026-12-31").replace(f"{DUTY}:", f"{DUTY}s:")
    error = refused(tmp_path, mine.replace("    rectification:\n", "    other:\n", 1))
    assert "other" in error.what
    mine = mine.split("    rectification:\n")[0]
    error = refused(tmp_path, mine)
    assert f"没有监管意见 '{DUTY}s'" in error.what
    assert DUTY in error.expected


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("{status: 已经整改, evidence: 甲}", "整改状态写错"),
        ("{status: 已整改}", "没有写依据"),
        ("{status: 整改中, since: 甲}", "未知的键"),
        ("{evidence: 甲}", "没有往期整改事项"),
    ],
)
def test_a_wrong_word_about_an_old_item_is_refused(tmp_path: Path, lines: str, what: str) -> None:
    text = f"period: 2026Q3\nbanks:\n  {BANK}:\n    rectification:\n      duty.x.y: {lines}\n"
    assert what in refused(tmp_path, text).what


def test_words_about_facts_that_have_changed_are_refused(tmp_path: Path, draft: str) -> None:
    marked = entry(draft, BANK, DUTY).rsplit("draft: ", 1)[1]
    mine = edited(draft, BANK, DUTY, text="请照旧。")
    mine = mine.replace(marked, f"{marked.split('-')[0]}-00000000", 1)
    error = refused(tmp_path, mine.split("    rectification:\n")[0] + "\n")
    assert "情况已经变化" in error.what
    assert marked in error.expected


def test_an_untouched_opinion_whose_cause_is_gone_is_passed_over(
    tmp_path: Path, draft: str
) -> None:
    mine = draft.replace(f"      {DUTY}:\n", "      duty.renewal.renewal_mechanism:\n", 1)
    mine = mine.replace("    rectification:\n", "    rectification: {}\n", 1)
    kept = mine.split("    rectification: {}\n")
    rest = kept[1][kept[1].index("  B9009") :]
    ran(tmp_path / "out", opinions=written(tmp_path, f"{kept[0]}    rectification: {{}}\n{rest}"))
    items = document(tmp_path / "out")["opinions"]["items"]
    assert "duty.renewal.renewal_mechanism" not in {item["id"] for item in items}


def test_no_supervisor_is_named_to_a_bank(tmp_path: Path, draft: str) -> None:
    marks = written(
        tmp_path,
        f"judgements:\n  - {{bank: {BANK}, indicator: npl_tolerance, part: linked, points: 1, "
        "by: 王小明, on: 2026-10-20, reason: 核实}\n",
        "marks.yaml",
    )
    text = f"period: 2026Q3\nbanks:\n  {BANK}:\n    overall: 经王小明核实，总体平稳。\n"
    assert "王小明" in refused(tmp_path, text, judgements=marks).what
    inside = f"period: 2026Q3\nbanks:\n  {BANK}:\n    note: 经王小明核实。\n"
    ran(tmp_path / "in", opinions=written(tmp_path, inside, "b.yaml"), judgements=marks)
    assert "王小明" not in json.dumps(document(tmp_path / "in"), ensure_ascii=False)


def test_every_line_of_the_draft_is_yaml_or_a_comment(tmp_path: Path, draft: str) -> None:
    assert read_opinions(written(tmp_path, draft)).banks[BLOCKED].opinions
    assert all(
        line.startswith(("#", " ", "period:", "banks:")) or not line for line in draft.split("\n")
    )


def test_a_bank_that_is_given_nothing_is_as_generated(tmp_path: Path) -> None:
    ran(tmp_path / "out", opinions=written(tmp_path, "period: 2026Q3\nbanks: {}\n"))
    assert document(tmp_path / "out")["opinions"]["overall"] is None
