"""Metrics for Prometheus: what is measured, where it is kept, and how it is read.

`Instruments` has all of them. Requests bring their figures when they end, and what has a state
rather than events, such as pools, is looked at once a second.
"""

from server.metrics.metrics import Metrics
from server.metrics.port import METRICS, CannotListen, port_open
from server.metrics.sampling import Sources
from server.metrics.storage import NowhereToShare, forget_worker, sharing

__all__ = [
    "METRICS",
    "CannotListen",
    "Metrics",
    "NowhereToShare",
    "Sources",
    "forget_worker",
    "port_open",
    "sharing",
]
