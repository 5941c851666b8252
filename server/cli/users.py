"""Users and their sessions, as an operator looks after them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.table import Column, Table
from rich.text import Text

import domain
from persistence import Database
from server.cli.console import check_revision, fail, on_database, out, read_settings
from server.passwords import Argon2Passwords
from server.rate_limits import RateLimits

T = TypeVar("T")

MAX_OFFSET = 2**31 - 1
BY_USERNAME = domain.Order(domain.UserOrderField.USERNAME, descending=False)

commands = typer.Typer(help="Look after users and their sessions.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A username, in any case.")]


@commands.command()
def promote(
    name: Name,
    role: Annotated[
        domain.Role, typer.Option(case_sensitive=False, help="What they may do from now on.")
    ],
) -> None:
    """Give a user a role, be it a higher one or a lower."""
    before = on_tables(lambda work: give_role(work, name, role))
    if before.role is role:
        out.print(f"{before.username} is {role.value} already.")
    else:
        out.print(f"{before.username} was {before.role.value}, and is {role.value} now.")


@commands.command(name="list")
def list_users(
    role: Annotated[
        domain.Role | None, typer.Option(case_sensitive=False, help="Only those who have it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    offset: Annotated[
        int, typer.Option(min=0, max=MAX_OFFSET, help="How many to leave out first.")
    ] = 0,
) -> None:
    """List users by username."""
    with_role = domain.UserFilter(role=role)
    request = domain.PageRequest(size=limit, order=BY_USERNAME, filter=with_role, offset=offset)
    page, total = on_tables(lambda work: read_users(work, request))
    cells = (
        (user.username, user.display_name, user.role.value, user.email, minute(user.created_at))
        for user in page.items
    )
    show(cells, "Username", "Name", "Role", "Email", "Joined")
    if page.more:
        seen = offset + limit
        out.print(f"{total - seen:,} more: --offset {seen}")


@commands.command()
def sessions(
    name: Name,
    *,
    end: Annotated[bool, typer.Option("--end", help="End all of them instead.")] = False,
) -> None:
    """List where a user is signed in, or sign them out everywhere."""
    if end:
        ended = on_tables(lambda work: end_sessions(work, name))
        out.print(f"Sessions ended: {ended}")
        return
    found = on_tables(lambda work: find_sessions(work, name))
    if not found:
        out.print("There are no sessions.")
        return
    cells = (
        (
            str(session.id),
            minute(session.created_at),
            minute(session.last_seen_at),
            minute(session.expires_at),
            session.user_agent or "",
        )
        for session in found
    )
    show(cells, "Id", "Created", "Last seen", "Expires", "Device")


@commands.command()
def password(name: Name) -> None:
    """Ask for a new password for a user, and sign them out everywhere."""
    settings = read_settings()
    on_tables(lambda work: find_user(work, name))  # before anybody types in vain
    new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    with Argon2Passwords() as passwords:
        accounts = domain.Accounts(
            passwords=passwords,
            limits=RateLimits(settings.attempt_limits),
            session_lifetime=settings.session_lifetime,
        )
        ended = on_tables(lambda work: set_password(work, accounts, name, new))
    out.print(f"The password is set. Sessions ended: {ended}")


async def give_role(work: domain.UnitOfWork, name: str, role: domain.Role) -> domain.User:
    """Change a user's role, and return the user as they were."""
    found = await find_user(work, name)

    async def write() -> domain.User:
        user = await work.users.get_for_update(found.id)
        if user.role is not role:
            await work.users.update(replace(user, role=role))
        return user

    return await work.transaction(write)


async def read_users(
    work: domain.UnitOfWork, request: domain.PageRequest[domain.UserFilter]
) -> tuple[domain.Page[domain.User], int]:
    """Read a page of users, and count them all."""
    return await work.users.page(request), await work.users.count(request.filter)


async def find_sessions(work: domain.UnitOfWork, name: str) -> Sequence[domain.Session]:
    """Return where a user is signed in, newest first."""
    user = await find_user(work, name)
    return await work.sessions.get_many_by_user(user.id, at=datetime.now(UTC))


async def end_sessions(work: domain.UnitOfWork, name: str) -> int:
    """Sign a user out everywhere, and count where."""
    user = await find_user(work, name)
    return await work.transaction(lambda: work.sessions.delete_by_user(user.id))


async def set_password(
    work: domain.UnitOfWork, accounts: domain.Accounts, name: str, password: str
) -> int:
    """Give a user another password, and count the sessions that it ended."""
    user = await find_user(work, name)
    return await accounts.set_password(work, user.id, password)


async def find_user(work: domain.UnitOfWork, name: str) -> domain.User:
    """Return the user of that name, or end with a line that there is none."""
    found = await work.users.get_many_by_username([domain.fold(name)])
    user = found.get(domain.fold(name))
    if user is None:
        fail(f"There is no user named {domain.printable(name)}.")
    return user


def on_tables(work: Callable[[domain.UnitOfWork], Awaitable[T]]) -> T:
    """Do some work on the store, or end with a line about why it can't be done."""

    async def within_a_unit(database: Database) -> T:
        with database.answering():
            async with database.unit_of_work() as unit:
                return await work(unit)

    settings = read_settings()
    check_revision(settings)
    try:
        return on_database(settings, within_a_unit)
    except domain.DomainError as error:
        fail(str(error))


def show(rows: Iterable[Iterable[str]], *columns: str) -> None:
    """Print a table; what is too long for its column goes on in the next line."""
    table = Table(*(Column(column, overflow="fold") for column in columns))
    for cells in rows:
        table.add_row(*(Text(domain.printable(cell)) for cell in cells))
    out.print(table)


def minute(moment: datetime) -> str:
    """Write a moment as far as people care, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"
