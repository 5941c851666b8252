"""Selections, conditions, arguments, mutations and introspection."""

from __future__ import annotations

from tests.server.execution.named.case import Case

CASES = [
    Case(
        "fields of one key are merged, with all that is selected of them",
        "{ node { id } node { child { id } } ...F } fragment F on Query { node { child { __typename } } }",
        {"node": {"id": 1, "child": {"id": 2, "__typename": "Node"}}},
    ),
    Case(
        "an error of merged fields has the places of all",
        "{ node { failing } node { failing } ... { node { failing } } }",
        {"node": {"failing": None}},
        errors=[("node.failing", "failed")],
    ),
    Case(
        "keys come in the order in which they are first selected",
        "{ nothing ...F node { id } } fragment F on Query { node { __typename } __typename }",
        {"nothing": None, "node": {"__typename": "Node", "id": 1}, "__typename": "Query"},
    ),
    Case(
        "@skip goes before @include",
        "{ a: nothing @skip(if: true) @include(if: true) b: nothing @include(if: false) @skip(if: false) c: nothing @skip(if: false) @include(if: true) }",
        {"c": None},
    ),
    Case(
        "conditions count for fragments",
        "query ($no: Boolean!) { ... @include(if: $no) { a: nothing } ...F @skip(if: true) ... on Query @skip(if: $no) { b: nothing } } fragment F on Query { c: nothing }",
        {"b": None},
        variables={"no": False},
    ),
    Case(
        "an object of which nothing is left is empty",
        "{ node { id @skip(if: true) } }",
        {"node": {}},
    ),
    Case(
        "a condition that is null fails the operation",
        "query ($if: Boolean = true) { nothing @include(if: $if) }",
        None,
        errors=[
            (
                "",
                "Argument 'if' has invalid value: Expected variable '$if' provided to non-null type 'Boolean!' not to be None.",
            )
        ],
        variables={"if": None},
    ),
    Case(
        "a condition that is null further down fails where it stands",
        "query ($if: Boolean = true) { node { id child { id @skip(if: $if) } } }",
        {"node": {"id": 1, "child": None}},
        errors=[
            (
                "node.child",
                "Argument 'if' has invalid value: Expected variable '$if' provided to non-null type 'Boolean!' not to be None.",
            )
        ],
        variables={"if": None},
    ),
    Case(
        "an argument has its default if it is not given",
        "{ echo }",
        {"echo": "unset=UNSET numbers=None wish=None colour=None id=None"},
    ),
    Case(
        "a null is no default",
        "{ echo(maybe: null, unset: null, numbers: null) }",
        {"echo": "maybe=None unset=None numbers=None wish=None colour=None id=None"},
    ),
    Case(
        "a variable without a value is as if it were not there",
        "query ($m: String, $t: String!) { echo(text: $t, maybe: $m, unset: $m) }",
        {"echo": "text='t' unset=UNSET numbers=None wish=None colour=None id=None"},
        variables={"t": "t"},
    ),
    Case(
        "a variable's default goes before the argument's",
        'query ($m: String = "mine") { echo(maybe: $m) }',
        {"echo": "maybe='mine' unset=UNSET numbers=None wish=None colour=None id=None"},
    ),
    Case(
        "a variable that is null is null",
        "query ($m: String) { echo(maybe: $m) }",
        {"echo": "maybe=None unset=UNSET numbers=None wish=None colour=None id=None"},
        variables={"m": None},
    ),
    Case(
        "a null from a variable is refused where there may be none",
        'query ($t: String = "mine") { echo(text: $t) nothing }',
        {"echo": None, "nothing": None},
        errors=[
            (
                "echo",
                "Argument 'text' has invalid value: Expected variable '$t' provided to non-null type 'String!' not to be None.",
            )
        ],
        variables={"t": None},
    ),
    Case(
        "one value is a list of it",
        "query ($n: [Int!]) { a: echo(numbers: 1) b: echo(numbers: $n) }",
        {
            "a": "unset=UNSET numbers=[1] wish=None colour=None id=None",
            "b": "unset=UNSET numbers=[2] wish=None colour=None id=None",
        },
        variables={"n": 2},
    ),
    Case(
        "fields of an input have their defaults",
        'query ($c: Int) { a: echo(wish: {}) b: echo(wish: {count: $c}) c: echo(wish: {text: "x", count: null}) }',
        {
            "a": "unset=UNSET numbers=None wish=Wish(text='nothing', count=UNSET) colour=None id=None",
            "b": "unset=UNSET numbers=None wish=Wish(text='nothing', count=UNSET) colour=None id=None",
            "c": "unset=UNSET numbers=None wish=Wish(text='x', count=None) colour=None id=None",
        },
    ),
    Case(
        "an enum's value arrives as its member",
        "query ($c: Colour) { a: echo(colour: RED) b: echo(colour: $c) }",
        {
            "a": "unset=UNSET numbers=None wish=None colour=<Colour.RED: 'r'> id=None",
            "b": "unset=UNSET numbers=None wish=None colour=<Colour.BLUE: 'b'> id=None",
        },
        variables={"c": "BLUE"},
    ),
    Case(
        "an ID may be given as an int",
        "query ($i: ID) { a: echo(id: 1) b: echo(id: $i) }",
        {
            "a": "unset=UNSET numbers=None wish=None colour=None id='1'",
            "b": "unset=UNSET numbers=None wish=None colour=None id='2'",
        },
        variables={"i": 2},
    ),
    Case(
        "a variable may stand within a list, or be one",
        "query ($n: Int!, $m: [Int!]) { echo(numbers: [$n]) b: echo(numbers: $m) }",
        {
            "echo": "unset=UNSET numbers=[1] wish=None colour=None id=None",
            "b": "unset=UNSET numbers=None wish=None colour=None id=None",
        },
        variables={"n": 1},
    ),
    Case(
        "mutations run one after the other",
        'mutation { a: write(text: "a") note(text: "b") c: write(text: "c") }',
        {"a": 1, "note": 2, "c": 1},
        log=["a begins", "a ends", "b", "c begins", "c ends"],
    ),
    Case(
        "a failure does not stop those that follow",
        'mutation { fail note(text: "after") }',
        {"fail": None, "note": 2},
        errors=[("fail", "failed")],
        log=["fail begins", "fail ends", "after"],
    ),
    Case(
        "a failure that rises to the root stops them",
        'mutation { a: note(text: "before") failBadly note(text: "after") }',
        None,
        errors=[("failBadly", "failed badly")],
        log=["before", "fail badly begins", "fail badly ends"],
    ),
    Case(
        "a type is told of",
        '{ __type(name: "Colour") { kind name enumValues { name } } }',
        {
            "__type": {
                "kind": "ENUM",
                "name": "Colour",
                "enumValues": [{"name": "RED"}, {"name": "BLUE"}],
            }
        },
    ),
    Case(
        "a type that there is none of is null",
        '{ __type(name: "Nothing") { name } node { id } }',
        {"__type": None, "node": {"id": 1}},
    ),
    Case(
        "the schema is told of beside fields",
        "{ __schema { mutationType { name } }"
        ' __type(name: "Wish") { inputFields { name defaultValue type { kind ofType { name } } } }'
        " nothing }",
        {
            "__schema": {"mutationType": {"name": "Mutation"}},
            "__type": {
                "inputFields": [
                    {
                        "name": "text",
                        "defaultValue": '"nothing"',
                        "type": {"kind": "NON_NULL", "ofType": {"name": "String"}},
                    },
                    {
                        "name": "count",
                        "defaultValue": None,
                        "type": {"kind": "SCALAR", "ofType": None},
                    },
                ]
            },
            "nothing": None,
        },
    ),
]
