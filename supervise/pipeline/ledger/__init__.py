"""``supervise ledger``, and what all others put into a ledger and ask of it.

In: a ledger as people name it, evaluations, periods. Out: the ledger opened; records of a filing
and the way back; what supervisors said. Nothing here knows of a run.
"""
