"""The way back from a global ID, and other ways to find one thing."""

from __future__ import annotations

import pytest

from tests.conftest import Execute, RecordQueries
from tests.factories import Given, global_id, signed_in

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def test_nodes_come_back_in_the_order_asked(
    execute: Execute, given: Given, record_queries: RecordQueries
) -> None:
    """One statement per type, null for what is not there, and repeated IDs cost nothing."""
    ada, bob = await given.a_user(), await given.a_user()
    tag = await given.a_tag()
    post = await given.a_post(by=ada, tags=[tag])
    comment = await given.a_comment(on=post, by=bob)
    here = [
        ("User", bob.id),
        ("Comment", comment.id),
        ("Tag", tag.id),
        ("User", ada.id),
        ("Post", post.id),
        ("User", bob.id),
    ]
    gone = [("Post", 2**62)]

    with record_queries() as queries:
        result = await execute(NODES, ids=[global_id(*asked) for asked in here + gone])

    assert result.errors is None
    assert result.data == {
        "nodes": [
            *({"__typename": name, "id": global_id(name, key)} for name, key in here),
            *(None for _ in gone),
        ]
    }
    assert len(queries) == 4, queries


async def test_what_one_may_not_see_does_not_exist(execute: Execute, given: Given) -> None:
    """A draft is null to the public by every way, and there for its author."""
    ada = await given.a_user()
    draft = await given.a_post(by=ada, publish=False)
    document = """
        query ($id: ID!, $slug: String!) {
          node(id: $id) { id } nodes(ids: [$id]) { id }
          byId: post(by: {id: $id}) { id } bySlug: post(by: {slug: $slug}) { id }
          posts { totalCount } archive { postCount }
        }
    """
    draft_id = global_id("Post", draft.id)

    public = await execute(document, id=draft_id, slug=draft.slug)
    author = await execute(document, viewer=signed_in(ada), id=draft_id, slug=draft.slug)

    assert public.data == {
        "node": None,
        "nodes": [None],
        "byId": None,
        "bySlug": None,
        "posts": {"totalCount": 0},
        "archive": [],
    }
    assert author.data == {
        "node": {"id": draft_id},
        "nodes": [{"id": draft_id}],
        "byId": {"id": draft_id},
        "bySlug": {"id": draft_id},
        "posts": {"totalCount": 1},
        "archive": [],
    }


@pytest.mark.every_store
async def test_names_find_things_whatever_their_case(execute: Execute, given: Given) -> None:
    """People type names as they please; there is one of each."""
    ada = await given.a_user(username="ada")
    tag = await given.a_tag(name="python")
    await given.a_post(by=ada, tags=[tag])

    result = await execute(
        'query ($id: ID!) { user(by: {username: " ADA"}) { id } again: user(by: {id: $id}) { id } '
        'tag(name: "Python") { id } '
        'nobody: user(by: {username: ""}) { id } none: tag(name: "") { id } }',
        id=global_id("User", ada.id),
    )

    assert result.data == {
        "user": {"id": global_id("User", ada.id)},
        "again": {"id": global_id("User", ada.id)},
        "tag": {"id": global_id("Tag", tag.id)},
        "nobody": None,
        "none": None,
    }


async def test_an_address_is_for_its_owner(execute: Execute, given: Given) -> None:
    """The public sees who writes, not where to reach them."""
    ada = await given.a_user(username="ada")
    document = '{ viewer { username } user(by: {username: "ada"}) { email } }'

    public = await execute(document)
    owner = await execute(document, viewer=signed_in(ada))

    assert public.data == {"viewer": None, "user": {"email": None}}
    assert owner.data == {"viewer": {"username": "ada"}, "user": {"email": "ada@example.com"}}


@pytest.mark.every_store
async def test_a_post_shows_all_of_itself(execute: Execute, given: Given) -> None:
    """Every plain field, with moments in UTC to the microsecond, and tags by name."""
    ada = await given.a_user(username="ada")
    post = await given.a_post(
        by=ada, title="A *title*", body="# Hi\n\nsome **text** 😀", tags=["b", "a"]
    )

    result = await execute(
        "query ($slug: String!) { post(by: {slug: $slug}) { title slug body status version "
        "excerpt short: excerpt(length: 5) publishedAt createdAt updatedAt "
        "tags { name } author { username } } }",
        slug=post.slug,
    )

    assert result.data == {
        "post": {
            "title": "A *title*",
            "slug": "a-title",
            "body": "# Hi\n\nsome **text** 😀",
            "status": "PUBLISHED",
            "version": 1,
            "excerpt": "Hi some text 😀",
            "short": "Hi…",
            "publishedAt": "2026-01-01T12:01:00Z",
            "createdAt": "2026-01-01T12:01:00Z",
            "updatedAt": None,
            "tags": [{"name": "a"}, {"name": "b"}],
            "author": {"username": "ada"},
        }
    }
