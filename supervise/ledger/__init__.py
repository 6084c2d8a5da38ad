"""The append-only record of filings, evaluations and what became of them 台账.

Comes in: records (``records.py``) and the URL of a database. Goes out: what stands, history for
later evaluations, and proof that nothing was changed. Nothing here knows a workbook or a rule;
``pipeline/`` turns evaluations into records. SQLAlchemy is imported by ``ledger.py`` and what lies
behind it, so only where a ledger is named.
"""
