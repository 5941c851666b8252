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
    OperationType,
    parse,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails

from schema.errors import MAX_ERRORS, BadRequest, Code, shown
from server.lookups import Lookups
from server.operations.coercion import InputTypes, VariableTypes
from server.operations.cost import CostModel, Objects, Values
from server.operations.limits import OperationLimits, TooTangled, check_most
from server.operations.measuring import Meter
from server.operations.pricing import Bound, price
from server.operations.reading import HeavyReads
from server.operations.validation import RULES, NoIntrospection
from server.tracing import phase

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """An operation of a valid document within the limits, which waits for its variables."""

    hash: str
    """What the log calls its document."""

    bytes: int
    """About how much memory its document takes."""

    node: OperationDefinitionNode
    name: str | None
    type: str
    is_query: bool
    fragments: dict[str, FragmentDefinitionNode]
    fragment_details: dict[str, FragmentDetails]
    """The same as graphql-core's executor takes them."""

    variables: VariableTypes

    heavy: frozenset[str]
    """What its document may need of what is heavy to read, such as `Post.body`."""

    cost: Bound
    values: Bound


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document within the limits."""

    bytes: int
    """About how much memory it takes, its text and its tokens in many small objects."""

    definitions: Mapping[str | None, Definition]

    def definition(self, name: str | None) -> Definition:
        """Find an operation by its name, of which an empty one is none; raises `BadRequest`."""
        if name:
            if name not in self.definitions:
                raise BadRequest(f"The document has no operation named '{name}'.")
            return self.definitions[name]
        if len(self.definitions) > 1:
            raise BadRequest("The document has several operations: say which by `operationName`.")
        (only,) = self.definitions.values()
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
        self._reads = HeavyReads(schema)
        self._input_types = InputTypes()
        self.lookups = Lookups()
        self._kept: LRUCache[str, Document] = LRUCache(KEPT_BYTES, lambda each: each.bytes)

    def get(self, text: str) -> Document:
        """Return the document; raises `Refused`."""
        document = self._kept.get(text)
        if document is not None:
            self.lookups.hits += 1
        else:
            self.lookups.misses += 1
            with phase("parse"):
                node = self._parse(text)
            with phase("validate"):
                self._validate(node)
                document = self._document(text, node)
            if document.bytes <= KEPT_BYTES:
                self._kept[text] = document
        return document

    def _parse(self, text: str) -> DocumentNode:
        """Parse a text, and measure what is in it."""
        try:
            check_most("characters in the document", len(text), self._limits.characters)
            check_most("lines in the document", len(NEWLINE.findall(text)) + 1, MAX_LINES)
            node = parse(text, max_lexical_tokens=self._limits.tokens, max_comments=MAX_COMMENTS)
            Meter(self._limits).check(node)
        except GraphQLError as error:
            is_too_large = error.message.endswith(ABORTED)
            code = Code.QUERY_TOO_COMPLEX if is_too_large else Code.GRAPHQL_PARSE_FAILED
            raise Refused(shown([error], code=code)) from error
        return node

    def _validate(self, node: DocumentNode) -> None:
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

    def _document(self, text: str, node: DocumentNode) -> Document:
        size = 10_000 + 500 * node.token_count + 8 * len(text)
        hash_, heavy = hash_of(text), self._reads.needed_by(node)
        fragments = {
            each.name.value: each
            for each in node.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        fragment_details = {name: FragmentDetails(each) for name, each in fragments.items()}
        definitions = [
            Definition(
                hash=hash_,
                bytes=size,
                node=each,
                name=each.name.value if each.name else None,
                type=each.operation.value,
                is_query=each.operation is OperationType.QUERY,
                fragments=fragments,
                fragment_details=fragment_details,
                variables=VariableTypes(self._schema, each, self._input_types),
                heavy=heavy,
                cost=price(self._model, Objects(), each, fragments),
                values=price(self._model, Values(), each, fragments),
            )
            for each in node.definitions
            if isinstance(each, OperationDefinitionNode)
        ]
        return Document(size, {each.name: each for each in definitions})
