"""The architecture as a test: doors, exactness, size. setup.cfg holds the order of imports."""

from __future__ import annotations

import ast
import doctest
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "supervise"
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = sorted((PACKAGE / "core").rglob("*.py"))

# Each third-party package and the only modules that may import it, by the start of their path.
DOORS = {
    "click": ("cli",),
    "yaml": ("read/yaml.py",),
    "openpyxl": ("write/sheet",),
    "pandas": ("write/tables.py",),
    "jinja2": ("write/report.py",),
    "weasyprint": ("write/press.py",),
    "pikepdf": ("read/report_parts.py", "read/report_update.py", "read/report_text.py"),
    "pyhanko": ("read/signature.py", "write/electronic_signature.py"),
    "pyhanko_certvalidator": ("read/signature.py",),
    "asn1crypto": ("read/signature.py", "write/electronic_signature.py"),
    "cryptography": ("write/electronic_signature.py",),
    "fontTools": ("write/typeface.py",),
    "sqlalchemy": ("ledger/",),
    "pyzipper": ("dispatch/aes_zip.py",),
    "Cryptodome": ("dispatch/aes_zip.py",),  # pyzipper rests on it
    "distributed": ("batch/cluster.py",),
    "orjson": ("json_text.py",),
    "isal": ("deflate.py",),
}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# (path within supervise/, function or "" for the file, why it may be longer)
LONGER: tuple[tuple[str, str, str], ...] = ()


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported(path: Path) -> set[str]:
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("supervise" if node.level else str(node.module).partition(".")[0])
    return found - sys.stdlib_module_names - {"supervise"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_third_party_package_is_imported_only_at_its_door(path: Path) -> None:
    for package in imported(path):
        doors = DOORS.get(package, ())
        assert name(path).startswith(doors), f"{package} belongs in {doors or 'no module'}"


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_imports_only_the_standard_library(path: Path) -> None:
    assert not imported(path)


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_knows_no_float(path: Path) -> None:
    for node in nodes(path):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id == "float")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_fits_in_the_head(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_FILE or (name(path), "") in {entry[:2] for entry in LONGER}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            excused = (name(path), node.name) in {entry[:2] for entry in LONGER}
            assert length <= LONGEST_FUNCTION or excused, f"{node.name}: {length} lines"


@pytest.mark.parametrize("path", CORE, ids=name)
def test_examples_in_docstrings_hold(path: Path) -> None:
    dotted = ".".join(("supervise", *path.relative_to(PACKAGE).with_suffix("").parts))
    module = importlib.import_module(dotted.removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0
