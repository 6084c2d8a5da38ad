"""What the costliest files that pass every limit cost the real program, in a process of its own.

That each ends within five seconds on a quiet machine is shown by ``make bench``; the limit here is
the kernel's and only ends what would never end, whatever else this machine does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from heavy_template import HEAVY

from supervise.ooxml.refusals import REASONS

ENDLESS_SECONDS = 60
PEAK_MIB = 300
# A process starts with the memory peak of the one it comes from, so a small one stands between.
MEASURE = f"""
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, ({ENDLESS_SECONDS}, {ENDLESS_SECONDS}))
with open(sys.argv[1], "wb") as output:
    code = subprocess.call(sys.argv[2:], stdout=output)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


@pytest.mark.parametrize("name", HEAVY)
def test_a_costly_file_ends_with_an_answer_within_300_mib(name: str, tmp_path: Path) -> None:
    file, output = tmp_path / "报送表.xlsx", tmp_path / "out.json"
    file.write_bytes(HEAVY[name]())
    check = [sys.executable, "-m", "supervise", "check", "--format", "json", str(file)]
    measure = [sys.executable, "-c", MEASURE, str(output), *check]
    measured = subprocess.run(measure, capture_output=True, text=True, check=True)
    code, peak = map(float, measured.stdout.split())
    print(f"{name}: {peak:.0f} MiB, {file.stat().st_size >> 10} kB")
    assert measured.stderr == ""
    assert code in (0, 1, 3)
    document = json.loads(output.read_bytes())
    assert (document["status"] == "refused") is (code == 3)
    assert document["refusal"] is None or document["refusal"]["code"] in REASONS
    assert peak < PEAK_MIB
