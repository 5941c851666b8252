"""Values of leaves and lists: which are right, and what is told of those that are not."""

from __future__ import annotations

from tests.server.execution.named.case import Case

CASES = [
    Case(
        "an Int may be a boolean, a whole float or a text of digits",
        "{ leaves { intOfTrue intOfWholeFloat intOfText } }",
        {"leaves": {"intOfTrue": 1, "intOfWholeFloat": 3, "intOfText": 12}},
    ),
    Case(
        "an Int is no other float, text or list",
        "{ leaves { intOfFloat intOfWords intOfList } }",
        {"leaves": {"intOfFloat": None, "intOfWords": None, "intOfList": None}},
        errors=[
            ("leaves.intOfFloat", "Int cannot represent non-integer value: 1.5"),
            ("leaves.intOfList", "Int cannot represent non-integer value: [1]"),
            ("leaves.intOfWords", "Int cannot represent non-integer value: 'many'"),
        ],
    ),
    Case(
        "an Int has 32 bits",
        "{ leaves { intTooLarge intTooSmall } }",
        {"leaves": {"intTooLarge": None, "intTooSmall": None}},
        errors=[
            (
                "leaves.intTooLarge",
                "Int cannot represent non 32-bit signed integer value: 2147483648",
            ),
            (
                "leaves.intTooSmall",
                "Int cannot represent non 32-bit signed integer value: -2147483649",
            ),
        ],
    ),
    Case(
        "a Float may be an int or a boolean",
        "{ leaves { floatOfInt floatOfTrue } }",
        {"leaves": {"floatOfInt": 3.0, "floatOfTrue": 1}},
    ),
    Case(
        "a Float is finite",
        "{ leaves { floatOfNan floatOfInfinity } }",
        {"leaves": {"floatOfNan": None, "floatOfInfinity": None}},
        errors=[
            ("leaves.floatOfInfinity", "Float cannot represent non numeric value: inf"),
            ("leaves.floatOfNan", "Float cannot represent non numeric value: nan"),
        ],
    ),
    Case(
        "a String may be a boolean or a number, and no list",
        "{ leaves { textOfTrue textOfInt textOfList } }",
        {"leaves": {"textOfTrue": "true", "textOfInt": "12", "textOfList": None}},
        errors=[("leaves.textOfList", "String cannot represent value: ['a']")],
    ),
    Case(
        "a Boolean may be a number, and no text",
        "{ leaves { booleanOfInt booleanOfText } }",
        {"leaves": {"booleanOfInt": True, "booleanOfText": None}},
        errors=[("leaves.booleanOfText", "Boolean cannot represent a non boolean value: 'true'")],
    ),
    Case(
        "an ID may be an int, and no fraction",
        "{ leaves { idOfInt idOfFloat } }",
        {"leaves": {"idOfInt": "12", "idOfFloat": None}},
        errors=[("leaves.idOfFloat", "ID cannot represent value: 1.5")],
    ),
    Case(
        "an enum is told by its member or its value, and not by its name",
        "{ leaves { enumOfMember enumOfValue enumOfName } }",
        {"leaves": {"enumOfMember": "RED", "enumOfValue": "BLUE", "enumOfName": None}},
        errors=[("leaves.enumOfName", "Enum 'Colour' cannot represent value: 'RED'")],
    ),
    Case(
        "a scalar may not be written as null",
        "{ leaves { scalarOfNone } }",
        {"leaves": {"scalarOfNone": None}},
        errors=[
            (
                "leaves.scalarOfNone",
                "Expected `Strict.coerce_output_value('none')` to return non-nullable value, returned: None",
            )
        ],
    ),
    Case(
        "an exception that is returned is as one that is raised",
        "{ leaves { exception raised laterException } }",
        {"leaves": {"exception": None, "raised": None, "laterException": None}},
        errors=[
            ("leaves.exception", "returned"),
            ("leaves.laterException", "later"),
            ("leaves.raised", "failed"),
        ],
    ),
    Case(
        "an error keeps its extensions",
        "{ leaves { told } }",
        {"leaves": {"told": None}},
        errors=[("leaves.told", "told")],
    ),
    Case(
        "what is awaited is not awaited again",
        "{ leaves { laterOfLater } }",
        {"leaves": {"laterOfLater": None}},
        errors=[
            ("leaves.laterOfLater", "Int cannot represent non-integer value: <Later instance>")
        ],
    ),
    Case(
        "__typename is known of each object, and the root",
        "{ __typename leaves { __typename type: __typename } }",
        {"__typename": "Query", "leaves": {"__typename": "Leaves", "type": "Leaves"}},
    ),
    Case(
        "a list is no text, dict or number",
        "{ lists { ofText ofDict ofNumber } }",
        {"lists": {"ofText": None, "ofDict": None, "ofNumber": None}},
        errors=[
            ("lists.ofDict", "Expected Iterable, but did not find one for field 'Lists.ofDict'."),
            (
                "lists.ofNumber",
                "Expected Iterable, but did not find one for field 'Lists.ofNumber'.",
            ),
            ("lists.ofText", "Expected Iterable, but did not find one for field 'Lists.ofText'."),
        ],
    ),
    Case(
        "a list may be a tuple or a generator",
        "{ lists { ofTuple ofGenerator } }",
        {"lists": {"ofTuple": [1, 2], "ofGenerator": [1, 2]}},
    ),
    Case(
        "a list may be drawn from an asynchronous generator",
        "{ lists { drawn } }",
        {"lists": {"drawn": [1, 2]}},
    ),
    Case(
        "each item may come later, and fail alone if it may be null",
        "{ lists { later } }",
        {"lists": {"later": [1, 2, None, None]}},
        errors=[("lists.later.2", "third")],
    ),
    Case(
        "an item that may not be null fails its list",
        "{ lists { laterSure } }",
        {"lists": {"laterSure": None}},
        errors=[("lists.laterSure.1", "second")],
    ),
    Case(
        "a null item that may not be fails its list",
        "{ lists { withNull } }",
        {"lists": {"withNull": None}},
        errors=[("lists.withNull.1", "Cannot return null for non-nullable field Lists.withNull.")],
    ),
    Case(
        "a list within a list fails alone",
        "{ lists { nested } }",
        {"lists": {"nested": [[1], None, [3]]}},
        errors=[("lists.nested.1.1", "Cannot return null for non-nullable field Lists.nested.")],
    ),
    Case(
        "a generator that breaks fails its list",
        "{ lists { breaking } }",
        {"lists": {"breaking": None}},
        errors=[("lists.breaking", "broken off")],
    ),
]
