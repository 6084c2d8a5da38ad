"""The same run on several machines: the same bytes, whoever is lost; and what is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crew import code_of, fatal_at_three, own_process, refusing, sleepy, squared
from machines import Machines, certified, running
from sabotage import asked, refused_by_name, twenty
from sample_files import HOME

from supervise.batch import Limits
from supervise.batch.faults import require_address, require_versions
from supervise.errors import SuperviseError, UsageError, WorkbookUnreadable
from supervise.pipeline.run.alike import TOKEN, Asked, require_alike, seen_here
from supervise.read.error_words import in_language
from supervise.record import replace

PROGRAM = Path(sys.executable).with_name("supervise")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler with three workers, of which a test may end one."""
    with running(tmp_path_factory.mktemp("cluster") / "machines", 3) as started:
        yield started


def filed(folder: Path, count: int) -> Path:
    """Some of the sample submissions in a folder of their own."""
    folder.mkdir()
    for path in sorted((HOME / "2026Q3").glob("rc*.xlsx"))[:count]:
        shutil.copy(path, folder)
    return folder


def evaluate(*options: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PROGRAM, "evaluate", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def contents(folder: Path) -> dict[str, bytes]:
    """All that a run leaves, but for its journal, which tells how it went."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    told = (path for path in files if path.parts[:2] != ("internal", "run"))
    return {path.as_posix(): (folder / path).read_bytes() for path in told}


@pytest.mark.real
@pytest.mark.parametrize("count", [3, pytest.param(12, marks=pytest.mark.soak)])
def test_a_worker_lost_in_mid_run_changes_no_byte(
    count: int, machines: Machines, tmp_path: Path
) -> None:
    files = filed(tmp_path / "filed", count)
    run = evaluate(files, "-o", tmp_path / "there", "--cluster", machines.address)
    while not list((tmp_path / "there").rglob("*.pdf")):
        assert run.poll() is None
        time.sleep(0.2)
    next(worker for worker in machines.workers if worker.poll() is None).kill()
    _, told = run.communicate(timeout=120)
    assert run.returncode in (0, 1), told
    here = evaluate(files, "-o", tmp_path / "here", "--workers", "2")
    here.communicate(timeout=120)
    done = contents(tmp_path / "here")
    banks = {path.name.partition("-")[0] for path in files.iterdir()}
    assert sum(name.endswith(".pdf") for name in done) == len(banks) + 1, "and the summary"
    assert contents(tmp_path / "there") == done


@pytest.mark.real
def test_hostile_files_cost_a_cluster_only_themselves(machines: Machines, tmp_path: Path) -> None:
    from supervise.batch.cluster import Cluster

    with Cluster(machines.address, asked(tmp_path / "run")) as over:
        refused_by_name(twenty(), ["dies", "swallows"], tmp_path, over)
    assert not (tmp_path / "run" / TOKEN).exists()


@pytest.mark.real
def test_the_seam_is_that_of_the_pool(machines: Machines, tmp_path: Path) -> None:
    from supervise.batch.cluster import Cluster

    told: list[tuple[int, str]] = []

    def again(item: int, code: str) -> None:
        told.append((item, code))

    with Cluster(machines.address, asked(tmp_path), Limits(seconds=30), again=again) as over:
        assert list(over(squared, code_of)(iter(range(100)))) == [n * n for n in range(100)]
        assert list(over(fatal_at_three, code_of)([1, 3, 2])) == [1, "worker_lost", 4]
        assert told == [(3, "worker_lost")], "tried twice"
        with pytest.raises(WorkbookUnreadable) as caught:
            list(over(refusing, code_of)([1]))
        assert caught.value.where == "1.xlsx"
        processes = set(over(own_process, code_of)(range(50)))
        assert processes
    assert not any(Path(f"/proc/{pid}").exists() for pid in processes), "none is left behind"


@pytest.mark.real
def test_a_folder_that_the_machines_do_not_share_is_refused(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supervise.batch import cluster

    monkeypatch.setattr(cluster, "TOKEN", ".another")
    with pytest.raises(UsageError) as caught, cluster.Cluster(machines.address, asked(tmp_path)):
        pass
    assert caught.value.code == "cluster_output"
    assert caught.value.where.count("tcp://127.0.0.1") >= 2


@pytest.mark.real
def test_machines_whose_workers_cannot_start_processes_are_refused(tmp_path: Path) -> None:
    from supervise.batch.cluster import Cluster

    with (
        running(tmp_path / "machines", 1, "--nthreads", "1", "--nworkers", "1") as nursed,
        pytest.raises(UsageError) as caught,
        Cluster(nursed.address, asked(tmp_path)),
    ):
        pass
    assert caught.value.code == "cluster_nanny"


@pytest.mark.real
def test_machines_that_prove_who_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = filed(tmp_path / "filed", 2)
    for name, value in certified(tmp_path / "certificates").items():
        monkeypatch.setenv(name, value)
    with running(tmp_path / "machines", 1, protocol="tls") as machines:
        asked = (files, "-o", tmp_path / "out", "--no-pdf", "--cluster")
        run = evaluate(*asked, machines.address)
        _, told = run.communicate(timeout=120)
        assert run.returncode == 0, told
        for name in certified(tmp_path / "others"):
            monkeypatch.delenv(name)
        for address in (machines.address, machines.address.replace("tls", "tcp")):
            stranger = evaluate(*asked, address)
            _, told = stranger.communicate(timeout=120)
            assert stranger.returncode == 2
            assert "cluster_unreachable" in told
            assert "Traceback" not in told


@pytest.mark.soak
def test_a_scheduler_lost_in_mid_run_is_told_without_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from supervise.batch.cluster import Cluster

    with (
        running(tmp_path / "machines", 1) as machines,
        Cluster(machines.address, asked(tmp_path)) as over,
    ):
        results = over(sleepy, code_of)(range(200))
        assert [next(results) for _ in range(4)] == [0, 1, 2, 3]
        machines.scheduler.kill()
        with pytest.raises(SuperviseError) as caught:
            list(results)
    assert caught.value.code == "cluster_lost"
    assert_english(caught.value)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--workers", "2", "--cluster", "tcp://127.0.0.1:1"), "cluster_or_workers"),
        (("--cluster", "http://127.0.0.1:8786"), "cluster_address"),
        (("--cluster", "127.0.0.1:8786"), "cluster_address"),
        (("--cluster", "tcp://127.0.0.1:1"), "cluster_unreachable"),
        (("--cluster", "tls://127.0.0.1:1"), "cluster_unreachable"),
    ],
)
def test_a_cluster_that_cannot_be_is_wrong_usage(
    options: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    run = evaluate(filed(tmp_path / "filed", 1), "-o", tmp_path / "out", *options)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 2
    assert f"（{code}）" in told
    assert "Traceback" not in told
    assert "注意" not in told, "loopback needs no warning"


def test_an_open_network_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    from supervise.cli.spreading import warn_of

    for address in ("tcp://10.1.2.3:8786", "tcp://scheduler:8786"):
        warn_of(address)
        assert "可信的内部网络" in capsys.readouterr().err
    for address in ("tls://scheduler:8786", "tcp://localhost:8786", "tcp://[::1]:8786"):
        warn_of(address)
        assert not capsys.readouterr().err


def test_dask_is_loaded_only_for_a_cluster() -> None:
    code = (
        "import sys, supervise.cli.main, supervise.batch, supervise.cli.spreading;"
        "sys.exit(any(name in sys.modules for name in ('dask', 'distributed', 'tornado')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_addresses_have_host_and_port() -> None:
    assert require_address("tcp://scheduler:8786") == ("scheduler", 8786)
    assert require_address("tls://[fe80::1]:1/") == ("fe80::1", 1)
    for wrong in ("", "tcp://scheduler", "tcp://:1", "tcp://a:b", "tcp://a:1/x", "ucx://a:1"):
        with pytest.raises(UsageError):
            require_address(wrong)


def told(python: str, **packages: str | None) -> dict[str, Any]:
    return {"host": {"python": python}, "packages": {"python": python, **packages}}


HERE = told("3.11.2.final.0", supervise="1", dask="7", weasyprint="70")
PATCHED = told("3.11.9.final.0", supervise="1", dask="7", weasyprint="70")


def test_patches_of_python_do_not_count() -> None:
    require_versions(HERE, PATCHED, {"tcp://a:1": PATCHED})


@pytest.mark.parametrize(
    ("other", "where"),
    [
        (told("3.11.2", supervise="2", dask="7", weasyprint="70"), "supervise 2 ≠ 1"),
        (told("3.11.2", supervise="1", dask="7", weasyprint=None), "weasyprint - ≠ 70"),
        (
            told("3.13.1", supervise="1", dask="8", weasyprint="70"),
            "Python 3.13 ≠ 3.11、dask 8 ≠ 7",
        ),
    ],
)
def test_other_versions_are_refused_by_name(other: Any, where: str) -> None:
    for scheduler, worker, at in ((HERE, other, "tcp://a:1"), (other, HERE, "scheduler")):
        with pytest.raises(UsageError) as caught:
            require_versions(HERE, scheduler, {"tcp://a:1": worker})
        assert caught.value.code == "cluster_versions"
        assert caught.value.where == f"{at}：{where}"
        assert_english(caught.value)


@pytest.fixture
def run(tmp_path: Path) -> Asked:
    filed = tmp_path / "filed"
    filed.mkdir()
    (filed / "a.xlsx").write_bytes(b"x")
    (tmp_path / TOKEN).write_text("mine", encoding="ascii")
    return replace(asked(tmp_path), paths=(str(filed),), token="mine")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"law": "0" * 64}, "cluster_rulebook"),
        ({"output": False}, "cluster_output"),
        ({"ledger": "postgresql://b/q"}, "cluster_ledger"),
        ({"paths": ("有", "没有")}, "cluster_folder"),
        ({"host": "elsewhere", "local": True}, "cluster_sqlite"),
    ],
)
def test_machines_that_are_not_alike_are_refused(
    run: Asked, change: dict[str, Any], code: str
) -> None:
    here = replace(seen_here(run), local="local" in change)
    assert here.output
    require_alike(run, here, {"tcp://a:1": here})
    with pytest.raises(UsageError) as caught:
        require_alike(run, here, {"tcp://a:1": here, "tcp://b:1": replace(here, **change)})
    assert caught.value.code == code
    assert "tcp://b:1" in caught.value.where
    assert "tcp://a:1" not in caught.value.where
    assert_english(caught.value)


def test_another_folder_under_the_same_name_is_told_apart(run: Asked) -> None:
    here = seen_here(run)
    (Path(run.paths[0]) / "b.xlsx").write_bytes(b"y")
    assert seen_here(run).paths != here.paths
    (Path(run.output) / TOKEN).write_text("theirs", encoding="ascii")
    assert not seen_here(run).output


def test_the_ledger_is_told_without_its_password(
    run: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPERVISE_LEDGER", "postgresql+psycopg://me:secret@db/quarter")
    seen = seen_here(replace(run, has_ledger=True))
    assert "secret" not in repr(seen)
    assert "quarter" in seen.ledger
    assert not seen.local
    assert seen_here(replace(run, has_ledger=True, ledger="quarter.db")).local


def assert_english(error: SuperviseError) -> None:
    english = in_language(error, "en")
    assert english.what.isascii()
    assert english.expected.isascii()
    assert english.fix.isascii()
