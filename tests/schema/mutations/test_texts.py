"""Whatever is written into whichever field: kept as it is, or refused without a trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLString, get_named_type

import domain
from tests.conftest import Execute
from tests.factories import PASSWORD, Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import kind_of, mutation_inputs

KEPT, REFUSED, UNKEEPABLE = "kept", "refused", "BAD_USER_INPUT"
RIGHT_TO_LEFT = "\u200f"
MEGABYTE = 1_000_000

TEXTS = (
    "empty",
    "spaces",
    "marks alone",
    "marks within",
    "emoji",
    "longest",
    "too long",
    "1 MB",
    "NUL",
    "half a pair",
)
ALWAYS = (KEPT, REFUSED, REFUSED, UNKEEPABLE, UNKEEPABLE)  # from the longest on
LINE = (REFUSED, REFUSED, REFUSED, KEPT, KEPT, *ALWAYS)  # something has to be there
PROSE = (KEPT, KEPT, KEPT, KEPT, KEPT, *ALWAYS)  # nothing has to be
NAME = (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, *ALWAYS)  # of some letters only
ADDRESS = (REFUSED, REFUSED, REFUSED, REFUSED, KEPT, *ALWAYS)  # of letters and symbols
GUESS = (*[REFUSED] * 8, UNKEEPABLE, UNKEEPABLE)  # whatever it is, nobody signs in with it

LONG_DOMAIN = ".".join(["x" * 63] * 3) + ".com"


@dataclass(frozen=True)
class Written:
    """A field: what becomes of each of the texts, how long it may be, and where it is read."""

    outcomes: tuple[str, ...]
    limit: int
    read: str = ""
    around: str = "ada{}lovelace"
    filler: str = "😀"

    def text(self, kind: str) -> str:
        """Something of this kind that is sound but for that."""
        room = self.limit - len(self.around) + 2
        match kind:
            case "empty":
                return ""
            case "spaces":
                return " " * 12
            case "marks alone":
                return RIGHT_TO_LEFT * 12
            case "longest":
                return self.around.format(self.filler * room)
            case "too long":
                return self.around.format(self.filler * (room + 1))
        within = {
            "marks within": RIGHT_TO_LEFT,
            "emoji": "😀",
            "1 MB": "x" * MEGABYTE,
            "NUL": "\x00",
            "half a pair": "\ud800",
        }
        return self.around.format(within[kind])


USERNAME = Written(NAME, 50, "user.username", filler="x")
EMAIL = Written(ADDRESS, 254, "user.email", "ada{}@" + LONG_DOMAIN, filler="x")
DISPLAY_NAME = Written(LINE, 100, "user.displayName")
TITLE = Written(LINE, 200, "post.title")
BODY = Written(PROSE, 100_000, "post.body")
TAG = Written(NAME, 40, "post.tags", filler="x")
COMMENT = Written(LINE, 5_000, "comment.body")

FIELDS: Mapping[tuple[str, str], Written] = {
    ("signUp", "username"): USERNAME,
    ("signUp", "email"): EMAIL,
    ("signUp", "password"): Written(LINE, 1_024),
    ("signUp", "displayName"): DISPLAY_NAME,
    ("signIn", "login"): Written(GUESS, 254),
    ("signIn", "password"): Written(GUESS, 1_024),
    ("updateProfile", "username"): USERNAME,
    ("updateProfile", "email"): EMAIL,
    ("updateProfile", "displayName"): DISPLAY_NAME,
    ("updateProfile", "bio"): Written(PROSE, 2_000, "user.bio"),
    ("createPost", "title"): TITLE,
    ("createPost", "body"): BODY,
    ("createPost", "tags"): TAG,
    ("updatePost", "title"): TITLE,
    ("updatePost", "body"): BODY,
    ("updatePost", "tags"): TAG,
    ("addComment", "body"): COMMENT,
    ("updateComment", "body"): COMMENT,
}
CASES = [
    pytest.param(field, name, kind, expected, id=f"{field}-{name}-{kind.replace(' ', '-')}")
    for (field, name), written in FIELDS.items()
    for kind, expected in zip(TEXTS, written.outcomes, strict=True)
]


def test_every_text_has_its_rules() -> None:
    """A new field is not forgotten."""
    found = {
        (field, name)
        for field, input_type in mutation_inputs().items()
        for name, value in input_type.fields.items()
        if get_named_type(value.type) is GraphQLString
    }

    assert found == FIELDS.keys()


@pytest.mark.parametrize(("field", "name", "kind", "expected"), CASES)
async def test_a_text_is_kept_or_refused(
    given: Given,
    execute: Execute,
    mutate: Mutate,
    read_all: ReadAll,
    field: str,
    name: str,
    kind: str,
    expected: str,
) -> None:
    """Kept: read back as it was written, but for the spaces around it. Refused: nothing is."""
    admin = signed_in(await given.a_user(role=domain.Role.ADMIN))
    grace = await given.a_user(username="grace", password=PASSWORD)
    post = await given.a_post(by=grace)
    comment = await given.a_comment(on=post, by=grace)
    written = FIELDS[field, name]
    text = written.text(kind)
    sound = sound_input(field, global_id("Post", post.id), global_id("Comment", comment.id))
    before = await read_all()

    outcome = await mutate(
        field,
        selection(written.read),
        viewer=signed_in(grace),
        **sound | {name: [text] if name == "tags" else text},
    )

    if expected == KEPT:
        assert kind_of(outcome).endswith("Payload"), outcome
        if written.read:
            assert await read_back(execute, outcome, written.read, admin) == text.strip()
        else:
            again = await mutate("signIn", login="ada", password=text)
            assert kind_of(again) == "SignInPayload"
    else:
        assert_refused(outcome, name, expected)
        assert await read_all() == before


@pytest.mark.every_store
async def test_every_database_keeps_a_text_as_it_is(
    given: Given, execute: Execute, mutate: Mutate
) -> None:
    """Each in its column: every character of the longest, and those of four bytes."""
    grace = await given.a_user(username="grace")
    viewer = signed_in(grace)
    post_id = global_id("Post", (await given.a_post(by=grace)).id)
    wanted, found = {}, {}

    for case in CASES:
        field, name, kind, expected = (str(value) for value in case.values)
        if field in {"updateProfile", "createPost", "addComment"} and expected == KEPT:
            written = FIELDS[field, name]
            text = written.text(kind)
            told = sound_input(field, post_id, "") | {name: [text] if name == "tags" else text}
            outcome = await mutate(field, selection(written.read), viewer=viewer, **told)
            wanted[case.id] = text.strip()
            found[case.id] = await read_back(execute, outcome, written.read, viewer)

    assert len(wanted) > 20
    assert found == wanted


def sound_input(field: str, post_id: str, comment_id: str) -> dict[str, Any]:
    """The rest of the input, with nothing wrong."""
    return {
        "signUp": {"username": "ada", "email": "ada@example.com", "password": PASSWORD},
        "signIn": {"login": "grace", "password": PASSWORD},
        "updateProfile": {},
        "createPost": {"title": "A title", "body": "A text."},
        "updatePost": {"id": post_id},
        "addComment": {"postId": post_id, "body": "Indeed."},
        "updateComment": {"id": comment_id, "body": "Not at all."},
    }[field]


def selection(path: str) -> str:
    """What to select of a payload, so that one field of it can be read back."""
    return f"{path.partition('.')[0]} {{ id }}" if path else "token"


async def read_back(execute: Execute, outcome: dict[str, Any], path: str, by: domain.Viewer) -> str:
    """Read one field of what was written, in a request of its own."""
    parent, name = path.split(".")
    selected = "tags { name }" if name == "tags" else name
    result = await execute(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on {parent.title()} {{ {selected} }} }} }}",
        by,
        id=outcome[parent]["id"],
    )
    assert result.data is not None
    value = result.data["node"][name]
    return str(value[0]["name"] if name == "tags" else value)


def assert_refused(outcome: dict[str, Any], name: str, expected: str) -> None:
    """With a word for a person, or for a program where no person can have written it."""
    if expected == UNKEEPABLE:
        assert outcome["code"] == UNKEEPABLE and "`$input`" in outcome["message"]
    elif kind_of(outcome) != "WrongCredentials":
        assert kind_of(outcome) == "InvalidInput", outcome
        path = [name, "0"] if name == "tags" else [name]
        assert [problem["path"] for problem in outcome["fields"]] == [path]
