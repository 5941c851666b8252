"""How long things may take, as the operator's settings and the databases have it."""

from __future__ import annotations

import pytest

from persistence.mysql import set_up
from persistence.options import EngineOptions


@pytest.mark.parametrize(
    ("statement_seconds", "lock_seconds"), [(None, None), (5, 2), (4, 2), (1, 0.5)]
)
def test_a_lock_is_waited_for_less_than_a_statement_may_run(
    statement_seconds: float | None, lock_seconds: float | None
) -> None:
    """Or the statement would be cut as too slow, and the transaction not be run anew."""
    options = EngineOptions(statement_timeout_seconds=statement_seconds)

    assert options.lock_timeout_seconds == lock_seconds


def test_mysql_and_mariadb_are_set_up_by_one_statement() -> None:
    """Each reads its own half; MySQL counts in milliseconds, and locks in whole seconds."""
    options = EngineOptions(statement_timeout_seconds=1.5)

    assert set_up(options) == (
        "SET SESSION /*!80000 transaction_isolation = 'READ-COMMITTED', "
        "max_execution_time = 1500, innodb_lock_wait_timeout = 1 */ "
        "/*M!100000 tx_isolation = 'READ-COMMITTED', "
        "max_statement_time = 1.5, innodb_lock_wait_timeout = 1 */"
    )


def test_without_a_limit_a_session_is_left_as_the_server_has_it() -> None:
    """Commands, such as a migration, take as long as they take."""
    assert "time" not in set_up(EngineOptions()).replace("transaction", "")
