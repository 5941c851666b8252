"""The specification's rule that fields of one response name can be merged, at a linear cost.

Comparing every two fields of a name takes quadratic time. This rule looks at one place of the
response at a time, and at all that is selected for it. Fields that may be of one object have to
ask the same, and all fields of a name have to answer in the same shape. What is selected below
them is merged, and is the next place to look at. A place is known by what is selected for it: a
second one with the same selections needs no look.
"""

from server.operations.merging.rule import MAX_VISITS, MergeableFields

__all__ = ["MAX_VISITS", "MergeableFields"]
