"""Many banks at once, in processes of this machine or on several machines: one seam for both.

In: a piece of work, items, and what stands for an item that was lost. Out: results in the order of
the items. The run does not know who does the work (docs/adr/0020-isolation-and-cluster.md).

``Mapper`` spreads over processes, ``cluster.Cluster`` over the workers of a Dask scheduler; only
who asks for the latter imports it.
"""

from supervise.batch.limits import Limits
from supervise.batch.mapper import Mapper, processors

__all__ = ["Limits", "Mapper", "processors"]
