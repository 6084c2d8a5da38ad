"""The judging workbook 评分工作簿: its sheets, columns and words, for those who write and read it.

A column is either told by the program or filled in by a supervisor. The words stand in cells, so
they are one language's and are never translated, as those of the banks' forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from supervise.record import record

STAMP = "supervise/judging/1"
GUIDE, ITEMS = "说明", "数据项"
STAMP_LABEL, PERIOD_LABEL = "文件标识", "报告期"
WITHDRAW = "撤销"
YES, NO = "是", "否"
STAGES: Mapping[str, str] = MappingProxyType({
    "初评": "preliminary", "复审": "reviewed", "通报": "notified", "异议": "objected",
    "终评": "final", "归档": "archived",
})  # fmt: skip
"""``objected`` comes with the first objection and is registered by no row of its own."""
OBJECTIONS: Mapping[str, str] = MappingProxyType({
    "提出": "raised", "受理": "accepted", "成立": "upheld", "部分成立": "partly_upheld",
    "不成立": "rejected", "撤回": "withdrawn",
})  # fmt: skip
DEMANDS: Mapping[str, str] = MappingProxyType({
    "下达": "demanded", "报告": "reported", "延期": "extended", "退回": "returned",
    "验收": "accepted", "撤销": "withdrawn",
})  # fmt: skip
UNSIGNED, UNDEMANDED = "未登记", "未下达"

Kind = Literal["text", "long", "points", "figure", "date", "choice"]
SheetName = Literal["marks", "corrections", "stages", "objections", "demands", "successions"]


@record(kw_only=True)
class Column:
    """One column.

    Attributes:
        key: What it is called in the program.
        fill: ``always``: a supervisor's, ``new``: only in a row that the program left blank,
            ``never``: the program's own.
        acts: Something in it makes the row count; so does anything in a blank row.
    """

    key: str
    heading: str
    width: int
    fill: Literal["always", "new", "never"] = "never"
    kind: Kind = "text"
    acts: bool = False
    choices: tuple[str, ...] = ()


@record(kw_only=True)
class Sheet:
    """One sheet: its name on the tab, a line above the table, its columns, and blank rows."""

    id: SheetName
    name: str
    note: str
    columns: tuple[Column, ...]
    blank_rows: int = 0

    def column(self, key: str) -> Column:
        """The column of that key.

        Raises:
            KeyError: No such column.
        """
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def _told(key: str, heading: str, width: int, kind: Kind = "text") -> Column:
    return Column(key=key, heading=heading, width=width, kind=kind)


def _new(key: str, heading: str, width: int, kind: Kind = "text") -> Column:
    return Column(key=key, heading=heading, width=width, kind=kind, fill="new")


def _filled(
    key: str, heading: str, width: int, kind: Kind = "text", choices: tuple[str, ...] = ()
) -> Column:
    return Column(
        key=key, heading=heading, width=width, kind=kind, fill="always", acts=True, choices=choices
    )


def _signed(who: str) -> tuple[Column, ...]:
    return (_filled("by", who, 12), _filled("on", "日期", 13, "date"))


_BANK, _NAME = _told("bank", "机构代码", 19), _told("name", "机构名称", 26, "long")
_NEW_BANK = _new("bank", "机构代码", 19)

MARKS = Sheet(
    id="marks",
    name="监管评分",
    note="每个定性评分项一行。填分值、理由、评分人、日期；不改的留空。撤销已有评分：分值选“撤销”。",
    columns=(
        _BANK,
        _NAME,
        _told("part", "评分项编号", 30),
        _told("what", "评分项", 34, "long"),
        _told("judged", "评什么", 40, "long"),
        _told("max", "满分", 8, "figure"),
        _told("self", "自评分", 9, "figure"),
        _told("present", "现评分", 9, "figure"),
        _filled("points", "分值", 9, "points"),
        _filled("reason", "理由", 40, "long"),
        *_signed("评分人"),
    ),
)
CORRECTIONS = Sheet(
    id="corrections",
    name="监管调整",
    note="数值按报送表上的单位填写（金额多为万元）。填报值照抄有效报送件，与之不符即不导入。"
    "撤销调整：调整后填“撤销”。",
    columns=(
        _NEW_BANK,
        _new("item", "数据项编号", 24),
        _told("name", "数据项", 30, "long"),
        _new("filed", "填报值", 16, "figure"),
        _told("present", "现调整值", 16, "figure"),
        _filled("adjusted", "调整后", 16, "figure"),
        _filled("reason", "理由", 36, "long"),
        _filled("evidence", "依据材料", 26, "long"),
        *_signed("调整人"),
    ),
    blank_rows=60,
)
STAGES_SHEET = Sheet(
    id="stages",
    name="程序",
    note="按顺序登记：初评、复审（与初评不同的人）、通报、终评、归档；退回的再登记一次初评。"
    "同一机构再登记一个环节，写在下面的空行。",
    columns=(
        _NEW_BANK,
        _NAME,
        _told("present", "现环节", 12),
        _told("next", "可登记", 18, "long"),
        _told("seen", "所见评价文件的摘要", 22),
        _filled("stage", "环节", 10, "choice", tuple(s for s in STAGES if s != "异议")),
        _filled("by", "人员", 12),
        _filled("role", "职务或角色", 18),
        _filled("on", "日期", 13, "date"),
    ),
    blank_rows=30,
)
OBJECTIONS_SHEET = Sheet(
    id="objections",
    name="异议",
    note="提出：写明编号、事项、内容，处理选“提出”。其后每次处理在该行登记。机构可见答复，不写人员姓名。",
    columns=(
        _NEW_BANK,
        _NAME,
        _new("id", "异议编号", 12),
        _new("subject", "异议事项", 24, "long"),
        _new("text", "异议内容", 40, "long"),
        _told("present", "现状", 12),
        _filled("state", "处理", 12, "choice", tuple(OBJECTIONS)),
        _filled("answer", "答复", 40, "long"),
        *_signed("人员"),
    ),
    blank_rows=30,
)
DEMANDS_SHEET = Sheet(
    id="demands",
    name="整改",
    note="所列为评价得出和已下达的事项。下达须填期限；延期填新期限。"
    "另增事项写在空行，编号自定（如 A1）。"
    "机构可见内容和情况，不写人员姓名。",
    columns=(
        _NEW_BANK,
        _NAME,
        _new("since", "起始报告期", 12),
        _new("id", "整改编号", 24),
        _new("requirement", "要求及依据", 32, "long"),
        _new("text", "整改内容", 36, "long"),
        _told("present", "现状", 12),
        _told("due_now", "现期限", 13, "date"),
        _filled("state", "动作", 10, "choice", tuple(DEMANDS)),
        _filled("evidence", "情况或佐证", 32, "long"),
        _filled("due", "整改期限", 13, "date"),
        *_signed("人员"),
    ),
    blank_rows=30,
)
SUCCESSIONS = Sheet(
    id="successions",
    name="承继",
    note="一家机构承继另一家（合并、改编码）。登记后不能更改。",
    columns=(
        _NEW_BANK,
        _new("predecessor", "被承继机构代码", 19),
        _new("from_period", "起始报告期", 12),
        Column(
            key="continues",
            heading="承继机构原已报送",
            width=18,
            kind="choice",
            fill="new",
            choices=(YES, NO),
        ),
        _new("basis", "批复文号", 28, "long"),
        *_signed("登记人"),
    ),
    blank_rows=10,
)
SHEETS = (MARKS, CORRECTIONS, STAGES_SHEET, OBJECTIONS_SHEET, DEMANDS_SHEET, SUCCESSIONS)
