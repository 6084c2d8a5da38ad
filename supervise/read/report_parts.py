"""A report PDF → the files that it carries, and whether its bytes are those that were written.

Read by pikepdf. What stands behind a sealed report, such as a signature, is left out. A file may
come from anywhere: what it may unpack to is limited before it is opened, nothing is repaired, and
only the few names that are asked for are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from supervise.core.whole_file import SealState, seal_state, sealed_length
from supervise.errors import NotIntact, SuperviseError, UsageError
from supervise.read.told import MALFORMED
from supervise.record import record

HEAD = b"%PDF-"
END = b"%%EOF"
LARGEST = 64 * 1024 * 1024
LARGEST_PART = 32 * 1024 * 1024
MOST_FILES = 16
_LIMITS = {
    "flate_max_memory": 2 * LARGEST_PART,
    "run_length_max_memory": LARGEST_PART,
    "png_max_memory": LARGEST_PART,
    "tiff_max_memory": LARGEST_PART,
    "dct_max_memory": LARGEST_PART,
    "max_stream_filters": 1,
    "parser_max_nesting": 100,
    "doc_max_warnings": 50,
}


@record(kw_only=True)
class ReportParts:
    """What was found in a report.

    Attributes:
        creator: Program that wrote it, such as ``supervise 0.3.0``; empty if it does not say.
        keywords: What it rests on; a summary of many banks has none.
        seal: Whether its bytes are those that were written.
        added: What stands behind it in the file: a signature, or what somebody put there.
        attached: Name to bytes of every file that it carries and that was asked for.
    """

    creator: str
    keywords: str
    seal: SealState
    added: int
    attached: Mapping[str, bytes]


def read_report(path: Path, wanted: Iterable[str]) -> ReportParts:
    """Open a report.

    Args:
        path: The PDF.
        wanted: Names of attached files.

    Raises:
        UsageError: It cannot be read or is too large.
        NotIntact: It is damaged, encrypted or made to unpack without end.
    """
    data = report_bytes(path)
    if END not in data[-1024:]:
        raise _damaged(path, "文件在末尾缺了一段（没有 PDF 结尾标记）", "pdf_truncated")
    import pikepdf

    report = data[: sealed_length(data)] or data
    try:
        with limited(), pikepdf.open(BytesIO(report), attempt_recovery=False) as pdf:
            return ReportParts(
                creator=_info(pdf, "/Creator"),
                keywords=_info(pdf, "/Keywords"),
                seal=seal_state(report),
                added=len(data) - len(report),
                attached=dict(_attached(pdf, frozenset(wanted), path)),
            )
    except pikepdf.PasswordError as error:
        raise _damaged(path, "PDF 已加密，不能核验", "pdf_encrypted") from error
    except SuperviseError:
        raise
    except (pikepdf.PikepdfError, *MALFORMED, MemoryError) as error:
        raise _damaged(path, "PDF 的结构已损坏，或解压后过大", "pdf_damaged") from error


def report_bytes(path: Path) -> bytes:
    """The bytes of a report.

    Raises:
        UsageError: ``cannot_open`` or ``pdf_too_large``.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(
                "文件过大，不是评价报告",
                where=str(path),
                expected=f"不大于 {LARGEST // 1024 // 1024} MB 的 PDF",
                fix="核对文件。",
                code="pdf_too_large",
            )
        return path.read_bytes()
    except OSError as error:
        raise cannot_open(path, error) from error


def cannot_open(path: Path, error: OSError) -> UsageError:
    """What to say of a file that was to be verified and cannot be read."""
    return UsageError(
        "文件不能打开",
        where=str(path),
        expected=f"可以读取的文件（{error.strerror}）",
        fix="检查路径和权限。",
        code="cannot_open",
    )


@contextmanager
def limited() -> Iterator[None]:
    """Keep the library from unpacking more than a report can hold; the limits are its own."""
    from pikepdf import settings

    before = settings.set_qpdf_limits(**_LIMITS)  # type: ignore[arg-type]  # all whole numbers
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # what it gave


def _info(pdf: Any, key: str) -> str:
    value = pdf.docinfo.get(key)
    text = str(value) if value is not None else ""
    return text if text.isprintable() and len(text) < 300 else ""


def _attached(pdf: Any, wanted: frozenset[str], path: Path) -> Iterator[tuple[str, bytes]]:
    """Files of the plain list that we write; a tree of names, or a name twice, is not ours."""
    names = pdf.Root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    if len(names) > 2 * MOST_FILES:
        raise _damaged(path, f"PDF 所附文件多于 {MOST_FILES} 个", "pdf_attachments")
    found = set()
    for place in range(1, len(names), 2):
        name = str(names[place]["/UF"])
        if name in found:
            raise _damaged(path, "PDF 有两个同名的附件", "pdf_attachments")
        found.add(name)
        if name in wanted:
            stream = names[place]["/EF"]["/F"]
            yield name, stream.read_bytes()


def _damaged(path: Path, what: str, code: str) -> NotIntact:
    return NotIntact(
        what,
        where=str(path),
        expected="supervise evaluate 写出的报告原件",
        fix="向出具报告的单位索取原件，不要用编辑、打印或压缩后的副本。",
        code=code,
    )
