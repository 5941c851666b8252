"""Objects of interfaces and unions: how it is found what they are."""

from __future__ import annotations

from tests.server.execution.named.case import Case

CASES = [
    Case(
        "a union's objects are told by their classes",
        "{ abstract { pets { __typename ... on Dog { name barks } ... on Stone { weight } } } }",
        {
            "abstract": {
                "pets": [
                    {"__typename": "Dog", "name": "Rex", "barks": True},
                    {"__typename": "Stone", "weight": 3},
                    None,
                ]
            }
        },
        errors=[
            (
                "abstract.pets.2",
                'The type "<class \'int\'>" cannot be resolved for the field "pets" , are you using a strawberry.field?',
            )
        ],
    ),
    Case(
        "fragments on an interface are for its objects",
        "{ abstract { pets { ... on Named { name } ...S } } } fragment S on Stone { weight }",
        {"abstract": {"pets": [{"name": "Rex"}, {"weight": 3}, None]}},
        errors=[
            (
                "abstract.pets.2",
                'The type "<class \'int\'>" cannot be resolved for the field "pets" , are you using a strawberry.field?',
            )
        ],
    ),
    Case(
        "an interface asks its types, which may take their time",
        "{ abstract { dog { __typename name } fish { __typename } } }",
        {"abstract": {"dog": {"__typename": "Dog", "name": "Rex"}, "fish": {"__typename": "Fish"}}},
    ),
    Case(
        "an object of no type of an interface fails",
        "{ abstract { nobody { name } } }",
        {"abstract": {"nobody": None}},
        errors=[
            (
                "abstract.nobody",
                "Abstract type 'Named' must resolve to an Object type at runtime for field 'Abstract.nobody'. Either the 'Named' type should provide a 'resolve_type' function or each possible type should provide an 'is_type_of' function.",
            )
        ],
    ),
    Case(
        "an object that is not of its type fails",
        "{ abstract { wrong { name } } }",
        {"abstract": {"wrong": None}},
        errors=[("abstract.wrong", "Expected value of type 'Fish' but got: 5.")],
    ),
    Case(
        "a type may be told by its name",
        '{ abstract { teller(called: "Teller") { __typename name } } }',
        {"abstract": {"teller": {"__typename": "Teller", "name": "Teller"}}},
    ),
    Case(
        "a type that is told has to exist",
        '{ abstract { teller(called: "Nobody") { name } } }',
        {"abstract": {"teller": None}},
        errors=[
            (
                "abstract.teller",
                "Abstract type 'Told' was resolved to a type 'Nobody' that does not exist inside the schema.",
            )
        ],
    ),
    Case(
        "a type that is told has to be of objects",
        '{ abstract { teller(called: "Colour") { name } } }',
        {"abstract": {"teller": None}},
        errors=[
            ("abstract.teller", "Abstract type 'Told' was resolved to a non-object type 'Colour'.")
        ],
    ),
    Case(
        "a type that is told has to be of the interface",
        '{ abstract { teller(called: "Dog") { name } } }',
        {"abstract": {"teller": None}},
        errors=[
            ("abstract.teller", "Runtime Object type 'Dog' is not a possible type for 'Told'.")
        ],
    ),
]
