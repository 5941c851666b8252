"""Nulls and failures: how far they reach, and where they are told."""

from __future__ import annotations

from tests.server.execution.named.case import Case

CASES = [
    Case(
        "a null where there may be none nulls what is around it",
        "{ node { id sure } nothing }",
        {"node": None, "nothing": None},
        errors=[("node.sure", "Cannot return null for non-nullable field Node.sure.")],
    ),
    Case(
        "a null rises to the root",
        "{ nothing sureNode { sureChild { sure } } }",
        None,
        errors=[
            ("sureNode.sureChild.sure", "Cannot return null for non-nullable field Node.sure.")
        ],
    ),
    Case(
        "a failure rises as a null does",
        "{ node { child { sureChild { sureFailing } id } id } }",
        {"node": {"child": None, "id": 1}},
        errors=[("node.child.sureChild.sureFailing", "failed")],
    ),
    Case(
        "a failure that comes later rises too",
        "{ node { id sureFailingLater } nothing }",
        {"node": None, "nothing": None},
        errors=[("node.sureFailingLater", "failed later")],
    ),
    Case(
        "a null that comes later rises too",
        "{ node { id sureLater } nothing }",
        {"node": None, "nothing": None},
        errors=[("node.sureLater", "Cannot return null for non-nullable field Node.sureLater.")],
    ),
    Case(
        "an item that may be null stops a null",
        "{ node { maybeChildren { id odd } } }",
        {"node": {"maybeChildren": [None, None, {"id": 8, "odd": 8}]}},
        errors=[("node.maybeChildren.0.odd", "7 is odd")],
    ),
    Case(
        "items that may not be null let it pass",
        "{ node { id children { odd } } nothing }",
        {"node": None, "nothing": None},
        errors=[("node.children.1.odd", "11 is odd")],
    ),
    Case(
        "what may be null fails alone",
        "{ node { id failing failingLater } }",
        {"node": {"id": 1, "failing": None, "failingLater": None}},
        errors=[("node.failing", "failed"), ("node.failingLater", "failed later")],
    ),
    Case(
        "errors have the path of aliases and indexes",
        "{ n: node { c: maybeChildren { o: odd } f: failing } }",
        {"n": {"c": [None, None, {"o": 8}], "f": None}},
        errors=[("n.c.0.o", "7 is odd"), ("n.f", "failed")],
    ),
    Case(
        "a failure that nulls an object is the only one told",
        "{ node { sureFailing failingLater } nothing }",
        {"node": None, "nothing": None},
        errors=[("node.sureFailing", "failed")],
    ),
    Case(
        "a failure beside a null that comes later stays",
        "{ node { failing sureLater } nothing }",
        {"node": None, "nothing": None},
        errors=[
            ("node.failing", "failed"),
            ("node.sureLater", "Cannot return null for non-nullable field Node.sureLater."),
        ],
    ),
    Case(
        "a permission that is refused is an error with its extensions",
        "{ node { guarded } }",
        {"node": {"guarded": None}},
        errors=[("node.guarded", "nobody may")],
    ),
]
