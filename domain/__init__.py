"""What the product is about: entities, rules and the ports to storage.

Imports nothing but the standard library. Outer layers write `import domain`
and say `domain.Post`, so a bare `Post` always belongs to the layer being read.
"""

from domain.access import SignedIn, Viewer, sees_all_posts, sees_email
from domain.comments import Comment, CommentId, CommentOrderField, CommentRepository, NewComment
from domain.errors import (
    AlreadyTaken,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotFound,
    VersionConflict,
)
from domain.pagination import Cursor, Listed, Order, OrderField, Page, PageRequest, SortValue
from domain.posts import (
    ArchiveMonth,
    NewPost,
    Post,
    PostFilter,
    PostId,
    PostOrderField,
    PostRepository,
    PostStatus,
)
from domain.tags import NewTag, Tag, TagId, TagOrderField, TagRepository
from domain.unit_of_work import UnitOfWork
from domain.users import (
    NewUser,
    Role,
    User,
    UserFilter,
    UserId,
    UserOrderField,
    UserRepository,
    fold,
)

__all__ = [
    "AlreadyTaken",
    "ArchiveMonth",
    "Comment",
    "CommentId",
    "CommentOrderField",
    "CommentRepository",
    "Cursor",
    "DomainError",
    "FieldProblem",
    "InvalidInput",
    "Listed",
    "NewComment",
    "NewPost",
    "NewTag",
    "NewUser",
    "NotFound",
    "Order",
    "OrderField",
    "Page",
    "PageRequest",
    "Post",
    "PostFilter",
    "PostId",
    "PostOrderField",
    "PostRepository",
    "PostStatus",
    "Role",
    "SignedIn",
    "SortValue",
    "Tag",
    "TagId",
    "TagOrderField",
    "TagRepository",
    "UnitOfWork",
    "User",
    "UserFilter",
    "UserId",
    "UserOrderField",
    "UserRepository",
    "VersionConflict",
    "Viewer",
    "fold",
    "sees_all_posts",
    "sees_email",
]
