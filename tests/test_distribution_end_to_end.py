"""From the bank's workbook to the bank's receipt, with real reports over a real mail server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import ROOT
from post_office import Certificates, attachments, running
from signed_results import passphrase, table

from supervise.read.report_text import pages_text

COMMAND = Path(sys.executable).with_name("supervise")
SAMPLES = ("lb01-bangchuan.xlsx", "lb01-bangchuan-zhejiang.xlsx", "vb01-qinghe.xlsx")


def supervise(
    *arguments: object, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    words = [str(COMMAND), *map(str, arguments)]
    given = {**os.environ, **(environment or {})}
    return subprocess.run(
        words, capture_output=True, text=True, check=False, encoding="utf-8", env=given
    )


def must(*arguments: object, environment: Mapping[str, str] | None = None) -> str:
    done = supervise(*arguments, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def opened_by_7zip(archive: Path, secret: str, folder: Path) -> Path:
    program = shutil.which("7zz") or shutil.which("7z")
    assert program, "7-Zip is missing: scripts/setup.sh test installs it"
    command = [program, "x", "-bd", f"-p{secret}", f"-o{folder}", str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def must_read_as_poppler_does(report: Path) -> None:
    """Every character that poppler finds is one that is searched for names."""
    done = subprocess.run(["pdftotext", report, "-"], capture_output=True, text=True, check=True)
    ours, theirs = (Counter("".join(text.split())) for text in (pages_text(report), done.stdout))
    assert theirs.total() > 10_000
    assert theirs - ours == Counter()


@pytest.mark.real
def test_three_banks_from_workbook_to_receipt(tmp_path: Path) -> None:
    filed, run, ledger = tmp_path / "filed", tmp_path / "run", tmp_path / "quarter.db"
    filed.mkdir()
    for file in SAMPLES:
        shutil.copy(ROOT / "sample_submissions" / "2026Q3" / file, filed)
    must("ledger", "upgrade", "--ledger", ledger)
    must("evaluate", filed, "-o", run, "--ledger", ledger, "--workers", "1")
    for report in run.glob("[BS]*/*.pdf"):
        must_read_as_poppler_does(report)
    signing = ["signoff", "2026Q3", "--ledger", ledger, "--reports", run, "--role", "处长"]
    must(*signing, "--by", "张三", "--on", "2026-11-10")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    names = {}
    for row in manifest["submissions"]:
        path = next(one["path"] for one in row["documents"] if one["path"].endswith(".json"))
        document = json.loads((run / path).read_text(encoding="utf-8"))
        names[row["bank"]] = document["submission"]["bank"]["name"]
    recipients, secrets = tmp_path / "recipients.csv", tmp_path / "secrets.csv"
    rows = [(code, name, "普惠金融部", f"p@{code.lower()}.example") for code, name in names.items()]
    table(recipients, ("机构代码", "机构名称", "收件部门", "邮箱"), rows)
    table(secrets, ("机构代码", "口令"), [(code, passphrase(code)) for code in names])
    secrets.chmod(0o600)
    sending = [
        "distribute", "2026Q3", "--ledger", ledger, "--reports", run, "--recipients", recipients,
        "--passphrases", secrets, "--via", "mail",
    ]  # fmt: skip
    with running(Certificates(tmp_path)) as post:
        assert "已送达 3 家" in must(*sending, environment=post.environment())
        assert "不重复 3 家" in must(*sending, environment=post.environment())
    assert len(post.delivered) == len(names) == 3
    receipts = []
    for to, message in post.messages():
        code = to.partition("@")[2].partition(".")[0].upper()
        ((file, data),) = attachments(message)
        (tmp_path / file).write_bytes(data)
        folder = opened_by_7zip(tmp_path / file, passphrase(code), tmp_path / f"opened-{code}")
        receipts.append(tmp_path / f"{code}.json")
        told = must("verify", folder / "manifest.json", "--acknowledge", receipts[-1])
        assert names[code] in told
    must("receipts", "import", *receipts, "--ledger", ledger)
    assert "全部签收" in must("receipts", "2026Q3", "--ledger", ledger)
    must("ledger", "verify", "--ledger", ledger)
