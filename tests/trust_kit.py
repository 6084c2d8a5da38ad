"""What the tests of reports and their verification share: a run, and ways to spoil a report."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf

from supervise.batch import Mapper
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.verify.files import verify_files
from supervise.settings import Settings
from supervise.write.verification import Verified

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
LAST, NOW = SAMPLES / "2025Q4", SAMPLES / "2026Q3"
RURAL, LARGE, BRANCH = "B9001H233010001", "B9101H144010001", "B9101B233010001"
FILES = ("rc01-yunting.xlsx", "lb01-bangchuan.xlsx", "lb01-bangchuan-zhejiang.xlsx")


def run_into(folder: Path, paths: list[Path], **wanted: Any) -> None:
    """A regulator's run in this process."""
    target = Target(
        folder=folder, **{k: wanted.pop(k) for k in ("audience", "lang") if k in wanted}
    )
    evaluate_many(paths, Run(settings=Settings(), target=target, **wanted), Mapper(1))


def two_quarters(folder: Path) -> Path:
    """Last year's evaluation of a bank with judgements, then this quarter's of three."""
    run_into(folder / "last", [LAST / FILES[0]], judgements=LAST / "judgements.yaml")
    run_into(folder / "now", [NOW / name for name in FILES], history=folder / "last")
    return folder


def report(folder: Path, bank: str = RURAL, quarter: str = "now", period: str = "2026Q3") -> Path:
    """A bank's report in ``two_quarters``."""
    return folder / quarter / bank / f"{bank}-{period}.pdf"


def verified(*paths: Path, settings: Settings | None = None) -> Verified:
    """What came of the only file, or of the first."""
    return verify_files(paths, settings or Settings())[0]


def codes(found: Verified) -> list[str]:
    """Reason codes of what does not hold."""
    return [fault.code for fault in found.faults]


def attachments(path: Path) -> dict[str, bytes]:
    """Name to bytes of what a report carries."""
    with pikepdf.open(path) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}


def with_attachments(source: Path, target: Path, files: Mapping[str, bytes | None]) -> Path:
    """A copy whose attachments are replaced, or taken out for None; its seal is lost."""
    with pikepdf.open(source) as pdf:
        names = pdf.Root.Names.EmbeddedFiles.Names
        kept: list[Any] = []
        for place in range(0, len(names), 2):
            name = str(names[place + 1].UF)
            data = files.get(name, b"")
            if data is None:
                continue
            if name in files:
                names[place + 1].EF.F.write(data)
            kept += [names[place], names[place + 1]]
        pdf.Root.Names.EmbeddedFiles.Names = pikepdf.Array(kept)
        pdf.save(target)
    return target


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A JSON document with something in it changed."""
    document = json.loads(data)
    change(document)
    return json.dumps(document, ensure_ascii=False).encode()


def bomb(mebibytes: int, *, twice: bool) -> bytes:
    """A small PDF whose object stream unpacks to so much."""
    first = b"1 0 "
    packer = zlib.compressobj(9)
    packed = packer.compress(first + b"<</Type/Catalog/Pages 2 0 R>> ")
    for _ in range(mebibytes):
        packed += packer.compress(b" " * (1 << 20))
    packed += packer.flush()
    filters = b"/FlateDecode"
    if twice:
        packed, filters = zlib.compress(packed, 9), b"[/FlateDecode /FlateDecode]"
    head = b"3 0 obj <</Type/ObjStm/N 1/First %d/Filter %b/Length %d>> stream\n"
    out = bytearray(b"%PDF-1.7\n")
    places = {3: len(out)}
    out += head % (len(first), filters, len(packed)) + packed + b"\nendstream endobj\n"
    places[2] = len(out)
    out += b"2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj\n"
    places[4] = len(out)
    rows = [(0, 0, 65535), (2, 3, 0), *((1, places[n], 0) for n in (2, 3, 4))]
    table = b"".join(
        n.to_bytes(w, "big") for row in rows for n, w in zip(row, (1, 4, 2), strict=True)
    )
    out += b"4 0 obj <</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>> stream\n" % len(table)
    out += table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % places[4]
    return bytes(out)
