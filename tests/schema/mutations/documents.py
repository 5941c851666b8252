"""The documents of single mutations, which ask for all that a failure tells."""

from __future__ import annotations

from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from schema import schema

Outcome: TypeAlias = dict[str, Any]

FAILURE = """
... on Error {
  message
  ... on InvalidInput { fields { path } }
  ... on NotFound { id }
  ... on AlreadyTaken { field }
  ... on VersionConflict { currentVersion }
}
"""

EVERYTHING = """
{
  users { nodes { id username email displayName bio updatedAt } }
  posts { nodes { id slug title body status version updatedAt tags { name } } }
  comments: posts { nodes { comments { nodes { id body updatedAt } } } }
  tags { nodes { id name } }
}
"""


def document_of(field: str, payload: str) -> str:
    """Write a document that takes `$input`, and selects this of the payload."""
    kind = field[0].upper() + field[1:]
    members = f"__typename ... on {kind}Payload {{ {payload} }} {FAILURE}"
    return f"mutation ($input: {kind}Input!) {{ {field}(input: $input) {{ {members} }} }}"


def outcome_of(result: ExecutionResult, field: str) -> Outcome:
    """What came of one mutation: a member of its union, or the code of its error."""
    if result.errors:
        (error,) = result.errors
        return {"code": (error.extensions or {})["code"], "message": error.message}
    assert result.data is not None
    outcome: Outcome = result.data[field]
    return outcome


def kind_of(outcome: Outcome) -> str:
    """The name of the union's member, or the code."""
    return str(outcome.get("__typename") or outcome["code"])


def mutation_inputs() -> dict[str, GraphQLInputObjectType]:
    """The input of each mutation that takes one, by the mutation's name."""
    mutation = schema._schema.mutation_type  # noqa: SLF001 (Strawberry offers no other way)
    assert isinstance(mutation, GraphQLObjectType)
    found = {}
    for name, field in mutation.fields.items():
        for argument in field.args.values():
            type_ = get_named_type(argument.type)
            assert isinstance(type_, GraphQLInputObjectType)
            found[name] = type_
    return found
