"""A style sheet with its variables filled in.

Filled in here, once, because a cascade of variables costs time on every element.
"""

from __future__ import annotations

import re

from supervise.errors import RenderingError

_VARIABLE = re.compile(r"(--[\w-]+):([^;]+);")
_VARIABLE_USE = re.compile(r"var\((--[\w-]+)\)")


def filled_in(style: str, definitions: str, *, where: str) -> str:
    """The style sheet with each ``var(--name)`` replaced by its value.

    Args:
        style: Text of the style sheet.
        definitions: Text of ``variables.css``.
        where: Name of the style sheet, for the message.

    Raises:
        RenderingError: A variable is not defined.
    """
    variables: dict[str, str] = dict(_VARIABLE.findall(definitions))

    def value(use: re.Match[str]) -> str:
        if use[1] not in variables:
            raise RenderingError(
                f"样式使用了没有定义的变量 {use[1]}",
                where=where,
                expected=f"variables.css 定义了 {use[1]}",
                fix="在 variables.css 中补上该变量，或改正名称。",
                code="template_invalid",
            )
        return variables[use[1]].strip()

    return _VARIABLE_USE.sub(value, style)
