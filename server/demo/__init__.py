"""Something to look at: the same demo content in any database, in any size."""

from server.demo.seeding import DatabaseNotEmpty, Progress, seed
from server.demo.sizes import Sizes
from server.demo.users import PASSWORD, USERS_TO_TRY

__all__ = ["PASSWORD", "USERS_TO_TRY", "DatabaseNotEmpty", "Progress", "Sizes", "seed"]
