"""Documents: parsed, measured, validated and priced once, and kept for the next request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails

from schema.errors import MAX_ERRORS, BadRequest, Code, shown
from server.operations.coercion import InputTypes, VariableTypes
from server.operations.cost import CostModel, Objects, Values
from server.operations.limits import OperationLimits, TooTangled, check_most
from server.operations.measuring import Meter
from server.operations.pricing import Bound, price
from server.operations.texts import LongTexts
from server.operations.validation import RULES, NoIntrospection

MAX_COMMENTS = 1_000
MAX_LINES = 5_000  # each error counts them, to tell where it is
KEPT_BYTES = 100_000_000  # in all documents together
HASH_LENGTH = 16
ABORTED = "Parsing aborted."
TANGLED = "Validation aborted."  # which is all that is said of it
NEWLINE = re.compile(r"\r\n|[\n\r]")


def hash_of(text: str) -> str:
    """Name a text for the log: the beginning of its SHA-256, in hexadecimal."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:HASH_LENGTH]


class Refused(Exception):
    """A request is refused before anything of it runs; the errors are fit to be shown."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document within the limits."""

    hash: str
    """What the log calls it."""

    bytes: int
    """About how much memory it takes, its text and its tokens in many small objects."""

    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    fragment_details: dict[str, FragmentDetails]
    """The same as graphql-core's executor takes them."""

    variables: Mapping[str | None, VariableTypes]

    texts: frozenset[str]
    """The long texts that its operations may show, such as `Post.body`."""

    costs: Mapping[str | None, Bound]
    values: Mapping[str | None, Bound]

    def name_of(self, operation_name: str | None) -> str | None:
        """Tell which operation a request is for, an empty name being none; raises `BadRequest`."""
        if operation_name:
            if operation_name not in self.operations:
                raise BadRequest(f"The document has no operation named '{operation_name}'.")
            return operation_name
        if len(self.operations) > 1:
            raise BadRequest("The document has several operations: say which by `operationName`.")
        (only,) = self.operations
        return only


class Documents:
    """Makes documents of texts, and keeps those that are valid, the last used ones longest."""

    def __init__(
        self, schema: GraphQLSchema, limits: OperationLimits, *, introspection: bool
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._suggests = introspection
        self._rules = RULES if introspection else (*RULES, NoIntrospection)
        self._model = CostModel(schema)
        self._texts = LongTexts(schema)
        self._input_types = InputTypes()
        self._kept: LRUCache[str, Document] = LRUCache(KEPT_BYTES, lambda each: each.bytes)

    def get(self, text: str) -> Document:
        """Return the document; raises `Refused`."""
        document = self._kept.get(text)
        if document is None:
            document = self._document(text, self._parse(text))
            if document.bytes <= KEPT_BYTES:
                self._kept[text] = document
        return document

    def _parse(self, text: str) -> DocumentNode:
        """Parse a text, and see that it is valid."""
        try:
            check_most("characters in the document", len(text), self._limits.characters)
            check_most("lines in the document", len(NEWLINE.findall(text)) + 1, MAX_LINES)
            node = parse(text, max_lexical_tokens=self._limits.tokens, max_comments=MAX_COMMENTS)
            Meter(self._limits).check(node)
        except GraphQLError as error:
            is_too_large = error.message.endswith(ABORTED)
            code = Code.QUERY_TOO_COMPLEX if is_too_large else Code.GRAPHQL_PARSE_FAILED
            raise Refused(shown([error], code=code)) from error
        errors = validate(
            self._schema,
            node,
            self._rules,
            max_errors=MAX_ERRORS - 1,  # one is added where there are more
            hide_suggestions=not self._suggests,
        )
        if errors:
            told = [TooTangled() if each.message == TANGLED else each for each in errors]
            raise Refused(shown(told, code=Code.GRAPHQL_VALIDATION_FAILED))
        return node

    def _document(self, text: str, node: DocumentNode) -> Document:
        operations, fragments = {}, {}
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                operations[definition.name.value if definition.name else None] = definition
            elif isinstance(definition, FragmentDefinitionNode):
                fragments[definition.name.value] = definition
        return Document(
            hash=hash_of(text),
            bytes=10_000 + 500 * node.token_count + 8 * len(text),
            operations=operations,
            fragments=fragments,
            fragment_details={name: FragmentDetails(each) for name, each in fragments.items()},
            variables={
                name: VariableTypes(self._schema, operation, self._input_types)
                for name, operation in operations.items()
            },
            texts=self._texts.read_by(node),
            costs={
                name: price(self._model, Objects(), operation, fragments)
                for name, operation in operations.items()
            },
            values={
                name: price(self._model, Values(), operation, fragments)
                for name, operation in operations.items()
            },
        )
