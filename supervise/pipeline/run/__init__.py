"""``supervise evaluate``: a regulator's run over many banks.

``evaluate`` puts in order; ``items`` are what is asked; ``passes`` take over or do; ``judging``
judges; ``measured`` is what lies between; ``waves`` after which ``others`` a file is measured;
``journal`` what was done; ``keeping`` its ledger; ``known_peers``, ``frozen_peers`` and
``peer_groups`` whom a bank is compared with. In: workbooks and what the office gives. Out: the
run's folder, its log, records.
"""
