"""The law compiled when the package is built: one file beside the YAML that it was made from.

In: ``compiled.jsonl``, written by ``read/compiling.py``. Out: the same values that the YAML
gives, without reading it. It counts only while the digest of every YAML file is the one it was
made from; otherwise, and for a case that it does not know, the YAML is read
(docs/adr/0008-compiled-law.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import Any

from supervise import __version__
from supervise.core import diagnosis, driver, formula, law, layout, references
from supervise.core.law import Rulebook
from supervise.core.layout import Form, FormSet
from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.read.codec import decode
from supervise.read.overlay import State, yaml_files
from supervise.record import replace

PACKAGE = Path(__file__).resolve().parent.parent
ARTIFACT = "compiled.jsonl"
SOURCES = ("forms", "locale", "rulebook")
NATIONAL = ""
CLASSES: tuple[type, ...] = (
    law.Rulebook, law.Check, law.Case, law.Deduction, law.Curve, law.PartLaw, law.Requirement,
    law.Indicator, law.Element, law.Band, law.Veto, law.Parameter, driver.Driver,
    diagnosis.Slip, diagnosis.Diagnosis,
    formula.Number, formula.Text, formula.Name, formula.Unary, formula.Binary, formula.Call,
    formula.Expression,
    layout.Item, layout.Placed, layout.OpenTable, layout.Form, layout.FormSet,
    references.Source, references.BankType, references.PeerReference, references.PolicyItem,
    Basis, Period,
)  # fmt: skip


class CompiledLaw:
    """What the build found in the YAML; decoded as far as it is asked for.

    Lines of the file: a head, the rows of one case in full, and for every other case the rows
    that are not among them.

    Args:
        data: The file.
    """

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")
        self._head = json.loads(self._lines[0])
        self._shared: list[Any] = []
        self._full: Any = None
        self._forms: dict[Period, FormSet] = {}

    def stands_for(self, sources: str) -> bool:
        """Whether it was made by this program from these YAML files."""
        made_by = {"program": __version__, "classes": shapes(), "sources": sources}
        return all(self._head.get(key) == value for key, value in made_by.items())

    @property
    def bank_types(self) -> Mapping[str, str]:
        """Bank type name to id."""
        return dict(self._head["bank_types"])

    @property
    def provinces(self) -> Mapping[str, str]:
        """Province name to six-digit code."""
        return dict(self._head["provinces"])

    def words(self, lang: str) -> Mapping[str, str] | None:
        """The wordings of a language by dotted key; None if there are none."""
        line = self._head["words"].get(lang)
        return None if line is None else dict(json.loads(self._lines[line]))

    def prose(self, lang: str) -> Mapping[str, Any] | None:
        """The texts of the law in another language, as its files hold them; None: no such."""
        line = self._head["prose"].get(lang)
        return None if line is None else dict(json.loads(self._lines[line]))

    def forms(self, period: Period) -> FormSet | None:
        """The forms in force for a period; None before the first one known."""
        segment = self._segment(period)
        if segment is not None and period not in self._forms:
            made_for = str(Period.parse(segment["period"]))
            forms = self._value(segment["forms"])
            self._forms[period] = _shown_for(period, forms, made_for)
        return self._forms.get(period)

    def rulebook(self, period: Period, bank_type: str, province: str) -> Rulebook | None:
        """The law of a case; None if it is not among those known."""
        segment, forms = self._segment(period), self.forms(period)
        names = {code: name for name, code in self._head["provinces"].items()}
        if segment is None or forms is None or province not in names:
            return None
        own = province if province in segment["cases"] else NATIONAL
        line = segment["cases"][own].get(bank_type)
        if line is None:
            return None
        rulebook: Rulebook = self._value(line)
        return replace(
            rulebook,
            period=period,
            province=province,
            province_name=names[province],
            forms=forms,
        )

    def _segment(self, period: Period) -> dict[str, Any] | None:
        """The stretch of periods that the same dated entries apply to."""
        day = period.last_day.isoformat()
        segments = (one for one in reversed(self._head["segments"]) if one["from"] <= day)
        return next(segments, None)

    def _value(self, line: int) -> Any:
        if not self._shared:
            self._full = decode(json.loads(self._lines[1]), CLASSES, self._shared)
        if line == 1:
            return self._full
        return decode(json.loads(self._lines[line]), CLASSES, self._shared.copy())


def opened(state: State) -> CompiledLaw | None:
    """The compiled law that came with this program; None without one, or if it is outdated.

    Args:
        state: Of the law's files; those it was made from are hashed again when it has changed.
    """
    return _opened(PACKAGE, state)


@lru_cache(maxsize=4)
def _opened(package: Path, state: State) -> CompiledLaw | None:
    try:
        data = (package / ARTIFACT).read_bytes()
        compiled = CompiledLaw(data)
    except (OSError, ValueError):
        return None
    return compiled if compiled.stands_for(digest_of_sources(package)) else None


def digest_of_sources(package: Path) -> str:
    """SHA-256 over the name and content of every YAML file that the law is made of."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in yaml_files(package / folder):
            with FileIO(path) as file:
                data = file.readall()
            name = path[len(str(package)) :].replace("\\", "/")
            digest.update(f"{name}\n{len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()


def shapes() -> list[list[str]]:
    """Each class with its fields, so that rows are never read by another shape."""
    return [[cls.__qualname__, *cls.__slots__] for cls in CLASSES]  # type: ignore[attr-defined]  # records


def _shown_for(period: Period, forms: FormSet, made_for: str) -> FormSet:
    """The forms with the period in the locked cells that show it."""
    return replace(forms, forms=tuple(_form_for(period, form, made_for) for form in forms.forms))


def _form_for(period: Period, form: Form, made_for: str) -> Form:
    shows = {one for one in form.placed if (one.kind, one.formula) == ("fixed", made_for)}
    if not shows:
        return form
    placed = (replace(one, formula=str(period)) if one in shows else one for one in form.placed)
    return replace(form, placed=tuple(placed))
