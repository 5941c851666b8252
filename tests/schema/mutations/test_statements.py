"""What a mutation costs each database, however much there is in it."""

from __future__ import annotations

from persistence import Database
from tests.conftest import Execute, RecordQueries
from tests.factories import Given, global_id, signed_in

DOCUMENTS = {
    "createPost": """mutation { createPost(input: {title: "One", body: "", tags: ["new", "old"],
        publish: true}) { ... on CreatePostPayload { post { slug } } } }""",
    "updatePost": """mutation ($post: ID!) { updatePost(input: {id: $post, body: "New."}) {
        ... on UpdatePostPayload { post { version } } } }""",
    "updatePost, status": """mutation ($post: ID!) { updatePost(input: {id: $post,
        status: ARCHIVED}) { ... on UpdatePostPayload { post { version } } } }""",
    "addComment": """mutation ($post: ID!) { addComment(input: {postId: $post, body: "Reply."}) {
        ... on AddCommentPayload { comment { body } } } }""",
    "updateProfile": """mutation { updateProfile(input: {bio: "Mathematician."}) {
        ... on UpdateProfilePayload { user { bio } } } }""",
    "deletePost": """mutation ($post: ID!) { deletePost(input: {id: $post}) {
        ... on DeletePostPayload { deletedId } } }""",
}
STATEMENTS = {
    "createPost": 5,
    "updatePost": 2,
    "updatePost, status": 3,
    "addComment": 2,
    "updateProfile": 3,
    "deletePost": 2,
}
# An update that may break a constraint has a savepoint on PostgreSQL, which is two more.
WITH_SAVEPOINTS = {"updatePost": 4, "updatePost, status": 5, "updateProfile": 5}


async def test_a_mutation_costs_a_known_number_of_statements(
    database: Database, execute: Execute, given: Given, record_queries: RecordQueries
) -> None:
    """Between BEGIN and COMMIT, with one new tag and an old one; whoever adds one says so here."""
    ada = await given.a_user()
    await given.a_tag(name="old")
    post = await given.a_post(by=ada, tags=["old"])

    counted = {}
    for name, document in DOCUMENTS.items():
        variables = {"post": global_id("Post", post.id)} if "$post" in document else {}
        with record_queries() as queries:
            result = await execute(document, signed_in(ada), **variables)
        assert result.errors is None
        counted[name] = queries

    expected = STATEMENTS
    if database.engine.dialect.name == "postgresql":
        expected = STATEMENTS | WITH_SAVEPOINTS
    assert {name: len(queries) for name, queries in counted.items()} == expected, counted
