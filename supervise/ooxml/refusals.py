"""Every reason for which a file is refused, with its words.

The reason codes are stable: scripts and tests rely on them. Each message has four parts; ``what``,
``expected`` and ``fix`` stand here, ``where`` is known only to the one who refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits


class Reason(NamedTuple):
    """What is said of a refusal: what was found, which rule expected what, what to do."""

    what: str
    expected: str
    fix: str


SAVE_IN_EXCEL: Final = "用 Excel 打开，点“文件—另存为”，“保存类型”选“Excel 工作簿(*.xlsx)”"
SAVE_IN_WPS: Final = "用 WPS 打开，点“文件—另存为”，“文件类型”选“Microsoft Excel 文件(*.xlsx)”"
_SAVE_AS_XLSX = f"{SAVE_IN_EXCEL}；{SAVE_IN_WPS}；核对数据后重新报送。"
_FROM_TEMPLATE = "用本期下发的空白报送表重新填写，以 .xlsx 格式保存后报送。"
_REPAIR = "用 Excel 或 WPS 打开并重新保存为 .xlsx；打不开的，请从原件重新复制或重新填写。"
_CLEAR_UNUSED = (
    "选中数据区以外的整行、整列，删除（不仅是清除内容），保存后重新报送；"
    "或把数据复制到本期空白报送表。"
)

REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "empty_file": Reason(
            "文件是空的（0 字节）",
            "本期报送表的 .xlsx 工作簿",
            "检查文件是否已保存、传输是否完成，再重新报送。",
        ),
        "not_a_workbook": Reason(
            "文件不是 Excel 工作簿", "本期报送表的 .xlsx 工作簿", _FROM_TEMPLATE
        ),
        "truncated": Reason(
            "文件不完整，尾部缺失",
            "完整的 .xlsx 工作簿",
            "传输可能中断：请从原件重新复制、上传，并核对文件大小。",
        ),
        "encrypted": Reason(
            "工作簿设有打开密码",
            "不设打开密码的 .xlsx 工作簿",
            "取消打开密码：Excel 点“文件—信息—保护工作簿—用密码进行加密”，"
            "WPS 点“文件—文档加密—密码加密”，清空密码，以 .xlsx 格式保存后重新报送。",
        ),
        "old_xls": Reason(
            "文件是旧版表格格式，不是 .xlsx 工作簿", ".xlsx 格式的工作簿", _SAVE_AS_XLSX
        ),
        "other_carrier": Reason(
            "文件是其他格式，不是 .xlsx 工作簿", ".xlsx 格式的工作簿", _SAVE_AS_XLSX
        ),
        "too_large": Reason(
            "工作簿过大",
            f"文件不超过 {limits.FILE_BYTES >> 20} MB，展开后不超过 {limits.TOTAL_BYTES >> 20} MB",
            "删去图片、附件和与报送无关的工作表；或把数据复制到本期空白报送表。",
        ),
        "too_many_members": Reason(
            "工作簿内部文件过多",
            f"不超过 {limits.MEMBERS} 个内部文件",
            "删去图片、控件和与报送无关的工作表；或把数据复制到本期空白报送表。",
        ),
        "duplicate_member": Reason(
            "工作簿内部有同名文件，无法确定以哪一个为准", "内部文件不重名", _REPAIR
        ),
        "unsafe_member": Reason(
            "工作簿内部文件的路径不安全", "内部路径为相对路径，且不含“..”", _FROM_TEMPLATE
        ),
        "part_too_large": Reason(
            "工作簿的某一部分展开后过大",
            f"每一部分展开后不超过 {limits.PART_BYTES >> 20} MB",
            _CLEAR_UNUSED,
        ),
        "ratio_too_high": Reason(
            "工作簿的压缩比异常（可能是压缩炸弹）",
            f"展开后与压缩后之比不超过 {limits.RATIO}",
            _CLEAR_UNUSED,
        ),
        "unsupported_compression": Reason(
            "工作簿使用了不支持的压缩方法", "不压缩，或 deflate 压缩", _REPAIR
        ),
        "damaged": Reason("工作簿内容损坏", "结构完整、校验和相符的 .xlsx 工作簿", _REPAIR),
        "doctype": Reason(
            "工作簿的 XML 中有 DOCTYPE 声明（可能是实体攻击）",
            "Office Open XML 不允许 DOCTYPE 声明",
            _FROM_TEMPLATE,
        ),
        "missing_part": Reason("工作簿缺少必要的内部文件", "工作簿引用的内部文件都存在", _REPAIR),
        "too_many_sheets": Reason(
            "工作表过多",
            f"不超过 {limits.SHEETS} 张工作表",
            "删去与报送无关的工作表，保存后重新报送。",
        ),
        "too_many_cells": Reason(
            "单元格过多（含只设了格式的空单元格）",
            f"全簿不超过 {limits.CELLS:,} 个单元格",
            _CLEAR_UNUSED,
        ),
        "too_many_rows": Reason(
            "数据所在的行超出范围",
            f"数据在第 {limits.ROWS:,} 行以内，明细表不超过 {limits.TABLE_ROWS:,} 行",
            _CLEAR_UNUSED,
        ),
        "too_many_columns": Reason(
            "数据所在的列超出范围", f"数据在第 {limits.COLUMNS} 列以内", _CLEAR_UNUSED
        ),
        "string_too_long": Reason(
            "单元格文字过长",
            f"每个单元格不超过 {limits.STRING_CHARACTERS:,} 个字符",
            "缩短该单元格的文字，详细材料另附。",
        ),
    }
)


def refusal(
    code: str, where: str, detail: str = "", *, what: str = "", fix: str = ""
) -> WorkbookUnreadable:
    """The error for one reason.

    Args:
        code: A key of ``REASONS``.
        where: File, part or cell.
        detail: What was found in particular, added to the general words.
        what: What was found, where it is told better than by the reason in general.
        fix: What to do, likewise.
    """
    reason = REASONS[code]
    found = what or reason.what
    found = f"{found}：{detail}" if detail else found
    return WorkbookUnreadable(
        found, where=where, expected=reason.expected, fix=fix or reason.fix, code=code
    )


def shown(text: str, length: int = 60) -> str:
    """A foreign text made fit for a message: shortened, unprintable characters escaped."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in cut
    )
