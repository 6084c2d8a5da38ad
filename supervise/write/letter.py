"""The covering letter of a parcel, as one self-contained page; an office may restyle it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from supervise.core.period import Period
from supervise.record import record
from supervise.write.numbers import Numbers, Words
from supervise.write.report import Renderer


@record
class LetterFile:
    """One enclosed file: what it is, its name, its bytes."""

    kind: str
    name: str
    data: bytes


@record(kw_only=True)
class Letter:
    """What a letter says.

    Attributes:
        number: Of the report, the same however often it is sent.
        office: Department addressed.
        signed: Role and day of each sign-off.
        supersedes: Number of the delivery that it replaces; None: none.
        receipt: Name for the file that acknowledges it.
    """

    number: str
    name: str
    office: str
    period: str
    sequence: int
    files: Sequence[LetterFile]
    signed: Sequence[tuple[str, str]]
    supersedes: str | None
    receipt: str


@record
class FileLine:
    """A row of the table of enclosures."""

    what: str
    name: str
    sha256: str


@record(kw_only=True)
class LetterView:
    """The letter in texts."""

    lang: str
    title: str
    number: str
    name: str
    office: str
    period: str
    sequence: int
    files: tuple[FileLine, ...]
    signed: tuple[str, ...]
    supersedes: str
    receipt: str


def letter_html(letter: Letter, renderer: Renderer, words: Words) -> bytes:
    """The letter.

    Raises:
        RenderingError: A template is wrong.
    """
    view = _view(letter, words)
    page = renderer.page("letter.html.j2", r=view, style=renderer.style("letter.css"))
    return page.encode()


def _view(letter: Letter, words: Words) -> LetterView:
    numbers = Numbers(words)
    period = numbers.period(Period.parse(letter.period))
    return LetterView(
        lang=words.lang,
        title=words("letter.title", period=period),
        number=letter.number,
        name=letter.name,
        office=letter.office,
        period=period,
        sequence=letter.sequence,
        files=tuple(
            FileLine(
                words(f"letter.kind.{one.kind}"), one.name, hashlib.sha256(one.data).hexdigest()
            )
            for one in letter.files
        ),
        signed=tuple(
            words("letter.signed", role=role, day=numbers.day(date.fromisoformat(on)))
            for role, on in letter.signed
        ),
        supersedes=letter.supersedes or "",
        receipt=letter.receipt,
    )
