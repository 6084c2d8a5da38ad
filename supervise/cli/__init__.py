"""The command line: parse, call the pipeline, print. Heavy imports live inside commands."""

from supervise.cli.main import main

__all__ = ["main"]
