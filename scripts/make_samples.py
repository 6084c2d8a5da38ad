"""Make the sample submissions, or check that the committed ones are what would be made.

    python scripts/make_samples.py [--check | --expected | --libreoffice]

Figures come from ``scripts/samples``: invented banks, seeded by their code, no clock. One file
is saved by LibreOffice, whose bytes differ from version to version: it is committed with its
digest and made again only with ``--libreoffice``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
for place in (ROOT / "scripts", ROOT):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

# openpyxl spells the same workbook otherwise where it finds lxml.
os.environ["OPENPYXL_LXML"] = "False"

from samples.catalogue import Sample, samples  # noqa: E402 (the path is set above)
from samples.papers import judgements, readme, values_example  # noqa: E402
from samples.parts import unpack  # noqa: E402
from samples.variants import libre_office  # noqa: E402

from supervise.pipeline.case import Outcome, check_file  # noqa: E402
from supervise.pipeline.precheck.check import as_json  # noqa: E402
from supervise.settings import Settings  # noqa: E402

HOME = ROOT / "sample_submissions"
SUMS = "SHA256SUMS"
MODEL = "../supervise/rulebook/model_filing.json"
"""The figures of the first sample are also the model filing that examples of checks start from."""


def make(sample: Sample) -> bytes:
    """The bytes of one sample as our own template writes it."""
    return sample.make(sample.profile, sample.period)


def papers() -> dict[str, str]:
    """Text files beside the workbooks, by path."""
    return {
        "README.md": readme(samples()),
        "2025Q4/judgements.yaml": judgements(),
        "values-example.json": values_example(),
        MODEL: values_example(),
    }


def expected_path(sample: Sample) -> Path:
    """Where the reviewed document of a sample is kept; earlier quarters have none."""
    return HOME / "expected" / sample.period / f"{sample.name}.json"


def document(outcome: Outcome) -> dict[str, Any]:
    """What ``supervise check --format json`` says of a file, but for the program and its law.

    Which program and which digest of the law say it changes more often than what they say; so
    does the document's own digest, which covers the law's.
    """
    told: dict[str, Any] = json.loads(as_json([outcome]))
    told.pop("program")
    told.pop("digest")
    for name in ("version", "digest"):
        (told["rulebook"] or {}).pop(name, None)
    return told


def digests(folder: Path) -> str:
    """Lines for ``sha256sum -c``, one for each workbook."""
    found = sorted(folder.rglob("*.xlsx"))
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in found
    )


def same_workbook(left: bytes, right: bytes) -> bool:
    """Whether two workbooks hold the same parts; how hard they are packed is no difference."""
    return left == right or unpack(left) == unpack(right)


def _made() -> Iterable[tuple[Sample, bytes]]:
    own = [sample for sample in samples() if not sample.saved_elsewhere]
    with ProcessPoolExecutor() as pool:
        yield from zip(own, pool.map(make, own), strict=True)


def write_all() -> None:
    """Write every workbook but the one saved elsewhere, and the papers."""
    for sample, data in _made():
        path = HOME / sample.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name, text in papers().items():
        (HOME / name).write_text(text, encoding="utf-8")
    (HOME / SUMS).write_text(digests(HOME), encoding="utf-8")


def save_elsewhere() -> None:
    """Save the one workbook with the LibreOffice of this machine."""
    for sample in samples():
        if sample.saved_elsewhere:
            (HOME / sample.path).write_bytes(libre_office(make(sample)))
    (HOME / SUMS).write_text(digests(HOME), encoding="utf-8")


def write_expected() -> None:
    """Write the documents that the samples give now; a person reviews what changed."""
    for sample in samples():
        if sample.earlier:
            continue
        path = expected_path(sample)
        path.parent.mkdir(parents=True, exist_ok=True)
        told = document(check_file(HOME / sample.path, Settings()))
        text = json.dumps(told, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


def differences() -> list[str]:
    """Paths below ``sample_submissions`` that are not what would be made."""
    found = [
        sample.path
        for sample, data in _made()
        if not (HOME / sample.path).is_file()
        or not same_workbook((HOME / sample.path).read_bytes(), data)
    ]
    for name, text in {**papers(), SUMS: digests(HOME)}.items():
        path = HOME / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            found.append(name)
    return found


def main() -> int:
    """Command line; exit code 1 if a committed file differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    choice = parser.add_mutually_exclusive_group()
    for name in ("check", "expected", "libreoffice"):
        choice.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    if options.check:
        wrong = differences()
        print("\n".join(f"differs: {name}" for name in wrong) or "all samples as made")
        return 1 if wrong else 0
    if options.expected:
        write_expected()
    elif options.libreoffice:
        save_elsewhere()
    else:
        write_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
