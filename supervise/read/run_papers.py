"""The files that a run wrote of each filing, as its ``manifest.json`` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supervise.errors import DispatchError, SuperviseError
from supervise.read.told import MALFORMED, json_of, text, whole
from supervise.read.told_evaluation import read_told_manifest
from supervise.record import record

MANIFEST = "manifest.json"
SIGNED_END = "-signed.pdf"
_MARKED = ("-marked.xlsx", "-marked.xlsm")


@record(kw_only=True)
class Papers:
    """What was written of one filing; paths within the run's folder, empty where there is none.

    Attributes:
        sha256: Digest of the bank's workbook.
        status: As in the manifest, such as ``superseded``.
        digests: Of each path, as the manifest states it.
    """

    bank: str
    period: str
    sequence: int
    sha256: str
    status: str
    evaluation: str
    report: str
    marked: str
    digests: Mapping[str, str]

    @property
    def signed_report(self) -> str:
        """Where the electronically signed copy of the report belongs."""
        return self.report.removesuffix(".pdf") + SIGNED_END


def read_papers(folder: Path, period: str) -> tuple[Papers, ...]:
    """What a run wrote of one period's filings.

    Args:
        folder: Where ``evaluate -o`` wrote.
        period: Such as ``2026Q3``; other periods are left out.

    Raises:
        DispatchError: ``run_unreadable``: no run was written there, or the manifest was changed.
    """
    path = folder / MANIFEST
    try:
        manifest = json_of(path.read_bytes())
        told = read_told_manifest(manifest, str(path))
        rows = tuple(_papers(row) for row in manifest["submissions"] if row["bank"])
    except OSError as error:
        raise _unreadable(path, "不能打开") from error
    except SuperviseError as error:
        raise _unreadable(path, error.what) from error
    except MALFORMED as error:
        raise _unreadable(path, "内容不完整或写法不对") from error
    if told.intact is False:
        raise _unreadable(path, "与它自己的摘要不符")
    return tuple(one for one in rows if one.period == period)


def _papers(row: Mapping[str, Any]) -> Papers:
    digests = {text(one["path"]): text(one["sha256"]) for one in row["documents"]}
    return Papers(
        bank=text(row["bank"]),
        period=text(row["period"]),
        sequence=whole(row["sequence"]),
        sha256=text(row["sha256"]),
        status=text(row["status"]),
        evaluation=_ending(digests, (".json",)),
        report=_ending(digests, (".pdf",)),
        marked=_ending(digests, _MARKED),
        digests=digests,
    )


def _ending(paths: Mapping[str, str], ends: tuple[str, ...]) -> str:
    return next((path for path in paths if path.endswith(ends)), "")


def _unreadable(path: Path, why: str) -> DispatchError:
    return DispatchError(
        f"评价结果文件夹不能使用：运行清单{why}",
        where=str(path),
        expected="supervise evaluate -o 写出的文件夹，原样未动",
        fix="检查 --reports 的路径；或重新运行 supervise evaluate。",
        code="run_unreadable",
    )
