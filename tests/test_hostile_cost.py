"""What the costliest files that pass every limit cost the real program, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from heavy_template import HEAVY

from supervise.ooxml.refusals import REASONS

CPU_SECONDS = 5
PEAK_MIB = 300
# A process starts with the memory peak of the one it comes from, so a small one stands between.
MEASURE = """
import os, resource, subprocess, sys
with open(sys.argv[1], "wb") as output:
    code = subprocess.call(sys.argv[2:], stdout=output)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


@pytest.mark.parametrize("name", HEAVY)
def test_a_costly_file_ends_within_five_seconds_and_300_mib(name: str, tmp_path: Path) -> None:
    file, output = tmp_path / "报送表.xlsx", tmp_path / "out.json"
    file.write_bytes(HEAVY[name]())
    check = [sys.executable, "-m", "supervise", "check", "--format", "json", str(file)]
    measure = [sys.executable, "-c", MEASURE, str(output), *check]
    measured = subprocess.run(measure, capture_output=True, text=True, check=True)
    code, cpu, peak = map(float, measured.stdout.split())
    print(f"{name}: {cpu:.2f} s, {peak:.0f} MiB, {file.stat().st_size >> 10} kB")
    assert measured.stderr == ""
    assert code in (0, 1, 3)
    document = json.loads(output.read_bytes())
    assert (document["status"] == "refused") is (code == 3)
    assert document["refusal"] is None or document["refusal"]["code"] in REASONS
    assert cpu < CPU_SECONDS
    assert peak < PEAK_MIB
