"""What else a bank may hand in instead of an .xlsx workbook, and how each is turned into one.

The kind is known from the content (``sniff.py``, ``guard.py``); the file's name only chooses
between programs that share a format, and tells that a changed extension converts nothing.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.refusals import SAVE_IN_EXCEL, SAVE_IN_WPS, refusal


class Carrier(NamedTuple):
    """What is said of one kind of file: reason code, its name, what to do."""

    code: str
    name: str
    fix: str


_SAVE: Final = f"{SAVE_IN_EXCEL}；{SAVE_IN_WPS}；核对数据后重新报送。"
_SAVE_WPS: Final = f"{SAVE_IN_WPS}；核对数据后重新报送。Excel 打不开 .et 文件。"
_FILL: Final = "把数据填入本期空白报送表，以 .xlsx 格式保存后报送。"
_COPY: Final = (
    f"{SAVE_IN_EXCEL}；{SAVE_IN_WPS}；这种文件只有一张表，还要把数据填入本期空白报送表再报送。"
)
_UNPACK: Final = "解压，直接报送其中的 .xlsx 工作簿；不要压缩，也不要设压缩密码。"
_NO_PASSWORD: Final = "先用密码打开并取消打开密码，再另存为“.xlsx”："

CARRIERS: Final[dict[str, Carrier]] = {
    "xls": Carrier("old_xls", "旧版 Excel 97—2003（.xls）工作簿", _SAVE),
    "et": Carrier("old_xls", "WPS 表格（.et）工作簿", _SAVE_WPS),
    "xls_or_et": Carrier("old_xls", "旧版 Excel 97—2003（.xls）或 WPS 表格（.et）工作簿", _SAVE),
    "xls_locked": Carrier(
        "old_xls",
        "设有打开密码的旧版 Excel 97—2003（.xls）或 WPS 表格（.et）工作簿",
        _NO_PASSWORD + _SAVE,
    ),
    "xls_95": Carrier("old_xls", "Excel 4.0 或更早的（.xls）工作表", _SAVE),
    "xlsb": Carrier("other_carrier", "Excel 二进制工作簿（.xlsb）", _SAVE),
    "ods": Carrier(
        "other_carrier",
        "OpenDocument 表格（.ods）",
        f"用 LibreOffice 打开，点“文件—另存为”，“文件类型”选 Excel 2007 以后的 .xlsx；{_SAVE}",
    ),
    "xml_2003": Carrier("other_carrier", "Excel 2003 XML 表格（.xml）", _SAVE),
    "uof": Carrier("other_carrier", "标文通（UOF）表格", f"{SAVE_IN_WPS}；核对数据后重新报送。"),
    "html": Carrier("other_carrier", "网页（HTML）表格", _COPY),
    "mhtml": Carrier("other_carrier", "单个文件网页（MHTML）", _SAVE),
    "csv": Carrier("other_carrier", "文本（CSV）文件", _COPY),
    "txt": Carrier("other_carrier", "文本（.txt）文件", _COPY),
    "slk": Carrier("other_carrier", "文本交换格式（.slk、.dif）的表格", _COPY),
    "dbf": Carrier("other_carrier", "dBASE 数据库（.dbf）", _COPY),
    "numbers": Carrier(
        "other_carrier",
        "苹果 iWork 文件（Numbers 表格等）",
        "在 Numbers 中点“文件—导出为—Excel”，高级选项的格式选“.xlsx”，核对数据后重新报送。",
    ),
    "gzip": Carrier("other_carrier", "gzip 压缩文件（如 Gnumeric 表格）", _UNPACK),
    "zipped": Carrier("other_carrier", "装有工作簿的压缩包", _UNPACK),
    "zip": Carrier("not_a_workbook", "普通压缩包", _UNPACK),
    "archive": Carrier("not_a_workbook", "压缩包（RAR、7z）", _UNPACK),
    "zip_locked": Carrier("encrypted", "设有压缩密码的压缩包", _UNPACK),
    "doc": Carrier("not_a_workbook", "Word 97—2003（.doc）或 WPS 文字（.wps）文档", _FILL),
    "ppt": Carrier("not_a_workbook", "PowerPoint 97—2003（.ppt）或 WPS 演示（.dps）文稿", _FILL),
    "docx": Carrier("not_a_workbook", "Word 文档（.docx）", _FILL),
    "pptx": Carrier("not_a_workbook", "PowerPoint 文稿（.pptx）", _FILL),
    "odf": Carrier("not_a_workbook", "OpenDocument 文件，但不是表格", _FILL),
    "msg": Carrier("not_a_workbook", "邮件", "保存邮件的附件，报送其中的 .xlsx 工作簿。"),
    "compound": Carrier("not_a_workbook", "复合文档，其中没有工作簿", _FILL),
    "pdf": Carrier("not_a_workbook", "PDF 版式文件", f"报送生成它的 .xlsx 工作簿；没有的，{_FILL}"),
    "ofd": Carrier("not_a_workbook", "OFD 版式文件", f"报送生成它的 .xlsx 工作簿；没有的，{_FILL}"),
    "rtf": Carrier("not_a_workbook", "RTF 文档", _FILL),
    "picture": Carrier("not_a_workbook", "图片", _FILL),
    "xml": Carrier("not_a_workbook", "XML 文件，但不是表格", _FILL),
    "lock": Carrier(
        "not_a_workbook",
        "Excel 或 WPS 打开工作簿时的临时文件（~$ 开头）",
        "关闭 Excel 或 WPS，报送同名但不以 ~$ 开头的 .xlsx 工作簿。",
    ),
    "apple_double": Carrier(
        "not_a_workbook", "苹果电脑的附属文件（._ 开头）", "报送同名但不以 ._ 开头的 .xlsx 工作簿。"
    ),
    "unknown": Carrier("not_a_workbook", "格式不明的文件", _FILL),
}
_EXTENSION: Final = re.compile(r"\.xls[xm]$", re.IGNORECASE)


def carrier_refusal(kind: str, where: str, detail: str = "") -> WorkbookUnreadable:
    """The refusal of a file that is no .xlsx workbook.

    Args:
        kind: A key of ``CARRIERS``.
        where: The file's name, for the message.
        detail: What was found in particular.
    """
    carrier = CARRIERS[_by_name(kind, where)]
    space = " " if carrier.name[0].isascii() else ""
    what = f"文件是{space}{carrier.name}，不是 .xlsx 工作簿"
    if extension := _EXTENSION.search(where):
        what += f"；扩展名虽为 {extension[0]}，但改扩展名不会转换格式"
    return refusal(carrier.code, where, detail, what=what, fix=carrier.fix)


def _by_name(kind: str, where: str) -> str:
    """Formats that two programs share, told apart by the name."""
    name = where.lower()
    if kind == "xls_or_et":
        if name.endswith((".et", ".ett")):
            return "et"
        return "xls" if name.endswith((".xls", ".xlt", ".xla")) else kind
    if kind == "csv" and name.endswith(".txt"):
        return "txt"
    return kind
