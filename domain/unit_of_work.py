"""One request's view of the store."""

from collections.abc import Awaitable, Callable
from typing import Protocol, Self, TypeVar

from domain.access import Viewer
from domain.comments import CommentRepository
from domain.posts import PostRepository
from domain.sessions import SessionRepository
from domain.tags import TagRepository
from domain.users import UserRepository

T = TypeVar("T")

HEAVY = frozenset(
    {
        "Comment.body",
        "Comment.created_at",
        "Comment.updated_at",
        "Post.body",
        "Post.created_at",
        "Post.published_at",
        "Post.updated_at",
        "Tag.created_at",
        "User.bio",
        "User.created_at",
        "User.updated_at",
    }
)
"""What takes longest to read of an entity, and need not be read with the rest of it: long texts,
and moments, which drivers make of numbers."""


class UnitOfWork(Protocol):
    """Every repository, over one session and for one viewer."""

    @property
    def viewer(self) -> Viewer: ...

    @property
    def users(self) -> UserRepository: ...

    @property
    def sessions(self) -> SessionRepository: ...

    @property
    def posts(self) -> PostRepository: ...

    @property
    def comments(self) -> CommentRepository: ...

    @property
    def tags(self) -> TagRepository: ...

    def seen_by(self, viewer: Viewer) -> Self:
        """Look at the same store, over the same session, as somebody else."""

    def reading(self, heavy: frozenset[str]) -> Self:
        """Look at the same store, over the same session, without what is `HEAVY` but for these.

        An entity that was read without one of them lacks the attribute, and to get it raises
        `AttributeError`. What is read to be updated, and what a write returns, has all of them.
        """

    def read_latest(self) -> None:
        """Read no copies from now on, which may lack what was written last."""

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Commit what `write` wrote and return its result, or roll all back if it raises.

        It is run anew if the store took it back for the sake of others, so it may
        not do what can't be done twice. Raises `Busy` if that happens too often.
        There is none within another. Raises `OutcomeUnknown` if the store was lost
        while it saved.
        """

    async def release(self) -> None:
        """Hold nothing of the store's until the next read or write, while other work is done."""
