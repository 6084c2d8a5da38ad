"""Write ``docs/rules/``, a page for every check and indicator, or check that it is current.

    python scripts/make_rule_pages.py [--check]

The pages say what ``supervise explain`` says, for the period and bank type below.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from supervise.pipeline.law.explain import Explainer  # noqa: E402 (the path is set above)
from supervise.pipeline.law.pages import rule_pages  # noqa: E402
from supervise.pipeline.law.rules import RuleCase  # noqa: E402
from supervise.settings import Settings  # noqa: E402

HOME = ROOT / "docs" / "rules"
CASE = RuleCase("2026Q3", "rural_commercial", "330000")


def made() -> dict[str, str]:
    """Every page by its path below ``docs/rules``."""
    settings = Settings()
    return rule_pages(Explainer(CASE.law(settings), settings))


def differences() -> Iterator[str]:
    """Paths that are not what would be written, or that nothing would write."""
    pages = made()
    for name, text in pages.items():
        path = HOME / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield name
    for path in sorted(HOME.rglob("*.md")):
        if path.relative_to(HOME).as_posix() not in pages:
            yield path.relative_to(HOME).as_posix()


def write() -> None:
    """Write every page and remove those of rules that are no more."""
    pages = made()
    for path in HOME.rglob("*.md"):
        if path.relative_to(HOME).as_posix() not in pages:
            path.unlink()
    for name, text in pages.items():
        path = HOME / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Command line; exit code 1 if a committed page is not current."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        write()
        return 0
    wrong = list(differences())
    print("\n".join(f"differs: {name}" for name in wrong) or "all rule pages current")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
