"""The law that the report tests' hand-built evaluations are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from supervise.core.formula import parse
from supervise.core.law import (
    Band,
    Curve,
    Element,
    Indicator,
    Parameter,
    Requirement,
    Rulebook,
    Veto,
)
from supervise.core.layout import FormSet, Item
from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.core.references import BankType, PolicyItem, Source

LEVELS = ("legal_person",)
METHOD = Basis("method-2024", "附件")
HOUSE = Basis("house", "暂定评分")
ITEMS = {
    "S71_I_6_A5": "普惠型小微企业贷款余额（不含票据）",
    "S71_I_6_A5_year_start": "普惠型小微企业贷款余额（不含票据，年初）",
    "S63_III_1_private_small_year_start": "私人控股小微企业贷款余额（年初）",
    "XW3_writeoff_incl": "普惠小微当年核销",
}
ELEMENTS = (
    ("supply", "信贷总体投放情况", 27),
    ("cost_and_risk", "成本及风险情况", 10),
    ("structure", "服务结构优化情况", 20),
    ("incentives", "激励约束机制情况", 30),
    ("compliance", "合规经营及内控情况", 8),
    ("local_economy", "服务地方经济情况", 5),
    ("bonus", "加分指标", 3),
)
BANDS = (
    ("4", "四级", -100, "专题约谈主要负责人，责令限时整改"),
    ("3", "三级", 60, "要求提出针对性改进措施，加强监管"),
    ("2C", "二级C", 75, "持续改进"),
    ("2B", "二级B", 80, "持续改进"),
    ("2A", "二级A", 85, "优先纳入或推荐政策试点、奖励激励"),
    ("1", "一级", 90, "优先纳入或推荐政策试点、奖励激励"),
)
SOURCES: tuple[tuple[Any, ...], ...] = (
    (
        "method-2024",
        "银行业金融机构小微企业金融服务监管评价办法",
        "金规〔2024〕18号",
        "2024-11-25",
        "extracted",
    ),
    (
        "measures-2025",
        "支持小微企业融资的若干措施",
        "金融监管总局等八部门，2025年5月19日",
        "2025-05-19",
        "confirmed",
    ),
    ("notice-2025-46", "金办发〔2025〕46号通知", "金办发〔2025〕46号", "2025-05", "extracted"),
    ("forms-1104", "非现场监管报表（1104）列含义推导的校核关系", "", "", "provisional"),
    ("house", "本工具暂定规则", "", "", "provisional"),
)
STANDING_RULES = {
    "1": "每一行评分、每一个等级和界限都有来源状态。",
    "2": "一至三季度为监测评价，只给监测得分和测算档次，不是监管评级，不作结果运用。",
    "3": "应履行的要求给出达标或未达标，导向性要求给出符合导向或未体现。",
    "4": "不适用的指标，其分值从要素中剔除并折算；不可计算的按最低与最高分别计分。",
    "5": "各项指标采用同一票据口径，分子、分母和不良贷款一致。",
    "10": "定性部分由机构自评、监管评分；监测评价可按自评计分。",
    "12": "报送被阻断的，指标仅为测算，不定档次，不进入同业比较。",
}


def curve_of(full: str) -> Curve:
    """A curve with nothing but its ends."""
    return Curve(Fraction(full or 0), Fraction(0), (), (), "provisional", HOUSE)


def requirement_law(spec: Mapping[str, str]) -> Requirement:
    """The requirement of an indicator's row."""
    duty = spec["requirement_kind"] == "duty"
    words: dict[str, Any] = {"kind": spec["requirement_kind"], "test": spec["test"]}
    return Requirement(
        id="r",
        name=spec["requirement"],
        **words,
        value=parse("value"),
        limit=parse("10%"),
        applies=True,
        applies_when=None,
        basis=Basis("measures-2025", "第十四项") if duty else Basis("notice-2025-46"),
        provenance="confirmed" if duty else "extracted",
    )


def rulebook(
    period: str, indicators: tuple[Indicator, ...], policy: Iterable[Mapping[str, str]]
) -> Rulebook:
    """All the law of one hand-built evaluation."""
    items = {k: Item(k, name, "yuan") for k, name in ITEMS.items()}
    items["XW2_kpi_weight"] = Item("XW2_kpi_weight", "普惠金融考核权重", "ratio")
    items["XW9_plan_on"] = Item("XW9_plan_on", "实施方案制定日期", "date")
    bands = tuple(Band(i, name, Fraction(least), "extracted", use) for i, name, least, use in BANDS)
    return Rulebook(
        version="2026.1",
        digest="9a8b7c6d5e4f30211203f4e5d6c7b8a99a8b7c6d5e4f30211203f4e5d6c7b8a9",
        overlay=None,
        period=Period.parse(period),
        bank_type=BankType("rural_commercial", "农村商业银行", (), False),
        province="330000",
        province_name="浙江省",
        forms=FormSet("2025", (), items, {}, {}),
        sources={s[0]: _source(*s) for s in SOURCES},
        checks=(),
        elements=tuple(Element(i, name, Fraction(top), "provisional") for i, name, top in ELEMENTS),
        indicators=indicators,
        definitions={},
        parameters={p.id: p for p in _parameters()},
        peer_references=(),
        bands=bands,
        vetoes=(_veto(),),
        bonus_cap=Fraction(3),
        grades_provenance="extracted",
        policy_items=tuple(_policy(row) for row in policy),
        standing_rules=STANDING_RULES,
    )


def _source(source_id: str, title: str, number: str, day: str, provenance: Any) -> Source:
    return Source(source_id, title, number, day, day, "现行有效", "", provenance)


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("bill_scope", "票据口径", "text", "ex_bills", "provisional", HOUSE),
        Parameter(
            "listed_writeoff_ceiling", "清单式核销单户上限", "yuan", None, "provisional", HOUSE
        ),
    )


def _veto() -> Veto:
    name = "常规指标得分低于60分，当年等级直接判定为四级"
    return Veto("regular_below_60", name, parse("regular < 60"), "4", METHOD, "extracted")


def _policy(row: Mapping[str, str]) -> PolicyItem:
    return PolicyItem(
        int(row["number"]),
        row["title"],
        row["addressed_to_bank"] == "yes",
        tuple(row["answered_by"].split()),
        row["note"],
    )
