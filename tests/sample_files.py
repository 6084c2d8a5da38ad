"""What the tests of the sample submissions share: where they are, and what comes of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation
from supervise.core.model import Fact, Submission
from supervise.pipeline.case import Case, Outcome, check_file, judge, read_case
from supervise.read.history import History
from supervise.read.judgements import NO_MARKS, Marks, read_judgements
from supervise.settings import Settings

# The script that makes the samples is no part of the program; tests import this module first.
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import make_samples
from samples.catalogue import Sample, samples

HOME = make_samples.HOME
make, papers = make_samples.make, make_samples.papers
expected_path = make_samples.expected_path
ALL = samples()
EARLIER = [sample for sample in ALL if sample.earlier]
EVERY = [sample for sample in ALL if not sample.earlier]
JUDGED = [sample for sample in EVERY if sample.profile.file != "rcc02-heqing"]
WPS = "2026Q3/rc12-hexiu.xlsx"
LIBRE_OFFICE = "2026Q3/rc13-tangpu.xlsx"
ODD = {"rc09-chengyan", "rc10-luyu-1", "rc11-tongji", "rc12-hexiu", "rcc01-shuangyuan", "vb03-ouxi"}
CHANGED = ODD | {"rc10-luyu-2"}


def named(sample: Sample) -> str:
    return sample.path.removesuffix(".xlsx")


@cache
def checked(path: str) -> Outcome:
    return check_file(HOME / path, Settings())


@cache
def document(path: str) -> dict[str, Any]:
    return make_samples.document(checked(path))


@cache
def case_of(path: str) -> Case:
    return read_case(HOME / path, Settings())


def submission(path: str) -> Submission:
    return case_of(path).submission


def evaluated(path: str, marks: Marks = NO_MARKS, history: History | None = None) -> Evaluation:
    case = case_of(path)
    past = (history or {}).get(case.submission.bank.code, {})
    return judge(case, Context(history=past), marks)


def marks() -> Marks:
    return read_judgements(HOME / "2025Q4" / "judgements.yaml")


def indicator(told: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in told["indicators"] if each["id"] == wanted)
    return found


def figures(facts: Mapping[str, Fact]) -> dict[str, tuple[str, object]]:
    return {item: (fact.state, fact.value) for item, fact in facts.items()}
