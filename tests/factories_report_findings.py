"""Findings and a corrected figure for the report's tests."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import Adjustment
from supervise.core.model import Basis, Explanation, Finding

BLOCKING = Finding(
    check="S71_I_001",
    severity="blocking",
    scope="form",
    cells=("S71_I!C14", "S71_I!D14", "S71_I!E14", "S71_I!F14"),
    message="S71_I!C14 普惠型小微企业法人贷款余额填报 120,400.00，按三档合计应为 124,000.00。",
    fix="核对三档金额与合计，更正有误的单元格。",
    basis=Basis("forms-1104", "S71_I 列含义"),
    found="120,400.00",
    expected="124,000.00",
    difference="-3,600.00",
    tolerance="0.02",
)
FINDINGS = (
    Finding(
        check="CF_003",
        severity="explain",
        scope="cross_form",
        cells=("S71_I!C31", "XW3!C19"),
        message="S71_I!C31 普惠型小微企业贷款不良余额与 XW3 期末不良余额不一致。",
        fix="核对两表口径；口径不同的，在 XW8 中说明。",
        basis=Basis("forms-1104", "S71_I、XW3"),
        found="61,204.00",
        expected="61,240.00",
        difference="-36.00",
        tolerance="0.02",
        explanation=Explanation("两表取数时点相差一日，已按季末时点更正系统。"),
    ),
    Finding(
        check="PL_007",
        severity="advisory",
        scope="plausibility",
        cells=tuple(f"XW2!D{row}" for row in range(12, 22)),
        message="全部分支机构的考核权重恰为 10%，请核对是否逐家填报。",
        fix="对照各分行考核办法原文核对。",
        basis=Basis("house", "合理性"),
    ),
)
ADJUSTMENT = Adjustment(
    "XW3_writeoff_incl",
    Fraction(52_000_000),
    Fraction(48_600_000),
    "现场检查发现两户不属普惠型小微企业。",
    "检查事实确认书 2026-07",
    "张三",
    "2026-10-20",
)
