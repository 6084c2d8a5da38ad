"""What the pages look like: as agreed, and in nobody's way, in both languages.

``UPDATE_GOLDEN=1`` renews the pictures in ``golden/pages``; look at each before you commit it.
"""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from page_layout import complaints
from page_pictures import alike, cut, difference, pages, sheet
from PIL import Image
from sample_files import ALL, HOME, JUDGED

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.json_text import to_json
from supervise.pipeline.case import Case, judge, read_case
from supervise.pipeline.run.measured import brief_of
from supervise.read.history import History, read_history
from supervise.read.judgements import NO_MARKS
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.document import evaluation_document
from supervise.write.report import Renderer

pytestmark = pytest.mark.real
GOLDEN = Path(__file__).parent / "golden" / "pages"
LANGUAGES = ("zh", "en")
NOW = "2026Q3"
BANKS = {"strong": "rc01-yunting", "weak": "rc07-qibai", "nearly_empty": "vb02-lanjin"}
LONG_NAME = (
    "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县农村信用合作联社股份有限公司营业管理总部"
)
BRANCHES = "XW2_branches"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Evaluations of the quarters before, for the banks that have them."""
    folder = tmp_path_factory.mktemp("history")
    for sample in sorted(ALL, key=lambda sample: sample.period):
        if sample.name in BANKS.values() and sample.period < NOW:
            told = evaluation_document(judged(sample.path, "zh", read_history(folder)))
            name = f"{sample.name}-{sample.period}.json"
            (folder / name).write_text(to_json(told), encoding="utf-8")
    return read_history(folder)


@cache
def case_in(path: str, lang: str) -> Case:
    return read_case(HOME / path, Settings(lang=lang))


def judged(path: str, lang: str, history: History) -> Evaluation:
    case = case_in(path, lang)
    past = history.get(case.submission.bank.code, {})
    filed = case.submission
    peers = rivals().get(filed.bank.type, {}) if str(filed.period) == NOW else {}
    context = Context(history=past, peers=peers, peer_group=case.rulebook.bank_type.name)
    return judge(case, context, NO_MARKS)


@cache
def rivals() -> dict[str, dict[str, tuple[Fraction, ...]]]:
    """What the banks of this quarter's samples came to, by bank type."""
    found = [judge(case_in(s.path, "zh"), Context(), NO_MARKS) for s in JUDGED if s.period == NOW]
    groups: dict[str, dict[str, list[Fraction]]] = {}
    for brief in map(brief_of, found):
        group = groups.setdefault(brief.type, {})
        for key, value in brief.values.items() if brief.compared else ():
            group.setdefault(key, []).append(value)
    return {
        bank_type: {key: tuple(sorted(values)) for key, values in group.items()}
        for bank_type, group in groups.items()
    }


@cache
def renderer(lang: str) -> Renderer:
    return Renderer(words=read_words(lang))


def printed(evaluation: Evaluation, lang: str, folder: Path) -> Path:
    for tool in ("pdftoppm", "pdftotext"):
        if shutil.which(tool) is None:
            pytest.fail(f"{tool} is missing: scripts/apt-test.txt lists its package")
    file = folder / "report.pdf"
    file.write_bytes(renderer(lang).pdf(evaluation))
    return file


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", BANKS)
def test_the_pages_look_as_agreed(kind: str, lang: str, history: History, tmp_path: Path) -> None:
    pdf = printed(judged(f"{NOW}/{BANKS[kind]}.xlsx", lang, history), lang, tmp_path)
    assert complaints(pdf) == []
    found = pages(pdf, tmp_path)
    golden = GOLDEN / f"{kind}-{lang}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        sheet(found).save(golden, optimize=True)
    agreed = cut(Image.open(golden), found[0].size)
    differing = {
        number: difference(mine, theirs)
        for number, (mine, theirs) in enumerate(zip(found, agreed, strict=False), 1)
        if not alike(mine, theirs)
    }
    assert len(found) <= len(agreed) < len(found) + 6
    assert differing == {}


def stretched(evaluation: Evaluation) -> Evaluation:
    """The same with a name as long as they come."""
    bank = replace(evaluation.submission.bank, name=LONG_NAME)
    return replace(evaluation, submission=replace(evaluation.submission, bank=bank))


def with_branches(case: Case, count: int) -> Evaluation:
    """The same bank with ``count`` branches, each filed like one of its own."""
    rows = case.submission.tables[BRANCHES]
    many = tuple(rows[place % len(rows)] for place in range(count))
    filed = replace(case.submission, tables={**case.submission.tables, BRANCHES: many})
    return evaluate(filed, case.rulebook)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_long_name_finds_room(lang: str, history: History, tmp_path: Path) -> None:
    found = judged(f"{NOW}/{BANKS['weak']}.xlsx", lang, history)
    assert complaints(printed(stretched(found), lang, tmp_path)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fifty_branches_find_room(lang: str, tmp_path: Path) -> None:
    case = case_in(f"{NOW}/js01-huanyu.xlsx", lang)
    assert complaints(printed(with_branches(case, 50), lang, tmp_path)) == []


@pytest.mark.parametrize("sample", JUDGED, ids=lambda sample: sample.path)
def test_no_words_meet_or_leave_the_page(sample: object, tmp_path: Path) -> None:
    path = getattr(sample, "path", "")
    assert complaints(printed(judged(path, "zh", {}), "zh", tmp_path)) == []
