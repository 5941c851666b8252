"""What is wrong with a variable, told without its value.

graphql-core writes out the whole of it, in Python's notation. It may be a password, and
messages end in logs and error trackers: only what is known to hold no value is repeated.
"""

from __future__ import annotations

import re

from graphql import GraphQLError

from schema.errors import BadRequest

SUGGESTION = r"( Did you mean [^?]*\?)?"
OF_TYPE = r"Expected value of type '[^']*'"
FORMS = (
    (r"(Expected a value of non-null type '[^']*' to be provided)\.", r"\1."),
    (r"(Expected value of non-null type '[^']*' not to be) None\.", r"\1 null."),
    (rf"({OF_TYPE} to be an object), found: .*", r"\1."),
    (rf"({OF_TYPE} to include required field '[^']*'), found: .*", r"\1."),
    (
        rf"({OF_TYPE} not to include unknown field '[^']*')(, found|\.{SUGGESTION} Found): .*",
        r"\1.\3",
    ),
    (r"(Within OneOf Input Object type '[^']*', exactly one field must be specified, .*)", r"\1"),
    (rf"({OF_TYPE}), (?:found|but encountered error '.*'; found): .*", r"\1."),
    (r"Value '.*' (does not exist in '[^']*' enum)\." + SUGGESTION, r"The value \1.\2"),
    (r"(Enum '[^']*' cannot represent non-string value): .*", r"\1."),
    (r"(\w+ cannot represent) value: .*", r"\1 the value."),
    (r"(\w+ cannot represent (?:a )?non[- ][\w -]+ value): .*", r"\1."),
)
"""The messages of graphql-core, and what is told of each."""


def without_value(error: GraphQLError) -> GraphQLError:
    """Tell an error of a variable without the value; the variable's name and path stay."""
    cause = error.original_error
    if cause is None or isinstance(cause, BadRequest):  # which are about no value, or our own
        return error
    said = str(getattr(cause, "message", cause))
    where = error.message.removesuffix(said)
    return BadRequest(where + reworded(said), nodes=error.nodes)


def reworded(message: str) -> str:
    """Say what one of graphql-core's messages says, but for the value."""
    for form, told in FORMS:
        found = re.fullmatch(form, message, re.DOTALL)
        if found:
            return found.expand(told)
    return "It does not fit its type."
