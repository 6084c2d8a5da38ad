"""The regional summary in texts: what page 1 says, how figures are shown, what has no rank."""

from __future__ import annotations

from fractions import Fraction

import pytest
from region_kit import NOW, REFUSED, bank, demand, finding, indicator, past, region

from supervise.core.period import Period
from supervise.core.region.figures import RefusedFile
from supervise.core.region.region import RegionLaw
from supervise.read.words import read_words
from supervise.write.summary_view import MOST_REFUSED, SummaryView, summary_of
from supervise.write.summary_view_league import MOST_ATTENTION

WORDS = read_words("zh")


def view(*banks: object, **more: object) -> SummaryView:
    return summary_of(region(*banks, **more), WORDS)  # type: ignore[arg-type]  # as the kit has it


def messages(shown: SummaryView) -> str:
    return "\n".join(message.text for message in shown.front.messages)


def test_a_monitoring_run_never_speaks_of_a_supervisory_grade() -> None:
    shown = view(bank(1))
    assert (shown.total, shown.grade) == ("监测得分", "测算档次（非监管评级）")
    assert shown.front.mark == "监测评价（试评）"
    assert "不是监管评级" in "".join(shown.notes)


def test_an_annual_run_grades_and_says_that_it_is_a_trial() -> None:
    year_end = Period(2026, 4)
    shown = view(bank(1, period=year_end), period=year_end)
    assert (shown.total, shown.grade) == ("评价总分", "评价等级")
    assert shown.front.mark == "年度评价（试评）"
    assert "区域汇总报告" in shown.title


def test_page_one_counts_files_and_banks_apart() -> None:
    shown = view(
        bank(1),
        bank(2, status="blocked", findings=(finding(),)),
        bank(3, 70, superseded=True),
        bank(3, 80, sequence=2),
        bank(4, level="tier1_branch"),
        refused=(REFUSED,),
    )
    assert [(c.label, c.text) for c in shown.front.counts] == [
        ("收到文件", "6"), ("参加排名", "3"), ("阻断", "1"), ("拒收", "1"), ("重报替代", "1"),
        ("需要关注", "1"),
    ]  # fmt: skip
    assert "一级分行 1 家，单列排名" in shown.front.counts_note


def test_three_messages_tell_result_demands_and_data() -> None:
    unmet = (indicator(demands=(demand("unmet"),)),)
    shown = view(
        *(bank(n, 60 + 5 * n, past=(past(60 + 4 * n, "3"),)) for n in range(1, 7)),
        bank(7, 88, indicators=unmet, findings=(finding("E", "explain", 2),)),
    )
    told = messages(shown)
    assert [m.label for m in shown.front.messages] == ["总体", "要求", "数据"]
    assert "7 家法人机构监测得分中位数 80.00 分，中间一半在 72.50 至 86.50 分之间" in told
    assert "可比的 6 家中 6 家上升、0 家下降，变化的中位数为 +3.50 分" in told
    assert "1 家有未达标的政策要求；最集中的一项：权重不低于10%（应履行 7 家，未达标 1 家）" in told
    assert "校验发现共 2 项，涉及机构最多的是：E 名称（1 家）" in told


def test_bars_of_the_grades_add_up_and_the_lowest_says_or_veto() -> None:
    shown = view(bank(1, 95), bank(2, 95), bank(3, 50))
    assert [(b.label, b.n, b.share) for b in shown.first.bands] == [
        ("一级", "2", "67%"), ("二级A", "0", "0%"), ("三级", "0", "0%"), ("四级", "1", "33%"),
    ]  # fmt: skip
    assert [b.width for b in shown.first.bands] == ["100.00", "0.00", "0.00", "50.00"]
    assert shown.first.bands[-1].range == "60 以下或否决"
    assert shown.first.bands_title == "一级最多：2 家，占 67%"


def test_where_no_grade_stands_out_the_title_names_none() -> None:
    assert view(bank(1, 95), bank(2, 50)).first.bands_title == "各档次较分散，最多的各 1 家"


def test_a_share_is_never_rounded_to_all_or_none() -> None:
    banks = [bank(n, 95) for n in range(1, 301)]
    assert view(*banks, bank(400, 50)).first.bands[0].share == "99.7%"


def test_totals_that_would_look_equal_are_shown_with_more_digits() -> None:
    rows = view(bank(1, "80.001"), bank(2, "80.002"), bank(3, "89.9999")).leagues[0].rows
    assert [row.total for row in rows] == ["89.9999", "80.002", "80.001"]
    assert [row.grade for row in rows] == ["二级A", "三级", "三级"]


def test_equal_totals_look_equal() -> None:
    rows = view(bank(1, 80), bank(2, 80)).leagues[0].rows
    assert [(row.rank, row.total) for row in rows] == [("1", "80.00"), ("1", "80.00")]


def test_a_blocked_bank_is_listed_apart_without_total_or_grade() -> None:
    shown = view(bank(1), bank(2, 99, status="blocked", findings=(finding(n=2),)))
    assert [row.name for league in shown.leagues for row in league.rows] == ["第1农村商业银行"]
    assert shown.apart[0].name == "第2农村商业银行"
    assert shown.apart[0].text == "阻断 2 项：S71_I_001 名称"
    row = shown.attention.rows[0]
    assert (row.total, row.grade, row.rank) == ("—", "—", "—")
    assert row.reasons[0][0].text == "阻断"


def test_changes_carry_their_sign_and_other_kinds_a_remark() -> None:
    shown = view(bank(1, 80, past=(past(82, "3"),)), bank(2, 70, past=(past("69.5", "3"),)))
    assert [row.change for row in shown.leagues[0].rows] == ["−2.00", "+0.50"]
    assert shown.first.changed is not None
    assert "仅供参考" in shown.first.changed.remark
    assert [(kind, width) for kind, _, _, width in shown.first.changed.parts] == [
        ("up", "50.00"), ("down", "50.00"),
    ]  # fmt: skip


def test_a_span_and_a_missing_grade_are_told() -> None:
    from supervise.core.region.figures import GradeFigure

    open_ = bank(1, 84, low=Fraction(84), high=Fraction(91), grade=GradeFigure(reason="span"))
    shown = view(open_)
    row = shown.leagues[0].rows[0]
    assert (row.grade, row.note) == ("未定档", "得分区间 84.00–91.00")
    assert shown.first.bands[-1].label == "未定档"


def test_headline_tables_say_the_message_and_the_kind_of_demand() -> None:
    shown = view(bank(1), bank(2, indicators=(indicator("0.05", demands=(demand("unmet"),)),)))
    table = shown.headlines[0]
    assert table.title == "考核权重：中位数 7.50%，2 家中 1 家符合要求"
    assert table.met_head == "达标"
    assert (table.all.met, table.all.share, table.by_province[0].name) == ("1 / 2", "50%", "四川省")
    guidance = (indicator(demands=(demand(kind="guidance"),)),)
    assert view(bank(1, indicators=guidance)).headlines[0].met_head == "符合导向"


def test_national_figures_name_source_scope_and_that_they_do_not_compare_outright() -> None:
    amounts = {"inclusive_balance": Fraction(11), "inclusive_balance@year_start": Fraction(10)}
    rows = {row.name: row for row in view(bank(1, amounts=amounts)).benchmarks}
    growth = rows["同比增速"]
    assert (growth.national, growth.own, growth.period) == ("11.00%", "10.00%", "2025Q4")
    assert "不可直接比较" in growth.own_note
    assert (growth.source, growth.mark.text) == ("二手报告", "暂定")
    assert rows["增速"].own == "—"


def test_long_lists_say_how_many_are_left_out() -> None:
    unmet = (indicator(demands=(demand("unmet"),)),)
    banks = [bank(n, indicators=unmet) for n in range(1, MOST_ATTENTION + 4)]
    shown = view(*banks, refused=(REFUSED,) * (MOST_REFUSED + 2))
    assert len(shown.attention.rows) == MOST_ATTENTION
    assert "另有 3 家" in shown.attention.more
    assert len(shown.refused) == MOST_REFUSED
    assert "另有 2 份" in shown.more_refused


def test_where_all_files_were_refused_the_reasons_are_told() -> None:
    shown = view(period=None, law=RegionLaw(), refused=(REFUSED,))
    assert (shown.front.period, shown.ranked, shown.first.strip) == ("报告期不明", False, None)
    assert shown.refused[0].message == "不是工作簿"
    assert "没有可以参加排名的机构" in messages(shown)
    assert "拒收的文件不能确定所属报告期" in "".join(shown.notes)


def test_a_file_name_cannot_forge_a_line() -> None:
    odd = RefusedFile(file="甲\n乙\x1b[31m.xlsx", code="x", message="m", fix="f")
    assert view(refused=(odd,)).refused[0].file == "甲 乙[31m.xlsx"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("period", [NOW, Period(2026, 4), None])
def test_every_wording_exists_in_both_languages(lang: str, period: Period | None) -> None:
    grave = bank(1, 50, status="incomplete", past=(past(70, "3"),), findings=(finding(),))
    summary_of(region(grave, bank(2), period=period, refused=(REFUSED,)), read_words(lang))
