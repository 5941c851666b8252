"""Execution: from an operation with its variables to its data and errors, by plans.

An operation is compiled once into functions that read what is selected, and do nothing else
for each object. graphql-core's executor runs what a plan does not support, and is what the
plans are compared with.
"""

from server.execution.executors import CoreExecutor, Executor
from server.execution.plans import PlanExecutor

__all__ = ["CoreExecutor", "Executor", "PlanExecutor"]
