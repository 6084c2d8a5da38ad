"""The draft of a supervisor's words: what is generated, in a text file that a person edits.

In: the evaluations of one period with the words already given. Out: YAML that
``read/opinions.py`` reads back. The same words give the same text, so that a draft made from an
edited run carries the edits. Texts of banks stand in quotes or in comments of one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from supervise.core.evaluation import Evaluation
from supervise.core.opinions import Opinion, edit_of, opinions_of
from supervise.core.period import Period
from supervise.core.rectification import carried_items
from supervise.core.supervision import (
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    RectificationItem,
    draft_mark,
)
from supervise.write.numbers import Numbers, Words
from supervise.write.phrases import Phrases
from supervise.write.view_cover import verdict
from supervise.write.view_opinions import Draft, drafted, kind_mark
from supervise.write.view_rectification import evidence_text, standing_text
from supervise.write.visible import one_line

_PLAIN = re.compile(r"[A-Z0-9]{4,20}")
_HEAD = """\
# {period}监管意见初稿（内部文件，不得随报告分发）。
#
# 改好后再评价一次：supervise evaluate 报送件 -o 结果文件夹 --opinions 本文件
# text      监管意见，可直接改写；不改就用程序原拟的这一句。清空等于不改。
# due       整改期限，如 2026-12-31；空着时报告写“由监管部门确定”。“建议关注”不设期限。
# drop      要略去这一条，在这里写明原因（仅内部可见）；空着就保留。
# draft     程序据此辨认是否改写过、所据情况是否变了，请勿改动。
# overall   对该机构的总体意见，印在报告里；note 是内部说明，不给银行。
# added     增加意见，每条写 text、basis，可写 problem、due，例如：
#             - {{problem: 现场核实发现……, text: 请……, basis: 金规〔2024〕18号, due: 2026-12-31}}
# rectification  往期整改事项：status 写 已整改、整改中、逾期或不再适用，evidence 写依据；
#             空着时由程序按本期数据判断。
# 不要写监管人员或银行人员的姓名：除 drop、note 外，银行都看得到。
"""
_STANDINGS = {"mended": "已整改", "open": "整改中", "overdue": "逾期", "not_applicable": "不再适用"}


def opinion_draft(period: Period, banks: Mapping[str, str], words: Words) -> str:
    """The draft for the banks of one period, by code.

    Args:
        period: The period.
        banks: Each bank's lines, from ``draft_of_bank``, by its code.
        words: Chinese wordings: supervisors edit what banks in China read.
    """
    head = _HEAD.format(period=Numbers(words).period(period)) + f"period: {period}"
    return "\n".join([head, "banks:", *(banks[code] for code in sorted(banks))]) + "\n"


def draft_of_bank(evaluation: Evaluation, words: Words) -> str:
    """The lines about one bank, with the words already given."""
    return "\n".join(_bank(Phrases(evaluation, words, "internal")))


def current_mark(say: Phrases, opinion: Opinion) -> str:
    """Mark of what is generated now; ``say`` speaks Chinese."""
    return _mark(drafted(say, opinion))


def _mark(draft: Draft) -> str:
    return draft_mark(one_line(draft.text), one_line(draft.problem))


def _bank(say: Phrases) -> Iterator[str]:
    filed, edits = say.evaluation.submission, say.evaluation.edits
    code = filed.bank.code
    yield f"  {code if _PLAIN.fullmatch(code) else _quoted(code)}:"
    told = verdict(say)
    yield f"    # {one_line(filed.bank.name)}　{told.total_title} {told.total}　{told.grade}"
    yield f"    overall: {_quoted(edits.overall)}"
    yield f"    note: {_quoted(edits.note)}"
    yield from _block("opinions", [_opinion(say, o) for o in opinions_of(say.evaluation)])
    yield from _block("added", [_added(one) for one in edits.added], empty="[]")
    yield from _block("rectification", [_item(say, i) for i in carried_items(say.evaluation)])


def _block(name: str, entries: list[list[str]], *, empty: str = "{}") -> Iterator[str]:
    if not entries:
        yield f"    {name}: {empty}"
        return
    yield f"    {name}:"
    for entry in entries:
        yield from entry


def _opinion(say: Phrases, opinion: Opinion) -> list[str]:
    edit = edit_of(say.evaluation.edits, opinion.id) or OpinionEdit(id=opinion.id)
    draft = drafted(say, opinion)
    lines = [
        f"      {opinion.id}:",
        f"        # [{kind_mark(say, opinion.kind).text}] {one_line(draft.problem)}",
        f"        # 依据：{one_line(say.basis(opinion.basis))}",
    ]
    if edit.text:
        lines.append(f"        # 程序原拟：{one_line(draft.text)}")
    return [
        *lines,
        f"        text: {_quoted(edit.text or draft.text)}",
        f"        due: {_quoted(edit.due)}",
        f"        drop: {_quoted(edit.drop)}",
        f"        draft: {_mark(draft)}",
    ]


def _added(added: AddedOpinion) -> list[str]:
    return [
        f"      - problem: {_quoted(added.problem)}",
        f"        text: {_quoted(added.text)}",
        f"        basis: {_quoted(added.basis)}",
        f"        due: {_quoted(added.due)}",
    ]


def _item(say: Phrases, item: RectificationItem) -> list[str]:
    edits = say.evaluation.edits.items
    edit = next((e for e in edits if e.id == item.id), ItemEdit(id=item.id))
    return [
        f"      {item.id}:",
        f"        # {one_line(item.requirement)}（{item.since} 起，期限 {item.due or '未定'}）",
        f"        # 现为{standing_text(say, item)}：{one_line(evidence_text(say, item))}",
        f"        status: {_STANDINGS[edit.status] if edit.status else _quoted('')}",
        f"        evidence: {_quoted(edit.evidence)}",
        f"        due: {_quoted(edit.due)}",
    ]


def _quoted(text: str) -> str:
    """A double-quoted scalar: JSON's escapes are YAML's too."""
    return json.dumps(one_line(text), ensure_ascii=False)
