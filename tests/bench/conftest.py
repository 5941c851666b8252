"""A server process that is quickly there."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from bench.bare import ANSWER
from bench.servers import Server, running


@pytest.fixture
def bare(tmp_path: Path) -> Generator[Server]:
    """The app that answers the same to everything."""
    answer = tmp_path / "answer"
    answer.write_bytes(b"[]\n{}")
    environment, log = {ANSWER: str(answer)}, tmp_path / "bare.log"
    with running(["bench.bare"], environment, cores=frozenset(), log=log) as server:
        yield server
