"""The sample submissions as a whole: reviewed documents, second arithmetic, files and papers."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from sample_files import (
    ALL,
    CHANGED,
    EVERY,
    HOME,
    JUDGED,
    LIBRE_OFFICE,
    ODD,
    WPS,
    checked,
    document,
    expected_path,
    figures,
    make,
    named,
    papers,
    submission,
)
from sample_scores import work_out
from samples.catalogue import Sample
from samples.figures import values_of
from samples.variants import plain
from samples.workbook import forms_of, typed_in

from supervise.pipeline.case import read_case
from supervise.pipeline.template import write_workbook
from supervise.settings import Settings


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_each_sample_gives_its_reviewed_document(sample: Sample) -> None:
    reviewed = json.loads(expected_path(sample).read_text(encoding="utf-8"))
    assert document(sample.path) == reviewed


@pytest.mark.parametrize("sample", [s for s in JUDGED if s.path != WPS], ids=named)
def test_the_points_agree_with_those_worked_on_their_own(sample: Sample) -> None:
    spans, regular, bonus = work_out(HOME / sample.path)
    found = checked(sample.path).evaluation
    assert found is not None
    by_element = {e.id: (e.low, e.high) for e in found.elements if e.raw_max and e.id != "bonus"}
    assert by_element == spans
    assert (found.score.regular_low, found.score.regular_high) == regular
    assert found.score.bonus == bonus


def test_every_workbook_has_its_digest_and_is_small() -> None:
    lines = (HOME / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split("  ") for line in lines)}
    assert set(listed) == {sample.path for sample in ALL}
    for path, digest in listed.items():
        data = (HOME / path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest, path
        assert len(data) < 100_000, path


def test_no_workbook_or_document_lies_about_that_the_script_does_not_know() -> None:
    assert {p.relative_to(HOME).as_posix() for p in HOME.rglob("*.xlsx")} == {
        sample.path for sample in ALL
    }
    assert set((HOME / "expected").rglob("*.json")) == {expected_path(sample) for sample in EVERY}


def test_making_a_sample_twice_gives_the_same_bytes() -> None:
    wps = next(sample for sample in EVERY if sample.path == WPS)
    assert make(wps) == make(wps)


@pytest.mark.parametrize("sample", [s for s in JUDGED if s.name not in CHANGED], ids=named)
def test_the_committed_file_holds_the_figures_that_the_script_makes(sample: Sample) -> None:
    made = typed_in(forms_of(sample.period), values_of(sample.profile, sample.period))
    found = figures(submission(sample.path).facts)
    assert {item: found[item][1] for item in made if found[item][0] == "given"} == {
        item: value
        for item, value in made.items()
        if value != "不适用" or item.startswith("COVER_status")
    }


def test_the_papers_are_those_that_the_script_makes() -> None:
    for name, text in papers().items():
        assert (HOME / name).read_text(encoding="utf-8") == text, name


def test_the_values_file_fills_a_template_with_the_first_banks_figures(tmp_path: Path) -> None:
    filled = tmp_path / "filled.xlsx"
    write_workbook("2026Q3", "rural_commercial", filled, HOME / "values-example.json", None)
    ours = read_case(filled, Settings()).submission
    assert figures(ours.facts) == figures(submission("2026Q3/rc01-yunting.xlsx").facts)


def test_there_are_enough_banks_types_and_provinces() -> None:
    banks = {sample.profile.code: sample.profile for sample in EVERY if sample.period == "2026Q3"}
    kinds = Counter(profile.type for profile in banks.values())
    assert len(banks) >= 22
    assert kinds["rural_commercial"] >= 12
    assert len(kinds) >= 5
    assert {profile.province for profile in banks.values()} == {"330000", "440000", "510000"}
    assert len({profile.name for profile in banks.values()}) == len(banks)


def test_a_sound_bank_has_no_findings() -> None:
    clean = [s for s in JUDGED if s.name not in ODD]
    assert len(clean) >= 26
    for sample in clean:
        told = document(sample.path)
        assert told["status"] == "passed", sample.path
        assert told["findings"] == [], sample.path


def test_wps_and_libreoffice_read_as_our_own_template(tmp_path: Path) -> None:
    for path in (WPS, LIBRE_OFFICE):
        sample = next(s for s in EVERY if s.path == path)
        twin = tmp_path / Path(path).name
        twin.write_bytes(plain(sample.profile, sample.period))
        ours, theirs = read_case(twin, Settings()).submission, submission(path)
        assert figures(theirs.facts) == figures(ours.facts)
        assert [figures(row) for rows in theirs.tables.values() for row in rows] == [
            figures(row) for rows in ours.tables.values() for row in rows
        ]
    assert {f["check"] for f in document(WPS)["findings"]} == {"R_006"}
    assert document(LIBRE_OFFICE)["findings"] == []
