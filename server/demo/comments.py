"""The comments of the demo: threads under what has been published, few of them long."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, cycle
from random import Random

from persistence.bulk import Row
from server.demo.moments import soon_after
from server.demo.posts import History, histories
from server.demo.replies import ADDITIONS, ANSWERS, REMARKS
from server.demo.sizes import Sizes
from server.demo.titles import subject_at
from server.demo.users import members_by, username
from server.demo.words import SUBJECTS, fill_in

HOURS = (1, 6, 24, 72, 600)  # some read at once, some find a post much later
SHARE_BY_AUTHOR = 0.1
SHARE_OF_ANSWERS = 0.3
SHARE_WITH_ADDITION = 0.4
SHARE_EDITED = 0.05


def comments(sizes: Sizes) -> Iterator[Row]:
    """Make the rows of all comments, thread by thread."""
    rng = Random("comments")
    ids = count(1)
    told = zip(histories(sizes), thread_lengths(sizes), strict=True)
    for index, (history, length) in enumerate(told):
        subject = SUBJECTS[subject_at(index, sizes)]
        for comment in _thread(rng, history, length, subject, sizes):
            yield {"id": next(ids), "post_id": index + 1, **comment}


def thread_lengths(sizes: Sizes) -> Iterator[int]:
    """Share all comments out among the posts: many get a few, a few get many, drafts none."""
    rng = Random("thread lengths")
    weights = [
        1 + int(1_000 * rng.lognormvariate(0, 1.5)) if history.published_at else 0
        for history in histories(sizes)
    ]
    given, weight_so_far, weight_of_all = 0, 0, sum(weights)
    for weight in weights:
        weight_so_far += weight
        due = sizes.comments * weight_so_far // weight_of_all
        yield due - given
        given = due


def _thread(
    rng: Random, history: History, length: int, subject: str, sizes: Sizes
) -> Iterator[Row]:
    remarks = cycle(rng.sample(REMARKS, min(length, len(REMARKS))))
    previous_id = history.author_id
    for created_at in _moments(rng, history, length):
        author_id = _author_id(rng, history, created_at, sizes)
        body = _body(rng, next(remarks), None if author_id == previous_id else previous_id)
        edited = rng.random() < SHARE_EDITED
        yield {
            "author_id": author_id,
            "body": fill_in(body, subject),
            "created_at": created_at,
            "updated_at": soon_after(rng, created_at, hours=1) if edited else None,
        }
        previous_id = author_id


def _moments(rng: Random, history: History, length: int) -> list[datetime]:
    if history.published_at is None:
        return []
    start = history.published_at
    return sorted(soon_after(rng, start, hours=rng.choice(HOURS)) for _ in range(length))


def _author_id(rng: Random, history: History, moment: datetime, sizes: Sizes) -> int:
    if rng.random() < SHARE_BY_AUTHOR:
        return history.author_id
    return int(members_by(moment, sizes) * rng.random() ** 1.5) + 1


def _body(rng: Random, remark: str, previous_id: int | None) -> str:
    """Answer the one before, or the post."""
    if previous_id and rng.random() < SHARE_OF_ANSWERS:
        return f"@{username(previous_id - 1)}: {rng.choice(ANSWERS)}"
    return f"{remark} {rng.choice(ADDITIONS)}" if rng.random() < SHARE_WITH_ADDITION else remark
