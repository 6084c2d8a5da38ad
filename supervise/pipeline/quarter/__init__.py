"""``supervise status``, ``summary`` and ``history``: all banks of a quarter, a bank's quarters.

In: the ledger, or the results of a run. Out: who has filed, regional summary and league table, one
bank over time. Nothing is judged anew.
"""
