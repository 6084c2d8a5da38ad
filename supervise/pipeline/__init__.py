"""The use cases, and the only place where the shells meet.

Rooms go by the commands that they stand behind: ``precheck``, ``verify``, ``law``, ``run``,
``quarter``, ``judge``, ``signing``, ``distribution``, ``ledger``. What several of them share lies
beside them: one bank judged (``case``), its documents written (``outputs``). Who may import whom:
docs/architecture.md.
"""
