"""How every repository writes; the contracts are written on the domain's protocols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ClauseElement, Dialect, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

import domain
from persistence import failures
from persistence.entities import attributes_of
from persistence.inserts import insert_if_it_may_be
from persistence.models import Base
from persistence.reader import EntityT, IdT, Parameters, SqlReader
from persistence.statements import Query


class SqlRepository(SqlReader[IdT, EntityT]):
    """Entities of one kind that are written as well, within a transaction."""

    unique: ClassVar[Sequence[str]] = ()
    """The columns of the constraint that a new row may break, if there is only one."""

    async def delete(self, id: IdT) -> None:
        def build(own: SqlRepository[Any, Any], _: Parameters) -> ClauseElement:
            return delete(own.record).where(own.record.id == bindparam("id"))

        if not await self._session.change(self._query(("delete",), build, {"id": id})):
            raise domain.NotFound(self.kind, id)

    async def _create(
        self,
        values: Mapping[str, Any],
        *parents: tuple[type[Base], domain.NotFound],
        may_break: bool = False,
    ) -> EntityT:
        """Write a new row; raises `AlreadyTaken`, or the `NotFound` of a parent that is missing.

        On PostgreSQL an error would end the transaction. So nothing is written if there is one to
        come; unless it `may_break` more than one constraint, which costs a savepoint.
        """
        keys = {f"parent_{n}": missing.id for n, (_, missing) in enumerate(parents)}
        records = [record for record, _ in parents]

        def build(own: SqlRepository[Any, Any], given: Parameters) -> ClauseElement:
            table = own._table
            new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in values}
            if given.dialect.name != "postgresql":
                return insert(table).values(new)
            if may_break:
                return insert(table).values(new).returning(table.c.id)
            return insert_if_it_may_be(table, new, records, own.unique)

        new = {f"new_{name}": value for name, value in values.items()}
        query = self._query(("create", may_break), build, new | keys)
        try:
            key = await self._session.insert(query, may_break=may_break)
        except IntegrityError as error:
            if failures.is_missing_parent(error):
                await self._check(parents)
            raise self._taken(error) from error
        if key is None:
            await self._check(parents)
            raise domain.AlreadyTaken("_".join(self.unique))
        made = {name: values.get(name) for name in attributes_of(self.entity)}
        entity: EntityT = self.entity(**made | {"id": key})
        return entity

    async def _check(self, parents: Iterable[tuple[type[Base], domain.NotFound]]) -> None:
        """Raise the first error whose record there is not; SQLite does not name the constraint."""
        for record, missing in parents:
            query = Query(("exists", record), partial(select_key, record), {"id": missing.id})
            if not (await self._session.rows(query)).rows:
                raise missing

    async def _replace(self, entity: Any) -> None:
        """Write all of an entity's fields; raises `NotFound`, or `AlreadyTaken`."""
        if not await self._update(entity):
            raise domain.NotFound(self.kind, entity.id)

    async def _update(self, entity: Any, version: int | None = None) -> bool:
        """Write all of an entity's fields; False if none has its key, and is of this version."""
        names = [name for name in attributes_of(self.entity) if name != "id"]

        def build(own: SqlRepository[Any, Any], _: Parameters) -> ClauseElement:
            table = own._table
            statement = update(table).where(table.c.id == bindparam("old_id"))
            if version is not None:
                statement = statement.where(table.c.version == bindparam("old_version"))
            new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
            return statement.values(new)

        values = {f"new_{name}": getattr(entity, name) for name in names}
        values |= {"old_id": entity.id, "old_version": version}
        query = self._query(("update", version is not None), build, values)
        try:
            return bool(await self._session.change(query, may_break=True))
        except IntegrityError as error:
            raise self._taken(error) from error

    def _taken(self, error: IntegrityError) -> Exception:
        """Turn a broken unique constraint into the field that is taken; the index decides races."""
        constraint = failures.violated_unique(error)
        prefix = f"uq_{self.record.__tablename__}_"
        if constraint is None or not constraint.startswith(prefix):
            return error
        return domain.AlreadyTaken(constraint.removeprefix(prefix))


def select_key(record: type[Base], _: Dialect) -> ClauseElement:
    """Look for the key of a record."""
    return select(record.id).where(record.id == bindparam("id"))
