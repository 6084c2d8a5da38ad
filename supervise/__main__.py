"""``supervise`` and ``python -m supervise``.

Every worker of a run loads the module that was started once more, and has no use for commands: they
are imported by whoever calls one.
"""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run one command; ends the process with a documented exit code."""
    from supervise.cli import main as command

    command()


if __name__ == "__main__":
    main()
