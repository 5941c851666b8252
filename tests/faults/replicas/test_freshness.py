"""Who reads the replicas, who reads the primary, and for how long."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

import pytest

import domain
from persistence import Base, Database
from tests.factories import PASSWORD, Given, global_id
from tests.faults.instances import Answer, Instance, an_instance, recorded
from tests.faults.replicas.cluster import FEED, TITLES, Servers, paused, titles, until

pytestmark = pytest.mark.slow

COMMENT = """mutation ($on: ID!, $body: String!) { addComment(input: {postId: $on, body: $body}) {
  ... on AddCommentPayload { comment { body post { comments { nodes { body } } } } } } }"""
COMMENTS = "query ($on: ID!) { node(id: $on) { ... on Post { comments { nodes { body } } } } }"
SIGN_UP = """mutation ($input: SignUpInput!) {
  signUp(input: $input) { ... on SignUpPayload { token user { username } } } }"""
SIGN_IN = """mutation ($input: SignInInput!) {
  signIn(input: $input) { ... on SignInPayload { token } } }"""
VIEWER = "{ viewer { username } }"


async def a_reader(store: Database, given: Given, of: domain.User) -> str:
    """Sign a user in, who has written nothing since: the token."""
    token = domain.new_token()
    session = await given.a_session(of=of, token=token, at=datetime.now(UTC))
    table = Base.metadata.tables["sessions"]
    async with store.writing() as connection:
        forgotten = table.update().where(table.c.id == session.id).values(last_write_at=None)
        await connection.execute(forgotten)
    return token


def bodies(answer: Answer) -> list[str]:
    return [node["body"] for node in answer.data["node"]["comments"]["nodes"]]


async def test_queries_are_read_from_each_replica_in_its_turn(
    servers: Servers, instance: Instance, given: Given
) -> None:
    """That is what they are for: the primary has enough to do with what is written."""
    await given.a_post(by=await given.a_user(), title="A post")
    await servers.catch_up()
    await asyncio.gather(*(instance.ask(FEED) for _ in range(10)))  # which connects

    with recorded() as asked:
        answers = [await instance.ask(FEED) for _ in range(10)]

    assert all(answer.data["posts"]["nodes"] for answer in answers)
    assert asked.of(servers.primary) == []
    assert len(asked.of(servers.one)) == len(asked.of(servers.other)) == 5 * 4


async def test_one_request_reads_one_replica(
    servers: Servers, instance: Instance, given: Given
) -> None:
    """What it read of one might not be there on another, which lags behind more."""
    ada = await given.a_user()
    await given.a_post(by=ada, title="Old")
    await servers.catch_up()
    aliases = " ".join(f"_{n}: posts(first: {n}) {{ nodes {{ title }} }}" for n in range(2, 10))

    async with paused(servers.one):
        await given.a_post(by=ada, title="New")
        await servers.other.catch_up()
        answers = await asyncio.gather(*(instance.ask(f"{{ {aliases} }}") for _ in range(40)))

    seen = [{len(posts["nodes"]) for posts in answer.data.values()} for answer in answers]
    assert all(len(each) == 1 for each in seen)
    assert {1, 2} == set.union(*seen)


async def test_a_mutation_reads_and_writes_the_primary_alone(
    servers: Servers, instance: Instance, store: Database, given: Given
) -> None:
    """Its payload too, although the replicas show nothing of it yet."""
    ada = await given.a_user()
    post, token = await given.a_post(by=ada), await a_reader(store, given, ada)

    async with paused(*servers.replicas):
        with recorded() as asked:
            on = global_id("Post", post.id)
            answer = await instance.ask(COMMENT, token, on=on, body="Just now.")

    comment = answer.data["addComment"]["comment"]
    assert comment["post"]["comments"]["nodes"] == [{"body": "Just now."}]
    assert asked.of(*servers.replicas) == []


async def test_whoever_has_written_reads_it_on_every_instance_and_others_later(
    servers: Servers, store: Database, given: Given
) -> None:
    """A load balancer sends the next request anywhere; those who did not write can wait."""
    ada, bob = await given.a_user(), await given.a_user()
    post = await given.a_post(by=ada)
    tokens = [await a_reader(store, given, user) for user in (ada, bob)]
    await servers.catch_up()
    on = global_id("Post", post.id)
    urls = [replica.url for replica in servers.replicas]

    async with (
        an_instance(servers.primary.url, replicas=urls, replica_lag_seconds=1) as one,
        an_instance(servers.primary.url, replicas=urls, replica_lag_seconds=1) as other,
        paused(*servers.replicas),
    ):
        assert (
            "comment"
            in (await one.ask(COMMENT, tokens[0], on=on, body="Mine.")).body["data"]["addComment"]
        )
        written_at = monotonic()
        own = [await each.ask(COMMENTS, tokens[0], on=on) for each in (one, other) * 4]
        of_others = [await other.ask(COMMENTS, each, on=on) for each in (tokens[1], None)]

        async def reads_replicas() -> bool:
            return bodies(await other.ask(COMMENTS, tokens[0], on=on)) == []

        await until(reads_replicas)
        after_seconds = monotonic() - written_at

    assert [bodies(answer) for answer in own] == [["Mine."]] * 8
    assert [bodies(answer) for answer in of_others] == [[], []]
    assert 0.9 < after_seconds < 2


async def test_accounts_are_what_the_primary_says_at_once(
    servers: Servers, instance: Instance
) -> None:
    """The first request of who just signed up or in, and the first after signing out."""
    ada = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}

    async with (
        paused(*servers.replicas),
        an_instance(servers.primary.url, replicas=[servers.one.url]) as other,
    ):
        signed_up = (await instance.ask(SIGN_UP, input=ada)).data["signUp"]
        first = await other.ask(VIEWER, signed_up["token"])
        signing_in = {"login": "ada", "password": PASSWORD}
        token = (await other.ask(SIGN_IN, input=signing_in)).data["signIn"]["token"]
        second = await instance.ask(VIEWER, token)
        await instance.ask("mutation { signOut }", token)
        gone = await other.ask(VIEWER, token)

    assert first.data == second.data == {"viewer": {"username": "ada"}}
    assert gone.status == 401


async def test_a_document_goes_on_as_who_signed_in(
    servers: Servers, instance: Instance, given: Given
) -> None:
    """And what they wrote in it is theirs to read in their next request."""
    await given.a_user(username="ada", password=PASSWORD)
    document = """mutation ($input: SignInInput!) {
      signIn(input: $input) { ... on SignInPayload { token } }
      createPost(input: {title: "New", body: "Body.", tags: ["new"], publish: true}) {
        ... on CreatePostPayload { post { title author { username } tags { name } } } } }"""

    async with paused(*servers.replicas):
        credentials = {"login": "ada", "password": PASSWORD}
        wrote = (await instance.ask(document, input=credentials)).data
        public, own = [
            await instance.ask(TITLES, token) for token in (None, wrote["signIn"]["token"])
        ]

    assert wrote["createPost"]["post"] == {
        "title": "New",
        "author": {"username": "ada"},
        "tags": [{"name": "new"}],
    }
    assert titles(public) == []
    assert titles(own) == ["New"]


async def test_replicas_cost_a_mutation_one_statement_and_a_query_none(
    servers: Servers, instance: Instance, store: Database, given: Given
) -> None:
    """The note that a session wrote, which its next requests are read by."""
    ada = await given.a_user()
    post, token = await given.a_post(by=ada), await a_reader(store, given, ada)
    await servers.catch_up()
    on = global_id("Post", post.id)
    sent: list[list[int]] = []

    async with an_instance(servers.primary.url) as alone:
        for each in (alone, instance):
            with recorded() as asked:
                await asyncio.gather(*(each.ask(TITLES) for _ in range(4)))  # which connects
                for query, variables in ((FEED, {}), (COMMENT, {"on": on, "body": "Now."})):
                    asked.clear()
                    assert (await each.ask(query, token, **variables)).data
                    sent.append([len(asked.of(*some)) for some in (servers[:1], servers[1:])])
                notes = [each for each in asked.of(*servers) if "last_write_at=" in each]

    feed, comment, feed_with_replicas, comment_with_replicas = sent
    assert (feed, feed_with_replicas) == ([5, 0], [1, 4])
    assert comment_with_replicas == [comment[0] + 1, 0]
    assert len(notes) == 1
