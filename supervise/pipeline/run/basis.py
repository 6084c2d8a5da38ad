"""What results rest on beside the workbook: program, law, look, and what a run was given.

Each as a digest. Two runs with the same basis come to the same, so that the later one may take
over what the earlier one did; where anything differs, however little it may matter, it does not.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from supervise import __version__
from supervise.record import record

if TYPE_CHECKING:
    from supervise.core.context import Context
    from supervise.pipeline.run.items import Run

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@record(kw_only=True)
class Basis:
    """What all banks of a run have in common.

    Attributes:
        judged: Digest of what decides about findings, points and words.
        shown: The same with what decides about the documents and their looks.
    """

    judged: str = ""
    shown: str = ""


NO_BASIS = Basis()


def basis_of(run: Run) -> Basis:
    """Worked out once, in the run's own process: all machines that take part go by it."""
    target = run.target
    judged = digest_of_texts(
        (
            program(),
            run.settings.lang,
            digest_of_tree(run.settings.overlay),
            str(run.expected),
        )
    )
    shown = (
        judged,
        target.audience,
        target.lang,
        *(str(one) for one in (target.files, target.pdf, target.html, run.official)),
        digest_of_tree(target.templates),
        digest_of_tree(run.proofs),
    )
    return Basis(judged=judged, shown=digest_of_texts(shown))


@cache
def program() -> str:
    """Digest of the program as it is installed, of the libraries and the Python that it uses.

    The list of an installation's files has the digest of each: code, law, templates and fonts.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    told = [__version__, sys.version]
    try:
        own = distribution("supervise")
        told.append(own.read_text("RECORD") or "")
        for wanted in own.requires or ():
            name = _NAME.match(wanted)
            told.append(distribution(name[0]).version if name and ";" not in wanted else "")
    except PackageNotFoundError:
        told.append("?")
    return digest_of_texts(told)


def digest_of_context(context: Context) -> str:
    """Of what an evaluation knows beside the submission and the law, peers and parent apart."""
    past = [f"{one.period} {one.source} {one.digest}" for one in context.history.values()]
    said = (context.judgements, context.adjustments, context.first_filing, context.edits)
    return digest_of_texts((*sorted(past), *map(repr, said)))


def digest_of_texts(texts: Iterable[str]) -> str:
    """SHA-256 over several texts, each apart from the next."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "backslashreplace")
        digest.update(f"{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def digest_of_tree(folder: Path | None) -> str:
    """SHA-256 over the names and contents of all files of a folder; empty without one."""
    if folder is None:
        return ""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\n{len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()
