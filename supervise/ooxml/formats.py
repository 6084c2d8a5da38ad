"""Number formats: what a code shows a number as.

The East Asian built-in ids (27–36, 50–58) carry the codes of a Chinese installation: Excel and WPS
store a Chinese date under such an id alone, without any code in the file.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class NumberFormat(NamedTuple):
    """A format code and what it makes of a number."""

    code: str = "General"
    is_date: bool = False
    is_percent: bool = False


_YEAR_MONTH: Final = 'yyyy"年"m"月"'
_MONTH_DAY: Final = 'm"月"d"日"'
_NOON_TIME: Final = '上午/下午h"时"mm"分"'
_NOON_SECONDS: Final = '上午/下午h"时"mm"分"ss"秒"'

BUILT_IN: Final[dict[int, str]] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    27: _YEAR_MONTH,
    28: _MONTH_DAY,
    29: _MONTH_DAY,
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: _NOON_TIME,
    35: _NOON_SECONDS,
    36: _YEAR_MONTH,
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    50: _YEAR_MONTH,
    51: _MONTH_DAY,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _MONTH_DAY,
    55: _NOON_TIME,
    56: _NOON_SECONDS,
    57: _YEAR_MONTH,
    58: _MONTH_DAY,
}
GENERAL: Final = NumberFormat()

_LITERAL: Final = re.compile(
    r'"[^"]*"?'  # quoted text
    r"|\\.|[_*]."  # one character taken literally, as wide as, or repeated
    r"|\[(?!(?:h+|m+|s+)\])[^\]]*\]?"  # colour, condition, locale; [h] is elapsed time
    r"|e[+-]"  # exponent
    r"|general|g/通用格式",
    re.IGNORECASE | re.DOTALL,
)
_DATE: Final = re.compile(r"[ymdhs]|e|g{1,3}|aaa", re.IGNORECASE)
_DIGITS_ONLY: Final = re.compile(r"[#?]")


def number_format(code: str) -> NumberFormat:
    """What a format code shows a number as.

    Quoted and escaped text, colours, conditions and locales say nothing about it; a section with
    ``#`` or ``?`` is a number, whatever letters stand beside it.
    """
    bare = _LITERAL.sub("", code)
    is_date = any(
        _DATE.search(section) and not _DIGITS_ONLY.search(section) for section in bare.split(";")
    )
    return NumberFormat(code, is_date, "%" in bare)
