"""The literal list of sample files: which bank, which period, made how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samples import variants
from samples.others import BANKS
from samples.profile import Profile

SPECIAL: dict[str, tuple[tuple[str, Callable[[Profile, str], bytes]], ...]] = {
    "rc09-chengyan": (("", variants.blocked),),
    "rc10-luyu": (("-1", variants.first_filing), ("-2", variants.second_filing)),
    "rc11-tongji": (("", variants.to_be_explained),),
    "rc12-hexiu": (("", variants.wps),),
    "rcc02-heqing": (("", variants.other_version),),
}
LIBRE_OFFICE = "rc13-tangpu"
LONG = ("rc01-yunting", "rc02-weidu", "rc07-qibai", "rc08-shiyi", "rc14-shanwu")
"""Banks with a filing for each of seven quarters: those for which the forms are in force."""
EARLIER = ("2025Q1", "2025Q2", "2025Q3", "2026Q1", "2026Q2")


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of ``sample_submissions``."""

    profile: Profile
    period: str
    name: str
    make: Callable[[Profile, str], bytes]

    @property
    def path(self) -> str:
        """Where it lies below ``sample_submissions``."""
        return f"{self.period}/{self.name}.xlsx"

    @property
    def earlier(self) -> bool:
        """One of the quarters that are there for their trend alone."""
        return self.period in EARLIER

    @property
    def saved_elsewhere(self) -> bool:
        """Saved by another program: its bytes cannot be made again, only its figures."""
        return self.profile.file == LIBRE_OFFICE


def samples() -> tuple[Sample, ...]:
    """Every sample file, by period and bank."""
    found = [
        Sample(profile, "2025Q4", profile.file, variants.plain)
        for profile in BANKS
        if profile.annual
    ]
    for profile in BANKS:
        for ending, make in SPECIAL.get(profile.file, (("", variants.plain),)):
            found.append(Sample(profile, "2026Q3", profile.file + ending, make))
    return (*earlier_samples(), *found)


def earlier_samples() -> tuple[Sample, ...]:
    """The quarters before and between, of a few banks."""
    return tuple(
        Sample(profile, period, profile.file, variants.plain)
        for period in EARLIER
        for profile in BANKS
        if profile.file in LONG
    )
