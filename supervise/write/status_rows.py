"""Who has filed, as texts: what list, workbook and terminal show of one bank."""

from __future__ import annotations

from collections.abc import Mapping

from supervise.core.filing_status import Filing, FilingStatus, StatusRow
from supervise.record import record
from supervise.write.numbers import Numbers, Words
from supervise.write.visible import one_line


@record(kw_only=True)
class StatusNames:
    """Wordings, and the names of bank types and provinces by id."""

    words: Words
    types: Mapping[str, str]
    provinces: Mapping[str, str]

    def type(self, kind: str) -> str:
        """A bank type as the law calls it."""
        return self.types.get(kind, kind)

    def province(self, code: str) -> str:
        """A province by name."""
        return self.provinces.get(code, code)


COLUMNS = (
    "code", "name", "type", "province", "state", "stage", "due", "received", "days_late",
    "sequence", "remarks", "files",
)  # fmt: skip


def bank_texts(row: StatusRow, names: StatusNames) -> dict[str, str]:
    """One bank of the register by column."""
    bank, standing = row.bank, row.standing
    comma = names.words("report.list_comma")
    return {
        "code": bank.code,
        "name": one_line(bank.name),
        "type": names.type(bank.type),
        "province": names.province(bank.province),
        "state": names.words(f"status.state.{row.state}"),
        "stage": _stage(standing, names.words),
        "due": bank.due.isoformat(),
        "received": row.received.isoformat() if row.received is not None else "",
        "days_late": str(row.days_late) if row.days_late else "",
        "sequence": str(standing.sequence) if standing is not None else "",
        "remarks": comma.join(remarks(row, names)),
        "files": comma.join(file_text(filing, names.words) for filing in row.filings),
    }


def _stage(standing: Filing | None, words: Words) -> str:
    told = standing.stage if standing is not None else ""
    return words(f"report.stage.{told}") if told else ""


def remarks(row: StatusRow, names: StatusNames) -> list[str]:
    """What cuts across the state of a bank: late, resubmitted, at odds with the register."""
    words, standing = names.words, row.standing
    told = [file_text(filing, words) for filing in row.filings if row.state == "refused"]
    if row.late:
        told.append(words("status.late", n=row.days_late))
    if row.filings and row.days_late is None:
        told.append(words("status.undated"))
    across = {"resubmitted": row.resubmitted, "reopened": row.reopened}
    told += [words(f"status.{name}") for name, holds in across.items() if holds]
    if standing is not None and row.differs:
        filed = {
            "name": one_line(standing.name),
            "type": names.type(standing.type),
            "province": names.province(standing.province),
        }
        told += [words(f"status.differs.{what}", filed=filed[what]) for what in row.differs]
    return told


def file_text(filing: Filing, words: Words) -> str:
    """A file with what came of it."""
    state = words(f"status.file.{filing.status}")
    reason = f" {filing.reason}" if filing.reason else ""
    return f"{one_line(filing.file)}（{state}{reason}）"


def title(status: FilingStatus, words: Words) -> str:
    """What is told, of which period, as of which day."""
    period = Numbers(words).period(status.period)
    if status.on is None:
        return words("status.title", period=period)
    return words("status.title_on", period=period, day=status.on.isoformat())


def total_lines(status: FilingStatus, words: Words) -> list[str]:
    """The counts in sentences."""
    counts = status.counts()
    lines = [words("status.total", **counts), words("status.across", **counts)]
    stages = [
        words("status.stage_count", stage=words(f"report.stage.{stage}"), n=n)
        for stage, n in status.stages().items()
    ]
    if stages:
        told = words("report.list_comma").join(stages)
        lines.append(words("status.stages", stages=told))
    if counts["not_due"]:
        lines.append(words("status.not_due_count", n=counts["not_due"]))
    if counts["undated"]:
        lines.append(words("status.undated_count", n=counts["undated"]))
    if counts["other_periods"]:
        lines.append(words("status.other_periods", n=counts["other_periods"]))
    return lines
