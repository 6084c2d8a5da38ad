"""``supervise judge``: the supervisor's workbook made, imported, and 整改 past its day.

In: what stands in the ledger and the workbook that came back. Out: the workbook; records, all or
none (docs/adr/0021-judging-workbook.md).
"""
