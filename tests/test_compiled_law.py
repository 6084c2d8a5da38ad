"""The compiled law is the YAML law, or it does not count (docs/adr/0008-compiled-law.md)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import pytest

from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.read import compiled as door
from supervise.read.codec import Encoder, decode
from supervise.read.compiled import ARTIFACT, PACKAGE, SOURCES, CompiledLaw, digest_of_sources
from supervise.read.compiling import compile_law
from supervise.read.forms import read_forms
from supervise.read.law_provinces import province_codes
from supervise.read.law_resolve import Case, resolve
from supervise.read.law_tables import read_bank_types
from supervise.read.overlay import LawTree
from supervise.read.words import flat_words

PERIODS = ("2025Q1", "2025Q2", "2025Q4", "2026Q3", "2031Q2")
PROVINCES = ("110000", "330000", "440000")
NOW = Period(2026, 3)
SAMPLE = Path(__file__).parents[1] / "sample_submissions" / "2026Q3" / "rc01-yunting.xlsx"


@pytest.fixture(scope="module")
def artifact() -> bytes:
    return compile_law(PACKAGE)


@pytest.fixture(scope="module")
def law(artifact: bytes) -> CompiledLaw:
    return CompiledLaw(artifact)


@pytest.fixture(scope="module")
def tree() -> LawTree:
    return LawTree.open(None, None)


@pytest.fixture
def package(artifact: bytes, tmp_path: Path) -> Path:
    """The data of an installed package, its compiled law included."""
    home = tmp_path / "supervise"
    for folder in SOURCES:
        shutil.copytree(PACKAGE / folder, home / folder)
    (home / ARTIFACT).write_bytes(artifact)
    return home


def opened(package: Path) -> CompiledLaw | None:
    door._opened.cache_clear()
    return door._opened(package, ())


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize("period", PERIODS)
def test_every_bank_type_is_judged_by_the_same_law(
    law: CompiledLaw, tree: LawTree, period: str, province: str
) -> None:
    when = Period.parse(period)
    for kind in read_bank_types(tree):
        read, _ = resolve(tree, Case.of(when, kind, province))
        found = law.rulebook(when, kind, province)
        assert found == read
        assert found.digest == read.digest
        assert list(found.forms.items) == list(read.forms.items)


@pytest.mark.parametrize("period", PERIODS)
def test_the_forms_are_the_same_and_show_their_own_period(law: CompiledLaw, period: str) -> None:
    when = Period.parse(period)
    found = law.forms(when)
    assert found == read_forms(when).forms
    assert found
    assert period in {placed.formula for placed in found.form("COVER").placed}


def test_names_for_the_cover_are_the_same(law: CompiledLaw, tree: LawTree) -> None:
    types = {one.name: one.id for one in read_bank_types(tree).values()}
    assert list(law.bank_types.items()) == list(types.items())
    assert list(law.provinces.items()) == list(province_codes(tree).items())


def test_wordings_are_the_same(law: CompiledLaw) -> None:
    for path in (PACKAGE / "locale").glob("*.yaml"):
        assert law.words(path.stem) == flat_words(path)
    assert law.words("xx") is None


def test_an_unknown_case_is_left_to_the_yaml(law: CompiledLaw) -> None:
    assert law.forms(Period(2024, 4)) is None
    assert law.rulebook(Period(2024, 4), "city", "110000") is None
    assert law.rulebook(NOW, "guild", "110000") is None
    assert law.rulebook(NOW, "city", "999999") is None


def test_the_same_law_compiles_to_the_same_bytes(artifact: bytes) -> None:
    assert compile_law(PACKAGE) == artifact


def test_an_untouched_package_uses_its_compiled_law(package: Path) -> None:
    assert opened(package) is not None


def change_a_letter(package: Path) -> None:
    path = package / "rulebook" / "parameters.yaml"
    path.write_bytes(path.read_bytes().replace(b"3%", b"4%", 1))


def add_a_file(package: Path) -> None:
    (package / "rulebook" / "bank_types" / "guild.yaml").write_bytes(b"name: x\n")


def remove_a_file(package: Path) -> None:
    (package / "forms" / "G01" / "2025.yaml").unlink()


def swap_two_files(package: Path) -> None:
    first, second = (package / "forms" / form / "items.yaml" for form in ("G01", "G11"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def change_a_wording(package: Path) -> None:
    path = package / "locale" / "zh.yaml"
    path.write_bytes(path.read_bytes() + b"\n")


def damage_the_artifact(package: Path) -> None:
    (package / ARTIFACT).write_bytes(b"{")


def remove_the_artifact(package: Path) -> None:
    (package / ARTIFACT).unlink()


def let_another_version_have_made_it(package: Path) -> None:
    path = package / ARTIFACT
    head, _, rest = path.read_bytes().partition(b"\n")
    made_by = json.loads(head) | {"program": "0.0.0"}
    path.write_bytes(json.dumps(made_by).encode() + b"\n" + rest)


def let_another_shape_have_made_it(package: Path) -> None:
    path = package / ARTIFACT
    path.write_bytes(path.read_bytes().replace(b'"Basis","source"', b'"Basis","origin"', 1))


@pytest.mark.parametrize(
    "disturb",
    [
        change_a_letter,
        add_a_file,
        remove_a_file,
        swap_two_files,
        change_a_wording,
        damage_the_artifact,
        remove_the_artifact,
        let_another_version_have_made_it,
        let_another_shape_have_made_it,
    ],
)
def test_an_artifact_that_may_be_untrue_does_not_count(
    package: Path, disturb: Callable[[Path], None]
) -> None:
    disturb(package)
    assert opened(package) is None


def test_the_digest_of_sources_knows_where_the_package_lies_not(
    package: Path, tmp_path: Path
) -> None:
    elsewhere = shutil.copytree(package, tmp_path / "other" / "place")
    assert digest_of_sources(elsewhere) == digest_of_sources(package)


@pytest.fixture
def installed(artifact: bytes, tmp_path: Path) -> Path:
    """The package as a wheel would have it, in a folder of its own."""
    shutil.copytree(PACKAGE, tmp_path / "supervise", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "supervise" / ARTIFACT).write_bytes(artifact)
    return tmp_path


def python(code: str, *, at: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(at), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=at,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


CHECK = f"""
import sys
from pathlib import Path
from supervise.pipeline.precheck.check import as_json, as_text, check_files
from supervise.settings import Settings
checked = check_files([Path({str(SAMPLE)!r})], Settings())
text = as_text(checked, Settings())
print("yaml" in sys.modules, "supervise.read.law_resolve" in sys.modules)
print(text, as_json(checked))
"""


def test_a_check_reads_no_yaml_and_says_the_same(installed: Path) -> None:
    quick = python(CHECK, at=installed)
    (installed / "supervise" / ARTIFACT).unlink()
    slow = python(CHECK, at=installed)
    assert quick.startswith("False False\n")
    assert slow.startswith("True True\n")
    assert quick.partition("\n")[2] == slow.partition("\n")[2]


def test_an_edit_of_the_installed_law_counts_at_once(installed: Path) -> None:
    path = installed / "supervise" / "forms" / "G01" / "2025.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("title: 各项贷款", "title: 某项贷款"),
        encoding="utf-8",
    )
    said = python(
        "from supervise.core.period import Period\n"
        "from supervise.read.rulebook import read_law\n"
        "print(read_law().forms(Period(2026, 3)).form('G01').title)",
        at=installed,
    )
    assert said.startswith("某项贷款")


def round_trip(value: object) -> object:
    encoder = Encoder((Basis,))
    block, _ = encoder.beyond(encoder.add(value), {})
    assert Encoder((Basis,)).alone(value) == block
    return decode(json.loads(json.dumps(block)), (Basis,), [])


@pytest.mark.parametrize(
    "value",
    [
        (1, True, "1", None, Fraction(1), Decimal("1.0"), Decimal("1.00")),
        Fraction(-1, 3),
        {"b": [1, 2], "a": ({"x": "1", "y": "2"}, {"x": "3", "y": "4"})},
        MappingProxyType({("item", "year_start"): Basis("method-2024", "附件")}),
        ({}, {}),
    ],
)
def test_a_value_comes_back_with_its_types_and_order(value: object) -> None:
    assert repr(round_trip(value)) == repr(value)


def test_values_that_are_equal_but_of_other_types_stay_apart() -> None:
    assert [type(one) for one in (True, 1, 0, False)] == [
        type(one)
        for one in round_trip((True, 1, 0, False))  # type: ignore[attr-defined]  # a tuple
    ]


def test_what_has_no_code_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="float"):
        Encoder(()).add(0.5)


def test_a_block_that_speaks_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(LookupError):
        decode({"root": 0, "plain": [], "rows": [[7, 0]]}, (), [])
