"""What an operation may cost: an upper bound of the objects it loads, known before it runs.

A thing costs 1, a list as much as it can hold, a connection its page, and whatever is
selected of them is loaded for each. An operation is compiled once, into a number if its
variables do not matter, and into a function of the variables where they do, which takes
time linear in the document. What is written twice counts twice, although it may be loaded
once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
    is_list_type,
)

from schema.arguments import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from schema.sizes import AtMost, OneForEach, Size, Within, declared_size
from server.operations.amounts import (
    Amount,
    Variables,
    depending,
    largest,
    product,
    remembered,
    total,
    value_of,
)

Cost: TypeAlias = int | Callable[[Mapping[str, Any]], int]

ONE = AtMost(1)


@dataclass(slots=True)
class Price:
    """What a selection set costs: for each object, and for each item if it is a connection's.

    `pages` are 1 where something shows the page, which is loaded once for all that do.
    """

    once: list[Amount] = field(default_factory=list)
    per_item: list[Amount] = field(default_factory=list)
    pages: list[Amount] = field(default_factory=list)

    def add(self, other: Price, times: Amount) -> None:
        """Add what is selected beside it, if it is at all."""
        self.once.append(product(times, total(other.once)))
        self.per_item.append(product(times, total(other.per_item)))
        self.pages.append(product(times, largest(other.pages)))

    def add_dearest(self, others: Iterable[Price]) -> None:
        """Add what is selected of one type or another, none of which is a connection."""
        self.once.append(largest([total(each.once) for each in others]))

    def shared(self) -> Price:
        """Make it the price of what is selected in many places, and computed once for them."""
        return Price(
            once=[remembered(total(self.once))],
            per_item=[remembered(total(self.per_item))],
            pages=[remembered(largest(self.pages))],
        )

    def with_page_of(self, size: Amount) -> Amount:
        """Tell what all of it costs; the size matters to connections only."""
        items = total([largest(self.pages), total(self.per_item)])
        return total([total(self.once), product(size, items)])


class CostModel:
    """What each field of a schema loads.

    Raises `TypeError` for a list of things that does not say how long it can get.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._sizes = {
            (type_.name, name): size
            for type_ in schema.type_map.values()
            if not is_introspection_type(type_)
            for name, definition in getattr(type_, "fields", {}).items()
            if isinstance(definition, GraphQLField)
            and (size := size_of(definition, f"{type_.name}.{name}")) is not None
        }

    def size(self, parent: GraphQLNamedType, field_name: str) -> Size | None:
        """Tell what a field loads; None if nothing."""
        return self._sizes.get((parent.name, field_name))

    def price(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> Cost:
        """Compile the cost of an operation in a valid document."""
        root = self.schema.get_root_type(operation.operation)
        assert root is not None  # noqa: S101 (the document is valid)
        cost = total(Pricing(self, fragments).selections(operation.selection_set, root).once)
        return cost if isinstance(cost, int) else lambda values: cost(Variables(values))


def size_of(definition: GraphQLField, name: str) -> Size | None:
    """Tell what a field loads, by what it declares or by its type."""
    declared, type_ = declared_size(definition), get_named_type(definition.type)
    if declared is not None or not is_composite_type(type_):
        return declared
    if is_list_type(get_nullable_type(definition.type)):
        raise TypeError(f"{name} has to say how much it loads: metadata=loads(AtMost(…)).")
    shows_page = (
        declared_size(each) is Within.THE_PAGE for each in getattr(type_, "fields", {}).values()
    )
    return Within.ITS_PARENT if any(shows_page) else ONE


class Pricing:
    """Compiles the costs of one document; each fragment once."""

    def __init__(self, model: CostModel, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._model = model
        self._fragments = fragments
        self._priced: dict[str, Price] = {}

    def selections(self, within: SelectionSetNode, parent: GraphQLNamedType) -> Price:
        """Price a selection set of a type."""
        price = Price()
        by_type: dict[str, Price] = defaultdict(Price)
        for node in within.selections:
            found, condition = self._selection(node, parent)
            is_one_of = is_abstract_type(parent) and not is_abstract_type(condition)
            (by_type[condition.name] if is_one_of else price).add(found, included(node))
        price.add_dearest(by_type.values())
        return price

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType
    ) -> tuple[Price, GraphQLNamedType]:
        """Price one selection, and tell the type of the objects that it is for."""
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(self._fragments[node.name.value])
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            on = self._type(condition.name.value) if condition else parent
            return self.selections(node.selection_set, on), on
        assert isinstance(node, FieldNode)  # noqa: S101 (there is no fourth kind)
        return self._field(node, parent), parent

    def _fragment(self, fragment: FragmentDefinitionNode) -> tuple[Price, GraphQLNamedType]:
        name, on = fragment.name.value, self._type(fragment.type_condition.name.value)
        if name not in self._priced:
            self._priced[name] = self.selections(fragment.selection_set, on).shared()
        return self._priced[name], on

    def _type(self, name: str) -> GraphQLNamedType:
        return self._model.schema.type_map[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> Price:
        size = self._model.size(parent, node.name.value)
        if size is None:
            return Price()
        definition: GraphQLField = getattr(parent, "fields")[node.name.value]  # noqa: B009
        inner = (
            self.selections(node.selection_set, get_named_type(definition.type))
            if node.selection_set
            else Price()
        )
        if size is Within.THE_PAGE:
            is_list = is_list_type(get_nullable_type(definition.type))
            return Price(pages=[1], **{"per_item" if is_list else "once": inner.once})
        own = own_size(size, node)
        times = 1 if size is Within.ITS_PARENT else own
        return Price(once=[own, product(times, inner.with_page_of(page_size(node)))])


def own_size(size: Size, node: FieldNode) -> Amount:
    """Tell how many things a field loads itself."""
    if isinstance(size, AtMost):
        return size.count
    if isinstance(size, OneForEach):
        given = argument(node, size.argument)
        return depending([given], lambda variables: length(value_of(given, variables)))
    return 0


def page_size(node: FieldNode) -> Amount:
    """Tell how many items a connection's arguments ask for; one too large is refused later."""
    bounds = [argument(node, name) for name in ("first", "last")]

    def size(variables: Variables) -> int:
        given = [value_of(each, variables) for each in bounds]
        asked = max((each for each in given if isinstance(each, int)), default=DEFAULT_PAGE_SIZE)
        return min(max(asked, 0), MAX_PAGE_SIZE)

    return depending(bounds, size)


def included(node: SelectionNode) -> Amount:
    """Tell whether `@skip` and `@include` leave a selection in: 1 or 0."""
    conditions = [
        (directive.name.value == "include", directive.arguments[0].value)  # type: ignore[index] # the document is valid
        for directive in node.directives or ()
        if directive.name.value in {"skip", "include"}
    ]
    return depending(
        [value for _, value in conditions],
        lambda variables: int(
            all(bool(value_of(value, variables)) is wanted for wanted, value in conditions)
        ),
    )


def argument(node: FieldNode, name: str) -> ValueNode | None:
    """Find the value that a field's argument is given."""
    return next((each.value for each in node.arguments or () if each.name.value == name), None)


def length(value: Any) -> int:
    """Count the elements of a list, as which a single value counts too."""
    return len(value) if isinstance(value, list | tuple) else int(value is not None)
