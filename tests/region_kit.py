"""Banks of a region made by hand: a few words each, everything else ordinary."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from supervise.core.law import Band
from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.core.references import Source
from supervise.core.region.figures import (
    BankFigures,
    CheckFigure,
    DemandFigure,
    ElementFigure,
    FindingFigure,
    GradeFigure,
    IndicatorFigure,
    PastFigure,
    RefusedFile,
)
from supervise.core.region.region import Region, RegionLaw, region_of

NOW, BEFORE = Period(2026, 3), Period(2025, 4)
ITEM_14 = Basis("measures-2025", "第十四项")
_LIMITS = (("1", "一级", 90), ("2A", "二级A", 85), ("3", "三级", 60), ("4", "四级", -100))
BANDS = tuple(
    Band(name, label, Fraction(at), "extracted", "") for name, label, at in _LIMITS
)  # fmt: skip
BENCHMARKS = (
    {"id": "credit_share", "name": "信用贷款占比", "scope": "总局口径", "period": "2025-02",
     "value": "27.6%", "unit": "ratio", "source": "新闻报道", "provenance": "provisional"},
    {"id": "inclusive_growth", "name": "同比增速", "scope": "总局口径", "period": "2025Q3",
     "value": "12.1%", "unit": "ratio", "source": "新闻报道", "provenance": "provisional"},
    {"id": "inclusive_growth", "name": "同比增速", "scope": "总局口径", "period": "2025Q4",
     "value": "11%", "unit": "ratio", "source": "二手报告", "provenance": "provisional"},
    {"id": "inclusive_growth", "name": "同比增速", "scope": "总局口径", "period": "2026Q4",
     "value": "9%", "unit": "ratio", "source": "未来", "provenance": "provisional"},
    {"id": "pbc_growth", "name": "增速", "scope": "人民银行口径", "period": "2025Q3",
     "value": "12.2%", "unit": "ratio", "source": "新闻报道", "provenance": "provisional"},
)  # fmt: skip
LAW = RegionLaw(
    bands=BANDS,
    elements=("supply", "incentives"),
    sources={
        "measures-2025": Source(
            "measures-2025", "若干措施", "", "", "", "in_force", "", "confirmed"
        )
    },
    benchmarks=BENCHMARKS,
)
REFUSED = RefusedFile(file="坏.xlsx", code="not_a_workbook", message="不是工作簿", fix="另存为。")


def demand(status: Any = "met", kind: Any = "duty", name: str = "权重不低于10%") -> DemandFigure:
    """A requirement of the indicator below."""
    return DemandFigure(id=f"weight.{name}", name=name, kind=kind, status=status, basis=ITEM_14)


def indicator(value: object = "0.1", **more: Any) -> IndicatorFigure:
    """A headline indicator, a ratio of ten points."""
    known: dict[str, Any] = {
        "id": "weight", "element": "incentives", "name": "考核权重", "kind": "regular",
        "unit": "ratio", "better": "higher", "headline": True, "applies": True, "why_not": "",
        "value": None if value is None else Fraction(str(value)), "reason": None,
        "points": Fraction(10), "max": Fraction(10), "low": Fraction(10), "high": Fraction(10),
        "demands": (demand(),),
    }  # fmt: skip
    return IndicatorFigure(**{**known, **more})


def finding(check: str = "S71_I_001", severity: Any = "blocking", n: int = 1) -> FindingFigure:
    """Findings of one check; 需说明 ones are left unanswered."""
    open_ = n if severity == "explain" else 0
    return FindingFigure(
        check=check, name=f"{check} 名称", severity=severity, n=n, unanswered=open_
    )


def past(total: object, grade: str = "", period: Period = BEFORE) -> PastFigure:
    """An earlier result."""
    return PastFigure(period=period, total=Fraction(str(total)), grade=grade)


def graded(total: Fraction) -> GradeFigure:
    """The grade that a total falls into."""
    band = next(band for band in BANDS if total >= band.at_least)
    return GradeFigure(id=band.id, label=band.label)


def bank(n: int, total: object = 80, **more: Any) -> BankFigures:
    """The ``n``-th bank of the region with its total."""
    points = Fraction(str(total))
    blocked = more.get("status") == "blocked"
    known: dict[str, Any] = {
        "code": f"B{n:04d}H251000001", "name": f"第{n}农村商业银行", "type": "rural_commercial",
        "type_name": "农村商业银行", "level": "legal_person", "province": "510000",
        "province_name": "四川省", "period": NOW, "sequence": 1, "file": f"{n}.xlsx",
        "status": "passed", "regular": points, "bonus": Fraction(0), "total": points,
        "low": points, "high": points, "open_parts": 0,
        "grade": GradeFigure(reason="blocked") if blocked else graded(points),
        "elements": (
            ElementFigure(id="supply", name="投放", points=points / 2, max=Fraction(50)),
            ElementFigure(id="incentives", name="激励", points=points / 2, max=Fraction(50)),
        ),
        "indicators": (indicator(),), "findings": (),
        "checks": (CheckFigure(scope="form", state="passed", n=10),), "not_run": (),
        "amounts": {}, "rulebook": "0.2.0",
    }  # fmt: skip
    return BankFigures(**{**known, **more})


def region(*banks: BankFigures, **more: Any) -> Region:
    """The region that these banks make."""
    return region_of(banks, **{"period": NOW, "law": LAW, **more})
