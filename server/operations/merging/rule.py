"""The rule, which looks at one place of the response at a time."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
)

from schema.errors import Code
from server.operations.merging.conflicts import Conflict, conflicts_among, meeting_in_one_object
from server.operations.merging.selections import Field, Reader, Selections

MAX_VISITS = 20_000
"""Looks at fields and spreads, all places together; an honest document takes a few for each."""


class Place(NamedTuple):
    """A place of the response, by all that is selected for it; that is read when it is its turn."""

    selections: Iterable[Selections]
    of_one_object: bool
    """Whether the selections may meet in one object; else only their shapes have to fit."""


class MergeableFields(ValidationRule):
    """Refuses fields that share a response name and can't share an answer.

    It refuses what graphql-core's `OverlappingFieldsCanBeMergedRule` refuses, and with
    `QUERY_TOO_COMPLEX` a document whose fragments meet in more combinations than can be looked at.
    `visited` tells how many fields and spreads it has looked at.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.visited = 0
        self._reader = Reader(context.schema)
        self._fragments: dict[str, Selections] = {}
        self._known_places: set[tuple[frozenset[Selections], bool]] = set()
        self._checked: set[Selections] = set()
        self._reported: set[frozenset[Field]] = set()

    def enter_document(self, document: DocumentNode, *_: Any) -> None:
        """Look at all operations, and at the fragments that none of them spreads."""
        operations: list[Selections] = []
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = self._reader.fragment(node)
            elif isinstance(node, OperationDefinitionNode):
                operations.append(self._reader.operation(node))
        for root in (*operations, *self._fragments.values()):
            if root not in self._checked:
                self._look_from(root)
        if self.visited > MAX_VISITS:
            self.report_error(too_complex())

    def _look_from(self, root: Selections) -> None:
        places = deque([Place([root], of_one_object=True)])
        while places and self.visited <= MAX_VISITS:
            places.extend(self._look_at(places.popleft()))

    def _look_at(self, place: Place) -> Iterator[Place]:
        """Report the conflicts of a place, and return the places below it."""
        selections = self._with_fragments(place.selections)
        if self._is_known(selections, of_one_object=place.of_one_object):
            return
        self.visited += sum(len(each.fields) for each in selections)
        if self.visited > MAX_VISITS:
            return
        self._checked.update(selections)
        for fields in by_response_name(selections):
            if len(fields) == 1 and fields[0].node.selection_set is None:
                continue
            conflicts = list(conflicts_among(fields, of_one_object=place.of_one_object))
            for conflict in conflicts:
                self._report(conflict)
            if not conflicts:
                yield from self._places_below(fields, of_one_object=place.of_one_object)

    def _with_fragments(self, selections: Iterable[Selections]) -> Iterable[Selections]:
        """Add the fragments that are spread, each once."""
        found = dict.fromkeys(selections)
        pending = list(found)
        while pending:
            spreads = pending.pop().spreads
            self.visited += 1 + len(spreads)
            for name in spreads:
                fragment = self._fragments.get(name)
                if fragment is not None and fragment not in found:
                    found[fragment] = None
                    pending.append(fragment)
        return found

    def _is_known(self, selections: Iterable[Selections], *, of_one_object: bool) -> bool:
        """Remember a place by the fields it has; seen as of one object, it has been seen as any."""
        fields = frozenset(each for each in selections if each.fields)
        if (fields, True) in self._known_places or (fields, of_one_object) in self._known_places:
            return True
        self._known_places.add((fields, of_one_object))
        return False

    def _places_below(self, fields: list[Field], *, of_one_object: bool) -> Iterator[Place]:
        """Merge what is selected below fields of one response name."""
        parents = [each for each in fields if each.node.selection_set is not None]
        meeting = meeting_in_one_object(parents) if of_one_object else []
        for group in meeting:
            yield Place(self._selected_below(group), of_one_object=True)
        if len(parents) > 1 and len(meeting) != 1:
            yield Place(self._selected_below(parents), of_one_object=False)

    def _selected_below(self, fields: Iterable[Field]) -> Iterator[Selections]:
        for field in fields:
            selections = self._reader.below(field)
            if selections is not None:
                yield selections

    def _report(self, conflict: Conflict) -> None:
        """Report a conflict, unless another place has shown it already."""
        first, other, reason = conflict
        pair = frozenset((first, other))
        if pair in self._reported:
            return
        self._reported.add(pair)
        message = (
            f"Fields '{first.response_name}' conflict: {reason}."
            " Give one of them another name by an alias."
        )
        self.report_error(GraphQLError(message, [first.node, other.node]))


def too_complex() -> GraphQLError:
    """Say that too many combinations of fragments would have to be looked at."""
    message = (
        f"Fragments meet in too many combinations: merging them takes over {MAX_VISITS:,} looks"
        " at a field. Spread fewer of them, or shorter ones, in each other."
    )
    return GraphQLError(message, extensions={"code": Code.QUERY_TOO_COMPLEX})


def by_response_name(selections: Iterable[Selections]) -> Iterable[list[Field]]:
    """Group the fields that answer under one name."""
    groups: dict[str, list[Field]] = defaultdict(list)
    for each in selections:
        for field in each.fields:
            groups[field.response_name].append(field)
    return groups.values()
