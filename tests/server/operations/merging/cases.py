"""Documents whose fields can be merged, and others whose fields can't, each named for why."""

from __future__ import annotations

MERGEABLE = {
    "same field": "{ post { id id } }",
    "same alias of one field": "{ post { x: id x: id } }",
    "same arguments": "{ node(id: 1) { id } node(id: 1) { title } }",
    "arguments in another order": "{ x: node(id: 1, by: {}) { id } x: node(by: {}, id: 1) { id } }",
    "input fields in another order": (
        "{ node(by: {slug: 1, year: 2}) { id } node(by: {year: 2, slug: 1}) { id } }"
    ),
    "same variable": "query ($n: Int) { post { title(size: $n) title(size: $n) } }",
    "different directives": "{ post { id @include(if: true) id @skip(if: false) } }",
    "different fields under different aliases": "{ post { x: id y: title } }",
    "different fields of different objects": (
        "{ hit { ... on Post { x: title } ... on Comment { x: kind } } }"
    ),
    "different fields of different objects, by way of no type": (
        "{ hit { ... on Post { ... { x: title } } ... on Comment { x: kind } } }"
    ),
    "different arguments of different objects": (
        "{ hit { ... on Post { title(size: 1) } ... on Comment { title(size: 2) } } }"
    ),
    "different fields below different objects": (
        "{ hit { ... on Post { author { x: id } } ... on Note { author { x: id } } } }"
    ),
    "objects of different types and one shape": (
        "{ hit { ... on Post { cover { url } } ... on Comment { cover: image { url } } } }"
    ),
    "different fields of one shape, deep in different objects": (
        "{ hit { ... on Comment { x: image { y: url } } ... on Post { x: author { y: name } } } }"
    ),
    "a list with its fields in two parts": "{ hits { ...F } hits { ... on Post { id } } }"
    " fragment F on Post { id title }",
    "a fragment, and the same fields": "{ post { id ...F } } fragment F on Post { id }",
    "a fragment that spreads itself": "{ post { ...F } } fragment F on Post { id next { ...F } }",
    "fragments that spread each other": (
        "{ post { ...F } } fragment F on Post { id ...G } fragment G on Post { ...F id }"
    ),
    "an unknown fragment": "{ post { ...Gone id } }",
    "an unknown type": "{ post { ... on Gone { id } id } }",
    "an unknown field and one of any shape": (
        "{ hit { ... on Post { x: gone } ... on Comment { x: tags } } }"
    ),
    "a leaf with selections": "{ post { id { x } id { y: x } } }",
    "an object without selections": "{ post { author author { id } } }",
    "an operation that the schema lacks": "mutation { x: a x: a }",
    "a definition that is none of an operation": "type Post { id: ID } { post { id } }",
}

CONFLICTING = {
    "different fields": "{ post { x: id x: title } }",
    "a field under the name of another": "{ post { title title: id } }",
    "different arguments": "{ post { title(size: 1) title(size: 2) } }",
    "an argument and none": "{ post { title(size: 1) title } }",
    "arguments of different names": "{ node(id: 1) { id } node(by: 1) { id } }",
    "a value and a variable": "query ($n: Int) { post { title(size: 1) title(size: $n) } }",
    "different variables": "query ($n: Int) { post { title(size: $n) title(size: $m) } }",
    "a number and its text": '{ post { title(size: 1) title(size: "1") } }',
    "a text and a block of it": '{ post { title(size: "1") title(size: """1""") } }',
    "a number and null": "{ post { title(size: 1) title(size: null) } }",
    "different lists": "{ node(by: {tags: [a, b]}) { id } node(by: {tags: [b, a]}) { id } }",
    "different fields, in nested selections": "{ post { next { x: id } next { x: title } } }",
    "different fields, deep in merged selections": (
        "{ post { next { next { x: id } } } post { next { id next { x: title } } } }"
    ),
    "a field and a fragment": "{ post { x: id ...F } } fragment F on Post { x: title }",
    "two fragments": (
        "{ post { ...F ...G } } fragment F on Post { x: id } fragment G on Post { x: title }"
    ),
    "fragments in fragments": (
        "{ post { next { ...F } } post { next { ...G } } } fragment F on Node { ...H }"
        " fragment G on Node { x: title } fragment H on Node { x: id }"
    ),
    "a fragment that nobody spreads": "{ post { id } } fragment F on Post { x: id x: title }",
    "a fragment that spreads itself": (
        "{ post { ...F next { x: title } } } fragment F on Post { x: id next { ...F } }"
    ),
    "an inline fragment of the same type": "{ post { x: id ... on Post { x: title } } }",
    "an interface and an object": "{ node { x: id ... on Post { x: title } } }",
    "an object, beside another, and an interface": (
        "{ hit { ... on Post { x: id } ... on Comment { x: id } ... on Node { x: title } } }"
    ),
    "one of two objects and an interface, below": (
        "{ hit { ... on Post { next { title(size: 1) } } ... on Note { next { title } }"
        " ... on Node { next { title } } } }"
    ),
    "fragments that differ in different objects, and then in one": (
        "{ hit { ... on Post { author { ...F } } ... on Note { author { ...G } } }"
        " node { author { ...F ...G } } }"
        " fragment F on User { x: likes } fragment G on User { x: posts }"
    ),
    "later copies only": (
        "{ hit { ... on Note { id } } hit { ... on Post { x: kind } }"
        " hit { ... on Comment { x: kind } } }"
    ),
    "leaves of different types": "{ hit { ... on Post { written } ... on Comment { written } } }",
    "null and non-null": "{ hit { ... on Post { likes } ... on Comment { likes } } }",
    "an item and a list": (
        "{ hit { ... on Post { cover { url } } ... on Comment { cover { url } } } }"
    ),
    "a list and a non-null": "{ hit { ... on Post { tags } ... on Note { tags } } }",
    "lists of null and non-null": "{ hit { ... on Post { tags } ... on Comment { tags } } }",
    "a leaf and an object": "{ hit { ... on Post { x: title } ... on Note { x: cover { url } } } }",
    "shapes below different objects": (
        "{ hit { ... on Comment { x: image { size } } ... on Note { x: cover { size } } } }"
    ),
    "an interface's type and an object's, of one name": (
        "{ node { author { id } ... on Comment { author { id } } } }"
    ),
    "unknown fields": "{ post { x: gone x: away } }",
    "below unknown fields": "{ gone { x: id } gone { x: title } }",
    "below an unknown type": "{ ... on Gone { x: id x: title } }",
    "an unknown type and an object": "{ post { x: id ... on Gone { x: title } } }",
}
