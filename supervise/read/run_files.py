"""The output folders of runs as a store of files by digest: what was signed off is found in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from supervise.errors import DispatchError, SuperviseError, why_not
from supervise.read.told import MALFORMED, json_of
from supervise.read.told_evaluation import read_told_manifest

MANIFEST = "manifest.json"


class RunFiles:
    """Documents of runs.

    Args:
        folders: Where ``evaluate -o`` wrote.

    Raises:
        DispatchError: ``run_unreadable``.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._places: dict[tuple[str, str], Path] = {}
        for folder in folders:
            for path, digest in _documents(folder).items():
                self._places[path.partition("/")[0], digest] = folder / path

    def of(self, bank_folder: str, digest: str) -> tuple[str, bytes]:
        """Name and bytes of the file of a bank that has this digest.

        Args:
            bank_folder: The bank's folder within a run.
            digest: What was signed off.

        Raises:
            DispatchError: ``file_missing`` or ``file_altered``.
        """
        path = self._places.get((bank_folder, digest))
        if path is None:
            raise _fault("找不到所签发的文件", f"{bank_folder} {digest[:12]}", "file_missing")
        try:
            data = path.read_bytes()
        except OSError as error:
            told = f"所签发的文件不能打开（{why_not(error)}）"
            raise _fault(told, str(path), "file_missing") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise _fault("文件在签发之后被改动过", str(path), "file_altered")
        return path.name, data

    def beside(self, bank_folder: str, digest: str, ending: str) -> tuple[str, bytes] | None:
        """A file beside that of a digest, with another ending; None: there is none."""
        path = self._places[bank_folder, digest]
        other = path.with_name(path.stem + ending)
        return (other.name, other.read_bytes()) if other.is_file() else None


def _documents(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    try:
        told = read_told_manifest(json_of(path.read_bytes()), str(path))
    except OSError as error:
        raise _unreadable(path, why_not(error)) from error
    except SuperviseError as error:
        raise _unreadable(path, error.what) from error
    except MALFORMED as error:
        raise _unreadable(path, "内容不完整或写法不对") from error
    if told.intact is False:
        raise _unreadable(path, "与它自己的摘要不符")
    return dict(told.documents)


def _unreadable(path: Path, why: str) -> DispatchError:
    return DispatchError(
        f"运行结果不能采用：{why}",
        where=str(path),
        expected="supervise evaluate -o 写出的文件夹，原样未动",
        fix="检查 --reports 的路径；或重新评价、签发。",
        code="run_unreadable",
    )


def _fault(what: str, where: str, code: str) -> DispatchError:
    return DispatchError(
        what,
        where=where,
        expected="签发时的那一份，逐字节相同",
        fix="用 --reports 指明签发时的结果文件夹；或重新签发。",
        code=code,
    )
