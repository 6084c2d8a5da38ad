"""What the tests of the marked workbook share: marking a file, and taking it apart."""

from __future__ import annotations

import io
import struct
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from rich_workbook import repacked

from supervise.core.evaluation import Evaluation
from supervise.core.model import Basis, Correction, Finding
from supervise.ooxml.rewriting.unmarking import open_unmarked
from supervise.pipeline.case import check_file
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.annotate import annotate
from supervise.write.document import evaluation_document

WORDS = read_words("zh")
OURS = "校核结果"
SAMPLES = Path(__file__).parents[1] / "sample_submissions"
BLOCKED = SAMPLES / "2026Q3" / "rc09-chengyan.xlsx"
SOUND = SAMPLES / "2026Q3" / "rc01-yunting.xlsx"
RED, AMBER, BLUE = "FFF4B4AF", "FFFFD98B", "FFC3D5E9"


def evaluated(path: Path) -> Evaluation:
    """The pre-check of a workbook that can be read."""
    evaluation = check_file(path, Settings()).evaluation
    assert evaluation is not None
    return evaluation


def marked(path: Path) -> bytes:
    """The marked copy of a workbook."""
    return annotate(path.read_bytes(), evaluated(path), WORDS)


def saved(folder: Path, data: bytes, like: Path) -> Path:
    """The bytes in a file of the same name elsewhere."""
    path = folder / like.name
    path.write_bytes(data)
    return path


def document(path: Path) -> dict[str, Any]:
    """The evaluation document but for what the digest of the file enters, which marking changes."""
    told = dict(evaluation_document(evaluated(path)))
    del told["digest"]
    told["submission"] = {**told["submission"], "sha256": ""}
    return told


def unmarked(data: bytes) -> bytes:
    """The file with everything of ours taken out."""
    return open_unmarked(data, "x.xlsx").finish()


def parts_of(data: bytes) -> dict[str, bytes]:
    """All parts, inflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed_parts(data: bytes) -> dict[str, bytes]:
    """All parts as they lie in the archive, compressed."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            names = struct.unpack_from("<2H", data, entry.header_offset + 26)
            start = entry.header_offset + 30 + sum(names)
            found[entry.filename] = data[start : start + entry.compress_size]
    return found


def finding(*cells: str, severity: Any = "blocking", **told: Any) -> Finding:
    """A finding at these cells."""
    texts: dict[str, Any] = {"message": "数不对", "fix": "改正该数。", **told}
    return Finding("S71_I_001", severity, "form", cells, basis=Basis("house", "测试"), **texts)


def corrected(cell: str, shown: str) -> Correction:
    """What a cell should hold."""
    return Correction("S71_I_1_A1", cell, Fraction(1), shown)


def through_libreoffice(data: bytes, folder: Path) -> bytes:
    """The file as LibreOffice opens and saves it."""
    source = folder / "in.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    out = folder / "out"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", out, source],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return (out / "in.xlsx").read_bytes()


def changed(path: Path, part: str, change: Callable[[str], str]) -> bytes:
    """A file with the text of one part changed."""
    text = parts_of(path.read_bytes())[part].decode()
    new = change(text)
    assert new != text
    return repacked(path.read_bytes(), {part: new.encode()})


def opened(data: bytes, *, results: bool = False) -> Any:
    """The file as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it will drop what it does not know
        return load_workbook(io.BytesIO(data), data_only=results)
