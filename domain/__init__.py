"""What the product is about: entities, rules and the ports to storage.

Imports nothing but the standard library. Outer layers write `import domain`
and say `domain.Post`, so a bare `Post` always belongs to the layer being read.
"""

from domain.access import PostScope, SignedIn, Viewer, sees_email, visible_posts
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
from domain.text import is_keepable
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
    "PostScope",
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
    "is_keepable",
    "sees_email",
    "visible_posts",
]
