"""``supervise distribute`` and ``receipts``: signed results to their banks, each once.

In: what was signed off, recipients, a channel. Out: parcels that left, the outbox in the ledger,
reminders, receipts (docs/adr/0024-distribution.md).
"""
