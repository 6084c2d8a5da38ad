"""No fault stays Chinese in English: every text that the source passes to one has a translation."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from told_texts import SLOT, Told, told_in

from supervise.errors import SuperviseError, UsageError
from supervise.read.error_words import in_language, in_words
from supervise.read.opinions import together
from supervise.read.prose import FOLDER

PACKAGE = Path(__file__).parent.parent / "supervise"
WORDY = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef·]")
QUOTED = re.compile('"[^"]*"')
LAW = re.compile("law_|form|examples$|check_examples$|model_filing$")
"""Modules that tell faults to those who write law, in the language of the law (ADR 0014)."""


@cache
def told() -> Told:
    return told_in(PACKAGE)


def english(text: str) -> str:
    return in_language(UsageError(text), "en").what


def test_every_text_of_a_fault_has_an_english_one() -> None:
    lacking = [
        f"{place}: {text}"
        for text, place in told().texts.items()
        if not LAW.match(Path(place.partition(":")[0]).stem)
        and WORDY.search(QUOTED.sub("", english(text.replace(SLOT, "1"))))
    ]
    assert not lacking, "\n".join(["locale/en/errors.yaml lacks:", *sorted(lacking)])


def test_the_texts_are_found_where_they_are_put_together_or_handed_on() -> None:
    found = told().texts
    for text in (
        "台账由更新版本的程序建立：结构 {}，本程序只认到 {}",  # a table, its places filled in
        "年度评价，且所用规则全部经原文核实；未核实：无（监测期不评级）",  # one of two, in a text
        "邮件服务器{}（{}）",  # around a text that is handed on
        "证书核对不通过",  # handed on
        "名册",  # a field of a record
        "{}有误：{}",  # an error changed
        "法人由 {} 家变为 {} 家，{} 组数值不同",  # into a place of another text
    ):
        assert text in found, text


def test_no_part_of_a_fault_escapes() -> None:
    unread = [part for part in told().unread.values() if ".join(" not in part]
    assert unread == ["fix or reason.fix"], "but for refusals, which test_languages raises"


def test_a_new_text_is_missed(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        "class Oops(SuperviseError):\n    pass\n\n\ndef tell(said: str) -> Oops:\n"
        '    return Oops(f"全新的错：{said}", fix="重来。")\n\n\n'
        'def late(n: int) -> Oops:\n    return tell(f"{n} 件" if n else "一件也没有")\n',
        encoding="utf-8",
    )
    assert set(told_in(tmp_path).texts) == {"全新的错：{}", "重来。", "{} 件", "一件也没有"}


# --- how texts that stand in others are told ----------------------------------------------------


def test_what_was_typed_and_headings_stay_and_lists_are_told_one_by_one() -> None:
    assert english("缺少列“机构类型”") == 'The column "机构类型" is missing'
    assert english("“报送期限”为空") == '"报送期限" is blank'
    assert english("机构类型“名册”不能识别") == 'The bank type "名册" is not understood'
    assert english("要重送的机构没有签发的评价结果：A、B") == (
        "To be delivered again, but not signed off: A, B"
    )
    assert english("标题行有且只有一列“报送期限”（也可写作 截止日期、due）") == (
        'exactly one column headed "报送期限" (or 截止日期, due)'
    )


def test_what_stands_in_brackets_is_told_too() -> None:
    assert english("下列之一：city（城市商业银行）、large（大型商业银行）") == (
        "one of: city (City commercial bank), large (Large commercial bank)"
    )
    assert english("可以写入的文件夹（没有权限，或文件正被占用）") == (
        "a folder that can be written to (no permission, or the file is in use)"
    )


def test_faults_told_together_are_told_line_by_line() -> None:
    error = UsageError(
        "名册有 3 处错误，未采用",
        where="reg.csv 第 3 行：机构 B1 重复，首见第 2 行\n……另有 2 处",
        expected="每家机构一行\n日期，如 2026-10-20",
        fix="只留一行。\n改正日期。",
    )
    assert in_language(error, "en").parts() == {
        "what": "3 errors in the register, which was not used",
        "where": "reg.csv, line 3: Institution B1 twice, first on row 2\n… and 2 more",
        "expected": "a row for each institution\na date, such as 2026-10-20",
        "fix": "Leave one row only.\nCorrect the date.",
        "code": "error",
    }


def test_faults_of_an_opinions_file_are_told_one_by_one() -> None:
    faults: list[SuperviseError] = [
        UsageError(
            "日期写错：x", where="o.yaml:4", expected="如 2026-12-31，或留空", fix="改正日期。"
        ),
        UsageError("键 'id' 写了两次", where="o.yaml:9", expected="只写一次", fix="删去一行。"),
    ]
    assert in_language(together(faults, "o.yaml"), "en").what.split("\n") == [
        "2 errors in the opinions file:",
        "    o.yaml:4: The date is wrong: x (expected: such as 2026-12-31, or blank) "
        "Correct the date.",
        "    o.yaml:9: Key 'id' twice (expected: a key once) Delete one of the lines.",
    ]


def test_a_place_stays_as_it_is() -> None:
    error = in_language(UsageError("路径不存在", where="/甲、乙（副本）/文件名"), "en")
    assert (error.what, error.where) == ("There is no such path", "/甲、乙（副本）/文件名")


@pytest.mark.parametrize("lang", ["zh", "fr"])
def test_without_a_catalogue_a_line_stays_as_it_is(lang: str) -> None:
    assert not (FOLDER / lang).is_dir()
    assert in_words("已中断。", lang) == "已中断。"


def test_a_number_is_a_number_and_a_text_may_be_empty() -> None:
    assert english("文件不完整，尾部缺失：只有 2 字节") == (
        "The file is incomplete, its end is missing: only 2 bytes"
    )
    assert english("名册有误：列“报送期限”有 2 个") == (
        'In the register: There are 2 columns "报送期限"'
    )
    assert english("机构编码“”不能识别") == 'The institution code "" is not understood'
