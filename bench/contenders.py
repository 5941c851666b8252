"""The servers that are measured, side by side."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Cores, Server, running
from server.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Contender:
    """A server by name: the module that serves, and what its environment adds."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


CONTENDERS = (
    Contender(LIMIT, ["bench.limit"], {}),
    Contender("inkwell", ["server", "serve"], {}),
    Contender("graphql-core", ["server", "serve"], {"EXECUTION_PLANS": "false"}),
)


@contextmanager
def serving(
    contenders: Sequence[Contender], url: str, *, workers: int, cores: Cores, folder: Path
) -> Generator[Mapping[str, Server]]:
    """Run servers on the same database as in production, with the defaults of all settings."""
    environment = {
        **dict.fromkeys(settings_given(), ""),  # which is the default
        "PYTHONPATH": str(ROOT),
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "WORKERS": str(workers),
        "DRAIN_SECONDS": "0",  # nobody is sent elsewhere
    }
    with ExitStack() as stack:
        servers = {
            each.name: stack.enter_context(
                running(
                    each.arguments,
                    {**environment, **each.environment},
                    cores=cores,
                    log=folder / f"{each.name}.log",
                    folder=folder,  # where there is no `.env`
                )
            )
            for each in contenders
        }
        yield servers


def settings_given() -> list[str]:
    """List the variables of our environment that are settings."""
    return [name for name in os.environ if name.lower() in Settings.model_fields]
