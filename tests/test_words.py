"""Every language says everything: same keys, same places to fill in, and no gap goes unseen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from string import Formatter

import pytest

from supervise.core.period import Period
from supervise.errors import RulebookError, UsageError
from supervise.read.words import LOCALES, Words, flat_words, read_words
from supervise.write.numbers import Numbers

ZH = flat_words(LOCALES / "zh.yaml")
OTHERS = sorted(path.stem for path in LOCALES.glob("*.yaml") if path.stem != "zh")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_an_english_file() -> None:
    assert "en" in OTHERS


@pytest.mark.parametrize("lang", OTHERS)
def test_every_language_has_the_same_keys(lang: str) -> None:
    texts = flat_words(LOCALES / f"{lang}.yaml")
    assert sorted(texts.keys() - ZH.keys()) == []
    assert sorted(ZH.keys() - texts.keys()) == []
    assert list(texts) == list(ZH), "another order makes two files hard to compare"


@pytest.mark.parametrize("lang", OTHERS)
def test_every_language_fills_in_the_same_names(lang: str) -> None:
    texts = flat_words(LOCALES / f"{lang}.yaml")
    differing = [key for key in ZH if places(texts[key]) != places(ZH[key])]
    assert differing == []


@pytest.mark.parametrize("lang", ["zh", *OTHERS])
def test_no_wording_is_empty(lang: str) -> None:
    texts = flat_words(LOCALES / f"{lang}.yaml")
    assert [key for key, text in texts.items() if not text.strip()] == []


@pytest.mark.parametrize("lang", ["zh", *OTHERS])
def test_every_name_to_fill_in_is_a_plain_one(lang: str) -> None:
    for key, text in flat_words(LOCALES / f"{lang}.yaml").items():
        assert all(name.isidentifier() for name in places(text)), key


def test_english_leaves_chinese_to_the_titles_of_law() -> None:
    allowed = {"report.policy.remark"}
    chinese = [
        key
        for key, text in flat_words(LOCALES / "en.yaml").items()
        if any("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in text)
    ]
    assert set(chinese) <= allowed


def test_english_is_read_by_its_tag() -> None:
    words = read_words("en")
    assert words.lang == "en"
    assert not words.has("lang")
    assert words("report.page", page=1, pages=2) == "Page 1 of 2"
    assert read_words("en") is words


def test_english_says_amounts_periods_and_dates() -> None:
    numbers = Numbers(read_words("en"))
    assert numbers.money(Fraction(123_450_000)) == "CNY\u00a0123.45\u00a0m"
    assert numbers.money(Fraction(15_000)) == "CNY\u00a015,000"
    assert numbers.value(Fraction(3, 100), "pp") == "3.00 pp"
    assert numbers.period(Period.parse("2026Q3")) == "2026Q3"
    assert numbers.day(date(2026, 9, 3)) == "2026-09-03"


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        read_words("tlh")
    assert caught.value.code == "language_unknown"
    assert "zh" in caught.value.expected
    assert "en" in caught.value.expected


def test_a_missing_wording_is_an_error_that_names_the_nearest() -> None:
    words = read_words("en")
    with pytest.raises(RulebookError) as caught:
        words("report.verdict.topp")
    assert caught.value.code == "wording_missing"
    assert "report.verdict.top" in caught.value.expected
    assert caught.value.where.endswith("en.yaml")


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(RulebookError) as caught:
        read_words("en")("report.page", page=1)
    assert caught.value.code == "wording_invalid"
    assert "pages" in caught.value.what


def test_a_wording_must_be_one_text(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text("a:\n  b: [c, d]\n", encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        flat_words(path)
    assert "a.b" in caught.value.what


def test_without_names_a_wording_is_given_as_it_stands() -> None:
    assert Words(lang="x", texts={"a": "{b}"})("a") == "{b}"
