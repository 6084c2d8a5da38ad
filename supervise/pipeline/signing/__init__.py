"""``supervise signoff``: persons put their names to evaluations, and may take them back.

In: the ledger and a run's folder. Out: records of who signed which files, by digest; signed copies
of reports (docs/adr/0023-sign-off.md).
"""
