"""How far a run is, on one line of a terminal: done of all, how fast, how much longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import TextIO

_WIDTH = 20
_SECONDS = 0.2
"""Between two pictures: a terminal is slow, and nobody reads faster."""


class Bar:
    """A line that is drawn over itself, in characters that every console has.

    Args:
        stream: A terminal.
        words: By stage what it is called, and under ``line`` how the line is worded.
        clock: Seconds that only grow.
    """

    def __init__(
        self, stream: TextIO, words: Mapping[str, str], clock: Callable[[], float] = monotonic
    ) -> None:
        self._stream = stream
        self._words = words
        self._clock = clock
        self._stage = ""
        self._start = self._shown = 0.0
        self._from = 0
        self._long = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw it, unless it was drawn a moment ago; end the line with the stage."""
        now = self._clock()
        if stage != self._stage or done < self._from:
            self._stage, self._start, self._from = stage, now, done
            self._shown = now - _SECONDS
        if done < total and now - self._shown < _SECONDS:
            return
        self._shown = now
        self._draw(self._line(done, total, now - self._start), end=done >= total)

    def _line(self, done: int, total: int, seconds: float) -> str:
        filled = _WIDTH * done // total if total else _WIDTH
        rate = (done - self._from) / seconds if seconds > 0 else 0.0
        left = _clock_text((total - done) / rate) if rate else "--:--"
        return self._words["line"].format(
            stage=self._words[self._stage],
            bar="#" * filled + "." * (_WIDTH - filled),
            done=done,
            total=total,
            rate=f"{rate:.1f}",
            left=left,
        )

    def _draw(self, line: str, *, end: bool) -> None:
        """Spaces wipe out what is left of a longer line before."""
        wiped = line + " " * max(0, self._long - len(line))
        self._long = 0 if end else len(line)
        self._stream.write(f"\r{wiped}" + ("\n" if end else ""))
        self._stream.flush()


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
