"""One request's view of the store."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.access import Viewer
from domain.comments import CommentRepository
from domain.posts import PostRepository
from domain.tags import TagRepository
from domain.users import UserRepository


class UnitOfWork(Protocol):
    """Every repository, over one session and for one viewer."""

    @property
    def viewer(self) -> Viewer: ...

    @property
    def users(self) -> UserRepository: ...

    @property
    def posts(self) -> PostRepository: ...

    @property
    def comments(self) -> CommentRepository: ...

    @property
    def tags(self) -> TagRepository: ...

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Commit what the block wrote, or roll all of it back if it raises."""
