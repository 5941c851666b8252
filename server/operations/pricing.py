"""What an operation may cost, or answer: an upper bound, known before it runs.

What a field itself counts is for `cost.py`. What is selected of a list counts for as many
things as it can hold, and of a connection for each item of its page. An operation is compiled
once, into a number if its variables do not matter, and into a function of the variables where
they do, which takes time linear in the document. What is written twice counts twice, although
it may be loaded once.
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
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)

from schema.arguments import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from schema.sizes import Within
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
from server.operations.cost import CostModel, Counting, argument, times

Bound: TypeAlias = int | Callable[[Mapping[str, Any]], int]


def price(
    model: CostModel,
    counting: Counting,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> Bound:
    """Compile how much of something there may be in an operation of a valid document."""
    root = model.schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101 (the document is valid)
    pricing = Pricing(model, counting, fragments)
    amount = total(pricing.selections(operation.selection_set, root).once)
    return amount if isinstance(amount, int) else lambda values: amount(Variables(values))


def computed(bound: Bound, variables: Mapping[str, Any]) -> int:
    """Compute a bound with the variables of a request."""
    return bound if isinstance(bound, int) else bound(variables)


@dataclass(slots=True)
class Price:
    """What a selection set counts: for each object, and for each item if it is a connection's.

    `pages` are what an item counts where something shows the page, once for all that do.
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
        """Tell what all of it counts; the size matters to connections only."""
        items = total([largest(self.pages), total(self.per_item)])
        return total([total(self.once), product(size, items)])


class Pricing:
    """Compiles the prices of one document; each fragment once."""

    def __init__(
        self,
        model: CostModel,
        counting: Counting,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._model = model
        self._counting = counting
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
        name = node.name.value
        definition: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        size = self._model.size(parent, name)
        own = self._counting.itself(node, definition, size)
        if definition is None or node.selection_set is None:
            return Price(once=[own])
        inner = self.selections(node.selection_set, get_named_type(definition.type))
        if size is Within.THE_PAGE:
            is_list = is_list_type(get_nullable_type(definition.type))
            shown = {"per_item" if is_list else "once": inner.once}
            return Price(pages=[self._counting.page_item], **shown)
        return Price(once=[own, product(times(node, size), inner.with_page_of(page_size(node)))])


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
