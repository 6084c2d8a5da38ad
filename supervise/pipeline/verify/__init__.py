"""``supervise verify``: what anybody has in hand, examined without ledger and network.

In: reports, manifests, proofs, evaluation documents, parcels. Out: everything that does not hold;
of a parcel that is whole, the bank's receipt.
"""
