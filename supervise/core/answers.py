"""Explanations 说明: what the bank answered on sheet XW8, matched to what was found.

In: findings and the rows of XW8. Out: the findings with their answers, and a finding of its own
for each answer that meets nothing: the question is gone, it blocks and no answer lifts it, or
there is no such check. Clerks copy ids and cells by hand, so both are read as they type them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from supervise.core.evaluation import CheckState
from supervise.core.law import Check
from supervise.core.model import Explanation, Fact, Finding, Row
from supervise.core.world import Book
from supervise.record import record, replace

TABLE = "XW8_explanations"
GONE, BLOCKS, UNKNOWN = "XW8_002", "XW8_003", "XW8_004"
_LONGEST = 500
_NOT_IN_AN_ID = re.compile(r"[^A-Z0-9]")
_PLACE = re.compile(
    r"(?:'?(?P<sheet>[^!、,;'\s]{1,31})'?\s*!\s*)?(?<![A-Z0-9_])\$?(?P<left>[A-Z]{1,3})\$?(?P<top>[0-9]{1,7})"
    r"(?:\s*[:~]\s*\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[0-9]{1,7}))?(?![A-Z0-9_])"
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Box = tuple[int, int, int, int]
Spot = tuple[str, int, int]


@record
class Place:
    """A cell, a range or a whole sheet that an answer names.

    Attributes:
        sheet: Name of the worksheet; empty: the one that the check speaks of.
        box: Left, top, right, bottom; None: the whole sheet.
        text: As people would write it.
        or_else: What it means if the check found nothing there: ``G11`` is a sheet and a cell.
    """

    sheet: str
    box: Box | None
    text: str
    or_else: Place | None = None


@record
class Answer:
    """One row of XW8.

    Attributes:
        check: Id of the check that it answers; empty if there is no such check.
        typed: The id as typed.
        places: Cells that it names; None: every cell of that check.
        named: The cells as typed.
        text: The explanation.
        cell: Where the id stands.
    """

    check: str
    typed: str
    places: tuple[Place, ...] | None
    named: str
    text: str
    cell: Fact


def with_answers(
    book: Book, findings: tuple[Finding, ...], states: tuple[CheckState, ...]
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Give each finding its answer, and tell of the answers that meet none.

    Args:
        book: The submission and its law.
        findings: What the checks found.
        states: What became of each check.

    Returns:
        The findings, those 需说明 and 提示 with the bank's answer, and after them one for each
        answer in vain; the states in the same order as before.
    """
    rows = book.submission.tables.get(TABLE, ())
    answers = tuple(_answers(rows, book))
    if not answers:
        return findings, states
    met = _Met(findings)
    texts: dict[int, str] = {}
    vain: list[Finding] = []
    checks = {check.id: check for check in book.rulebook.checks}
    for answer in answers:
        for found in met.all_of(answer).values():
            for one in found:
                texts.setdefault(id(one), answer.text)
        vain += _in_vain(answer, met, checks, book)
    failed = {finding.check for finding in vain}
    settled = tuple(replace(s, state="failed") if s.check in failed else s for s in states)
    return (*(_told(one, texts) for one in findings), *vain), settled


def _told(finding: Finding, texts: Mapping[int, str]) -> Finding:
    text = texts.get(id(finding))
    if text is None or finding.severity == "blocking":
        return finding
    return replace(finding, explanation=Explanation(text))


class _Met:
    """The findings by check and by cell, for answers to meet."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.by_check: dict[str, list[Finding]] = {}
        self.by_cell: dict[str, dict[Spot, list[Finding]]] = {}
        for finding in findings:
            self.by_check.setdefault(finding.check, []).append(finding)
            spots = self.by_cell.setdefault(finding.check, {})
            for cell in finding.cells:
                spots.setdefault(_spot(cell), []).append(finding)

    def all_of(self, answer: Answer) -> dict[str, list[Finding]]:
        """Findings that an answer speaks of by the cells it names, empty: any cell."""
        if answer.places is None:
            return {"": self.by_check.get(answer.check, [])}
        return {place.text: self._at(answer.check, place) for place in answer.places}

    def _at(self, check: str, place: Place) -> list[Finding]:
        spots = self.by_cell.get(check, {})
        if not place.sheet and len({sheet for sheet, _, _ in spots}) != 1:
            return []
        found = [one for spot, ones in spots.items() if _meets(place, spot) for one in ones]
        return found if found or place.or_else is None else self._at(check, place.or_else)


def _in_vain(
    answer: Answer, met: _Met, checks: Mapping[str, Check], book: Book
) -> Iterator[Finding]:
    """What is to be said of an answer, at most once for each cause."""
    if not answer.check:
        yield from _said(UNKNOWN, answer, answer.named, checks, book)
        return
    found = met.all_of(answer)
    gone = [place for place, ones in found.items() if not ones]
    blocked = [
        place
        for place, ones in found.items()
        if ones and {o.severity for o in ones} == {"blocking"}
    ]
    if gone or not found:
        yield from _said(GONE, answer, "、".join(gone) or answer.named, checks, book)
    if blocked:
        yield from _said(BLOCKS, answer, "、".join(blocked), checks, book)


def _said(
    cause: str, answer: Answer, named: str, checks: Mapping[str, Check], book: Book
) -> Iterator[Finding]:
    """The finding of an answer in vain; none under a law that does not know its check."""
    check = checks.get(cause)
    if check is None:
        return
    item = book.rulebook.forms.items[answer.cell.item]
    cell = str(answer.cell.cell)
    place = named or book.rulebook.say("全部")
    words = {"cell": cell, "item": item.name, "text": answer.typed, "value": place}
    yield Finding(
        check=check.id,
        severity=check.severity,
        scope=check.scope,
        cells=(cell,),
        message=check.message.format_map(words),
        fix=check.fix.format_map(words),
        basis=check.basis,
        found=answer.typed,
    )


def _answers(rows: Sequence[Row], book: Book) -> Iterator[Answer]:
    """The rows that name a check and say something of it."""
    if not rows:
        return
    ids = {_squeezed(check.id): check.id for check in book.rulebook.checks}
    sheets = _sheet_names(book)
    for row in rows:
        check, text = _given(row, "XW8_check"), _given(row, "XW8_text")
        if check is None or text is None:
            continue
        place = _given(row, "XW8_cell")
        named = str(place.value) if place is not None else ""
        places = None if place is None else tuple(_places(named, sheets))
        typed = str(check.value)
        known = ids.get(_squeezed(typed), "")
        yield Answer(known, typed, places, named, str(text.value), check)


def _given(row: Row, item: str) -> Fact | None:
    fact = row.get(item)
    return fact if fact is not None and fact.state == "given" and fact.value else None


def _plain(text: str) -> str:
    """Half-width, capital, as ids and addresses are."""
    return normalize("NFKC", text).upper()


def _squeezed(typed: str) -> str:
    return _NOT_IN_AN_ID.sub("", _plain(typed[:_LONGEST]))


def _sheet_names(book: Book) -> dict[str, str]:
    """Name of each sheet, and the id of its form, to the name as it stands."""
    known: dict[str, str] = {}
    for form in book.rulebook.forms.forms:
        name = _plain(form.sheet)
        known[name] = known[_plain(form.id)] = form.sheet
    return known


def _places(named: str, sheets: Mapping[str, str]) -> Iterator[Place]:
    """The cells that a clerk named, a sheet holding on until another one is named."""
    text = _plain(named[:_LONGEST])
    whole = _sheet_called(text.strip(), sheets)
    cells = list(_cells(text, sheets))
    if whole:
        yield Place(whole, None, whole, cells[0] if cells else None)
    else:
        yield from cells


def _cells(text: str, sheets: Mapping[str, str]) -> Iterator[Place]:
    sheet = ""
    for match in _PLACE.finditer(text):
        if match["sheet"] is not None:
            sheet = _sheet_called(match["sheet"], sheets) or match["sheet"]
        left, top = _column(match["left"]), int(match["top"])
        right = _column(match["right"]) if match["right"] else left
        bottom = int(match["bottom"] or top)
        box = min(left, right), min(top, bottom), max(left, right), max(top, bottom)
        area = f"{match['left']}{top}" + (f":{match['right']}{bottom}" if match["right"] else "")
        yield Place(sheet, box, f"{sheet}!{area}" if sheet else area)


def _sheet_called(typed: str, sheets: Mapping[str, str]) -> str:
    """The sheet that a clerk means; empty if none, or more than one."""
    name = typed.replace(" ", "")
    if name in sheets:
        return sheets[name]
    if len(name) < 2:
        return ""
    meant = {sheet for known, sheet in sheets.items() if name in known}
    return meant.pop() if len(meant) == 1 else ""


def _spot(cell: str) -> Spot:
    """``Sheet!C14`` taken apart; a whole sheet has no column and no row."""
    sheet, _, address = cell.rpartition("!")
    match = _ADDRESS.fullmatch(address)
    return (sheet, _column(match[1]), int(match[2])) if match and sheet else (sheet or cell, 0, 0)


def _meets(place: Place, spot: Spot) -> bool:
    sheet, column, row = spot
    if place.sheet and place.sheet != sheet:
        return False
    if place.box is None:
        return True
    left, top, right, bottom = place.box
    return left <= column <= right and top <= row <= bottom


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
