"""The outbox: every part sent once, whatever happens in between.

A part goes ``prepared → sending → accepted | refused | deferred | uncertain``. Each step is
written before the next thing happens, and only if the part still is where we believe it: of two
processes one is told so and leaves the part alone. Whoever dies while ``sending`` leaves just
that behind; the next run does not send it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from supervise.core.delivery import DEFERRED, SENDING, UNCERTAIN
from supervise.errors import DispatchError
from supervise.record import record, replace

State = Literal["accepted", "refused", "deferred", "uncertain"]


@record(kw_only=True)
class Mail:
    """A mail without its attachment: all that stands in it is known when it is prepared.

    Attributes:
        to: Office addressed, and mail address.
        message_id: Stable, so that a mail that comes twice all the same can be told.
    """

    to: tuple[str, str]
    subject: str
    text: str
    message_id: str


@record(kw_only=True)
class Consignment:
    """What travels as one.

    Attributes:
        bank: Code of the bank.
        place: Name of the bank's folder.
        parcel: Its name in the ledger.
        last: State of its last step when it was looked at.
        attempt: How often it was tried before.
        prepared: The file or folder that is to go, as it was examined; None: a mail alone.
        mail: How it is announced; None where it is put into a folder.
    """

    bank: str
    place: str
    parcel: str
    last: str | None
    attempt: int
    prepared: Path | None
    mail: Mail | None = None


@record
class Outcome:
    """What became of a try, and what was said: a server's answer, a place."""

    state: State
    detail: str = ""


class Unreachable(Exception):
    """The way is closed for the time being; nothing was begun."""


class Channel(Protocol):
    """A way to the banks."""

    def ready(self) -> None:
        """See that something can be sent now.

        Raises:
            Unreachable: Not now.
            DispatchError: Not at all, whatever is sent.
        """

    def deliver(self, one: Consignment) -> Outcome:
        """Send one part; never raises for what concerns this part alone."""

    def close(self) -> None:
        """Let go."""


class Log(Protocol):
    """Where the steps are written."""

    def advance(self, one: Consignment, step: tuple[str, int, str], after: str | None) -> bool:
        """Append a step (state, attempt, detail) if the part is in the state ``after``."""


class Clock(Protocol):
    """Time that passes, in seconds."""

    def now(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


@record(kw_only=True)
class Pace:
    """How fast, and how patiently.

    Attributes:
        per_minute: Most tries a minute; 0: no limit.
        attempts: Tries of one part in a run.
        back_off: Seconds until the second try; doubled for each further one.
    """

    per_minute: int
    attempts: int
    back_off: int

    def delay(self, tries: int) -> int:
        """Seconds to wait after so many tries."""
        return self.back_off << (tries - 1)


class _Again(NamedTuple):
    """A part, when it is due, its place, which try it is."""

    due: float
    number: int
    tries: int
    part: Consignment


class Outbox:
    """Sends parts over one channel.

    Args:
        channel: The way.
        log: Where steps are written.
        pace: How fast.
        clock: Time.
    """

    def __init__(self, channel: Channel, log: Log, pace: Pace, clock: Clock) -> None:
        self._channel = channel
        self._log = log
        self._pace = pace
        self._clock = clock
        self._free = clock.now()

    def send(self, parts: Iterable[Consignment]) -> Iterator[tuple[Consignment, Outcome | None]]:
        """Send all of them, what is deferred once more later.

        Args:
            parts: In their order; taken one by one, as they can be sent.

        Yields:
            Each part with what finally became of it; None: another process has it, or the way
            stayed closed. Then no more are taken.

        Raises:
            DispatchError: The channel cannot be used at all; what was not sent waits.
        """
        source, again = enumerate(parts), list[_Again]()
        while (now := self._next(source, again)) is not None:
            self._until(now.due)
            self._paced()
            if not self._opened():
                yield from ((left.part, None) for left in (now, *again))
                return
            at, outcome = self._tried(now.part)
            if outcome is None or outcome.state != DEFERRED or now.tries == self._pace.attempts:
                yield at, outcome
            else:
                due = self._clock.now() + self._pace.delay(now.tries)
                heapq.heappush(again, _Again(due, now.number, now.tries + 1, at))

    def _next(
        self, source: Iterator[tuple[int, Consignment]], again: list[_Again]
    ) -> _Again | None:
        """What is due again, else a fresh part, else what will be due first."""
        if not again or again[0].due > self._clock.now():
            number, part = next(source, (0, None))
            if part is not None:
                return _Again(self._clock.now(), number, 1, part)
        return heapq.heappop(again) if again else None

    def _tried(self, one: Consignment) -> tuple[Consignment, Outcome | None]:
        """One try with its steps; the part as it stands afterwards."""
        attempt = one.attempt + 1
        if not self._log.advance(one, (SENDING, attempt, ""), one.last):
            return one, None
        try:
            outcome = self._channel.deliver(one)
        except DispatchError as error:
            self._log.advance(one, (DEFERRED, attempt, error.code), SENDING)
            raise
        told = (outcome.state, attempt, outcome.detail)
        # Somebody may have found it sending meanwhile and noted that nobody knows: we do know.
        if not self._log.advance(one, told, SENDING):
            self._log.advance(one, told, UNCERTAIN)
        return replace(one, last=outcome.state, attempt=attempt), outcome

    def _opened(self) -> bool:
        for tries in range(1, self._pace.attempts + 1):
            try:
                self._channel.ready()
            except Unreachable:
                if tries == self._pace.attempts:
                    return False
                self._clock.sleep(self._pace.delay(tries))
            else:
                return True
        return False

    def _paced(self) -> None:
        """Wait until one more may go."""
        if self._pace.per_minute:
            self._until(self._free)
            self._free = self._clock.now() + 60 / self._pace.per_minute

    def _until(self, moment: float) -> None:
        left = moment - self._clock.now()
        if left > 0:
            self._clock.sleep(left)
