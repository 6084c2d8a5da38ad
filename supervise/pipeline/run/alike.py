"""What machines that work on one run must have alike: law, folders, ledger.

In: what the run was given. Out: what one machine sees of it, as plain values that can be compared,
and the refusal that says what differs where.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.errors import SuperviseError, UsageError
from supervise.read.compiled import PACKAGE, digest_of_sources
from supervise.record import record

if TYPE_CHECKING:
    from supervise.pipeline.run.items import Run

TOKEN = ".supervise-cluster"
"""A file in the folder of results by which a machine recognises that folder."""

_PATIENCE_SECONDS = 3
"""A shared folder may show a new file a little later on other machines."""


@record(kw_only=True)
class Asked:
    """What a run was given, by absolute paths.

    Attributes:
        folder: Where the command was called.
        output: Folder of results.
        paths: Everything that is read.
        overlay: The office's law; empty without.
        ledger: As the command line names it; None: the environment does, if ``has_ledger``.
        token: What the file ``TOKEN`` says.
    """

    folder: str
    output: str
    paths: tuple[str, ...]
    overlay: str = ""
    ledger: str | None = None
    has_ledger: bool = False
    token: str


@record(kw_only=True)
class Seen:
    """What one machine sees of it.

    Attributes:
        host: Its name.
        law: Digest over every file of the law, the office's included.
        paths: Of each path what it is and how large, or that it is missing.
        output: Whether the folder of results is the same one, and can be written to.
        ledger: The ledger as people may see it; empty without, or if it is not known.
        local: The ledger is a file.
    """

    host: str
    law: str
    paths: tuple[str, ...]
    output: bool
    ledger: str
    local: bool


def asked_of(run: Run, paths: Iterable[Path], token: str) -> Asked:
    """What a run over these paths was given."""
    beside = [run.history, run.judgements, run.proofs, run.opinions, run.target.templates]
    store = run.keeping.store if run.keeping is not None else None
    given = [*paths, *beside, run.settings.overlay, store]
    return Asked(
        folder=str(Path.cwd()),
        output=os.path.abspath(run.target.folder),  # noqa: PTH100 - resolve() follows links
        paths=tuple(os.path.abspath(path) for path in given if path is not None),  # noqa: PTH100
        overlay=str(run.settings.overlay.absolute()) if run.settings.overlay else "",
        ledger=run.keeping.ledger if run.keeping is not None else None,
        has_ledger=run.keeping is not None,
        token=token,
    )


def seen_here(asked: Asked) -> Seen:
    """What this machine sees."""
    ledger, local = _ledger(asked)
    return Seen(
        host=platform.node(),
        law=_law(asked.overlay),
        paths=(_place(Path(asked.folder)), *(_kind(Path(path)) for path in asked.paths)),
        output=_is_output(Path(asked.output), asked.token),
        ledger=ledger,
        local=local,
    )


def require_alike(asked: Asked, here: Seen, others: Mapping[str, Seen]) -> None:
    """Refuse a run that its machines would see differently.

    Args:
        asked: What the run was given.
        here: What the machine that was called sees.
        others: What the others see, by their address.

    Raises:
        UsageError: What differs, and where.
    """
    _require_law(here, others)
    _require_paths(asked, here, others)
    _require_output(asked, others)
    _require_ledger(here, others)


def _require_law(here: Seen, others: Mapping[str, Seen]) -> None:
    differing = {at: seen.law[:12] for at, seen in others.items() if seen.law != here.law}
    if differing:
        raise refused(
            "工作机上的评价规则与本机不同",
            differing,
            expected=f"规则文件摘要与本机的 {here.law[:12]} 相同",
            fix="在各机器上安装同一版本的 supervise，并使 --rulebook 指向同样的文件。",
            code="cluster_rulebook",
        )


def _require_paths(asked: Asked, here: Seen, others: Mapping[str, Seen]) -> None:
    names = (asked.folder, *asked.paths)
    differing: dict[str, str] = {}
    for at, seen in others.items():
        pairs = zip(names, seen.paths, here.paths, strict=True)
        differing |= {f"{at} {name}": there for name, there, own in pairs if there != own}
    if differing:
        raise refused(
            "工作机看到的输入与本机不同",
            differing,
            expected="各机器在同一路径上看到同样的文件和文件夹",
            fix="把共享文件夹挂载到各机器的同一路径，再运行。",
            code="cluster_folder",
        )


def _require_output(asked: Asked, others: Mapping[str, Seen]) -> None:
    differing = {at: asked.output for at, seen in others.items() if not seen.output}
    if differing:
        raise refused(
            "工作机看不到本次的结果文件夹，或不能写入",
            differing,
            expected="各机器在同一路径上看到同一个结果文件夹，并可写入",
            fix="把共享文件夹挂载到各机器的同一路径，并给运行 dask worker 的用户写权限。",
            code="cluster_output",
        )


def _require_ledger(here: Seen, others: Mapping[str, Seen]) -> None:
    differing = {
        at: seen.ledger or "-" for at, seen in others.items() if seen.ledger != here.ledger
    }
    if differing:
        raise refused(
            "工作机上的台账地址与本机不同",
            differing,
            expected=f"与本机相同的台账：{here.ledger or '-'}",
            fix="在各机器的环境中设置同样的 SUPERVISE_LEDGER，或用 --ledger 写明地址。",
            code="cluster_ledger",
        )
    remote = {at: seen.host for at, seen in others.items() if seen.host != here.host}
    if here.local and remote:
        raise refused(
            "SQLite 台账不能由几台机器共用",
            remote,
            expected="postgresql+psycopg:// 地址的台账（网络共享盘的文件锁不可靠）",
            fix="改用 PostgreSQL 台账，或只用本机的工作进程（--workers）。",
            code="cluster_sqlite",
        )


def refused(
    what: str, where: Mapping[str, str], *, expected: str, fix: str, code: str
) -> UsageError:
    """A refusal that names every machine concerned, one a line."""
    lines = "\n".join(f"{at}：{found}" for at, found in sorted(where.items()))
    return UsageError(what, where=lines, expected=expected, fix=fix, code=code)


def _law(overlay: str) -> str:
    """One digest over the shipped law and every file of the overlay."""
    digest = hashlib.sha256(digest_of_sources(PACKAGE).encode())
    root = Path(overlay)
    for path in sorted(root.rglob("*.yaml")) if overlay else ():
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(data)}\n".encode() + data)
    return digest.hexdigest()


def _kind(path: Path) -> str:
    """What stands there, so that another place under the same name is told apart."""
    try:
        if path.is_dir():
            found = sorted(
                (one.name, one.stat().st_size) for one in path.iterdir() if one.is_file()
            )
            listed = hashlib.sha256(repr(found).encode()).hexdigest()[:8]
            return f"{len(found)} 个文件，{listed}"
        return f"{path.stat().st_size} 字节"
    except FileNotFoundError:
        return "没有"
    except OSError as error:
        return f"{error.strerror}"


def _place(path: Path) -> str:
    """Whether the folder is there: what lies in it may change while the run goes on."""
    return "有" if path.is_dir() else "没有"


def _is_output(folder: Path, token: str) -> bool:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not _holds(folder / TOKEN, token):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return os.access(folder, os.W_OK)


def _holds(path: Path, token: str) -> bool:
    try:
        return path.read_text(encoding="ascii") == token
    except (OSError, UnicodeDecodeError):
        return False


def _ledger(asked: Asked) -> tuple[str, bool]:
    if not asked.has_ledger:
        return "", False
    from supervise.pipeline.ledger.opening import address_of

    try:
        address = address_of(asked.ledger)
    except SuperviseError:
        return "", False
    return (address.shown, address.path is not None) if address is not None else ("", False)
