"""Prometheus, which scrapes what it is told to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient, HTTPError

from tests.servers import binaries
from tests.servers.process import ServerProcess
from tests.servers.system import give_to_nobody

INTERVAL = "1s"


class Prometheus(ServerProcess):
    """One that scrapes this machine: `async with Prometheus(9464, rules=alerts) as prometheus:`."""

    def __init__(self, *ports: int, rules: Path) -> None:
        """Take rules of alerts, and call the ports' job `inkwell`; raises `MissingServer`."""
        super().__init__()
        self.program = binaries.of_prometheus("prometheus")
        self._targets = [f"127.0.0.1:{port}" for port in ports]
        self._rules = rules

    async def ask(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its API; raises `HTTPStatusError` if there is none."""
        async with AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            answer = await client.get(f"/api/v1/{path}", params=parameters)
        return answer.raise_for_status().json()["data"]

    async def value_of(self, expression: str) -> list[Any]:
        """The series of an expression, as they are now."""
        found: list[Any] = (await self.ask("query", query=expression))["result"]
        return found

    async def _prepare(self) -> None:
        rules, data = self.directory / "rules.yaml", self.directory / "data"
        shutil.copyfile(self._rules, rules)
        data.mkdir()
        self._file.write_text(  # as all JSON is YAML
            json.dumps(
                {
                    "global": {"scrape_interval": INTERVAL, "evaluation_interval": INTERVAL},
                    "rule_files": [str(rules)],
                    "scrape_configs": [
                        {"job_name": "inkwell", "static_configs": [{"targets": self._targets}]}
                    ],
                }
            )
        )
        for each in (rules, data, self._file):
            give_to_nobody(each)

    def _command(self) -> list[str]:
        return [
            str(self.program),
            f"--config.file={self._file}",
            f"--storage.tsdb.path={self.directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ]

    async def _answers(self) -> bool:
        try:
            await self.ask("query", query="1")
        except HTTPError:  # nobody listens, or it still begins
            return False
        return True

    async def _welcome(self) -> None:
        """Nothing is needed but the file."""

    @property
    def _file(self) -> Path:
        return self.directory / "prometheus.yml"
