"""The domain's repositories in memory: for tests where no SQL is the point.

It is as plain as can be, so that it is right at sight; the contract suite holds it and the
SQL repositories to the same tests.
"""

from tests.memory.store import MemoryStore

__all__ = ["MemoryStore"]
