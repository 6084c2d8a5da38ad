"""Every error that a user may meet, and the exit code each leads to.

SuperviseError
├── UsageError             exit 2   the command was called wrongly
├── WorkbookUnreadable     exit 3   not a workbook, encrypted, bomb, too large, wrong template
├── RulebookError          exit 4   law or form file wrong: path, line, what, how to mend
├── LedgerError            exit 5   history cannot be read or does not fit
├── DispatchError          exit 6   delivery
├── RenderingError         exit 7   a system library or a glyph missing
└── NotIntact              exit 8   verify

A bank's mistake in a readable workbook is no error: it is a ``Finding``. Our own fault ends
with 70, an interruption with 130; neither has a class here.
"""

from __future__ import annotations


class SuperviseError(Exception):
    """A message in four parts that a user can act on.

    Args:
        what: What was found.
        where: File, sheet and cell, or line; empty if nowhere in particular.
        expected: What was expected and by which rule.
        fix: What to do, in one imperative sentence.
        code: Reason code, stable across versions and languages.
    """

    exit_code = 70

    def __init__(
        self, what: str, *, where: str = "", expected: str = "", fix: str = "", code: str = "error"
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.expected = expected
        self.fix = fix
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.parts()))

    def parts(self) -> dict[str, str]:
        """The four parts and the reason code, by name."""
        return {
            "what": self.what,
            "where": self.where,
            "expected": self.expected,
            "fix": self.fix,
            "code": self.code,
        }


def _rebuild(kind: type[SuperviseError], parts: dict[str, str]) -> SuperviseError:
    return kind(
        parts["what"],
        where=parts["where"],
        expected=parts["expected"],
        fix=parts["fix"],
        code=parts["code"],
    )


class UsageError(SuperviseError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class WorkbookUnreadable(SuperviseError):
    """The file cannot be read as this period's submission; ``code`` says why."""

    exit_code = 3


class RulebookError(SuperviseError):
    """A rule, form or wording file is wrong; ``where`` is path and line."""

    exit_code = 4


class LedgerError(SuperviseError):
    """Earlier evaluations cannot be read or contradict one another."""

    exit_code = 5


class DispatchError(SuperviseError):
    """A parcel could not be prepared or delivered."""

    exit_code = 6


class RenderingError(SuperviseError):
    """A system library or a glyph that the report needs is missing."""

    exit_code = 7


class NotIntact(SuperviseError):
    """A document does not match its digest, or does not evaluate to the same result."""

    exit_code = 8


_WHY_NOT: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "没有这个文件或文件夹"),
    (IsADirectoryError, "这是文件夹，不是文件"),
    (NotADirectoryError, "路径中有一段不是文件夹"),
    (PermissionError, "没有权限，或文件正被占用"),
)


def why_not(error: OSError) -> str:
    """Why a file cannot be opened or written, in words; the system's own where there are none."""
    return next((text for kind, text in _WHY_NOT if isinstance(error, kind)), str(error.strerror))
