"""Runs in which some files end whatever works on them, as no file is known to do."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from made_quarter import Made, outcomes, planned
from make_quarter import FOLDER, make_quarter
from quarter.plan import GOOD, Wish

from supervise.errors import SuperviseError
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.alike import Asked
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.settings import Settings

Work = Callable[[Any], Any]
Lost = Callable[[Any, SuperviseError], Any]
Over = Callable[[Iterable[Any]], Iterator[Any]]
CODES = {"dies": "worker_lost", "hangs": "worker_timeout", "swallows": "worker_memory"}


class Sabotaged:
    """A mapper whose work goes wrong on files of certain names.

    Args:
        mapper: The real one.
        how: What happens on which file.
    """

    def __init__(self, mapper: Callable[[Work, Lost], Over], how: Mapping[str, str]) -> None:
        self._mapper = mapper
        self._how = dict(how)

    def __call__(self, work: Work, lost: Lost) -> Over:
        """The same seam."""
        return self._mapper(partial(sabotaged, self._how, work), lost)


def sabotaged(how: Mapping[str, str], work: Work, item: Any) -> Any:
    """The work, or what goes wrong with it."""
    _go_wrong(how.get(item.path.name, ""))
    return work(item)


def _go_wrong(what: str) -> None:
    if what == "dies":
        os._exit(9)
    if what == "takes its worker along":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    if what == "hangs":
        time.sleep(60)
    if what == "swallows":
        raise MemoryError


def twenty() -> Wish:
    """Twenty files, two of them hostile."""
    return Wish(count=20, hostile=0.1, faults=0.0)


def two_hundred() -> Wish:
    """Two hundred files, one in twenty hostile."""
    return Wish(count=200, hostile=0.05)


def asked(output: Path) -> Asked:
    """What a run that writes there is given."""
    return Asked(folder=str(Path.cwd()), output=str(output), paths=(), token=token_hex(8))


def refused_by_name(wish: Wish, how: Iterable[str], folder: Path, over: Callable[..., Any]) -> None:
    """Run over a quarter some of whose files are hostile; each must come out as planned.

    Args:
        wish: Which quarter.
        how: What goes wrong, each on a good file of its own.
        folder: Where to make it.
        over: The mapper that is to carry the run.
    """
    quarter = make_quarter(wish, folder)
    good = (file.file for file in quarter.files if file.kind == GOOD)
    wrong = dict(zip(good, how, strict=False))
    target = Target(folder=folder / "run", pdf=False)
    run = Run(settings=Settings(), target=target, expected=wish.period)
    evaluate_many([folder / FOLDER], run, Sabotaged(over, wrong))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    made = Made(folder, quarter, target.folder, expected)
    wanted = planned(made)
    for name, what in wrong.items():
        code = CODES.get(what, "worker_lost")
        wanted[name] = {"status": "refused", "refusal": code, "checks": [], "stands": False}
    assert outcomes(made) == wanted
