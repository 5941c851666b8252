"""Spans on their way to a collector, from real processes, by OpenTelemetry's variables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGTERM
from time import monotonic
from typing import Any

import pytest

from server.spans.collecting import FLUSH_SECONDS
from tests.databases import migrate
from tests.server.processes import ROOT, connected, deployed
from tests.server.sockets import until
from tests.server.spans.collectors import collecting
from tests.servers.system import free_port

pytestmark = pytest.mark.slow  # servers are started for each

READ = "query Read { posts { nodes { title } } }"
QUICK = {"drain_seconds": 0, "otel_bsp_schedule_delay": 50}


@pytest.fixture
async def settings(tmp_path: Path) -> dict[str, Any]:
    """A database with its tables, and spans that leave soon."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'inkwell.db'}"
    await migrate(url)
    return {"database_url": url, **QUICK}


def complaints_in(log: str) -> list[str]:
    """What the log says about exporting."""
    return [line for line in log.splitlines() if "inkwell.spans" in line]


async def test_each_worker_sends_its_spans(tmp_path: Path, settings: dict[str, Any]) -> None:
    """The last ones as it ends, compressed and with a key, as a vendor may want it."""
    with collecting() as collector:
        settings |= {
            "otel_exporter_otlp_endpoint": collector.url,
            "otel_exporter_otlp_headers": "api-key=plainly%20fake",
            "otel_exporter_otlp_compression": "gzip",
            "otel_resource_attributes": "service.name=writing,deployment.environment.name=test",
            "otel_bsp_schedule_delay": 3_600_000,
        }
        async with deployed(tmp_path, workers=2, **settings) as server:
            for _ in range(8):
                async with connected(server.port) as connection:
                    assert (await connection.query(READ)).status == 200
            server.tell(SIGTERM)
            assert await server.exit_code() == 0

    assert collector.names.count("query") == collector.names.count("load Query.posts") == 8
    assert {*collector.paths} == {"/v1/traces"} and {*collector.keys} == {"plainly fake"}
    resource = {
        each.key: each.value.string_value for each in collector.taken[0].resource.attributes
    }
    assert resource["service.name"] == "writing"
    assert resource["deployment.environment.name"] == "test"


async def test_the_variables_may_stand_in_the_file(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    """OpenTelemetry reads no `.env`, and everything else here does; the environment goes before."""
    with collecting() as collector, collecting() as unused:
        (tmp_path / ".env").write_text(
            f"OTEL_EXPORTER_OTLP_ENDPOINT={unused.url}\nOTEL_EXPORTER_OTLP_HEADERS=api-key=a\n"
        )
        settings["otel_exporter_otlp_endpoint"] = collector.url
        async with deployed(tmp_path, **settings) as server, connected(server.port) as connection:
            await connection.query(READ)
            await until(lambda: "query" in collector.names)

    assert collector.keys[0] == "a" and unused.paths == []


async def test_a_collector_that_is_away_is_told_of_once(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    """Not for each batch; requests are answered all the same, and its return is told too."""
    with collecting(status=400) as collector:
        settings["otel_exporter_otlp_endpoint"] = collector.url
        async with deployed(tmp_path, **settings) as server, connected(server.port) as connection:
            for n in range(1, 4):
                assert (await connection.query(READ)).status == 200
                await until(lambda n=n: len(collector.paths) >= n)  # type: ignore[misc] # mypy can't infer it
            collector.status = 200
            await connection.query(READ)
            await until(lambda: "Spans are exported again." in server.log())

            told = complaints_in(server.log())
            assert len(told) == 2, told
            assert "WARNING" in told[0] and "400" in told[0]


@pytest.mark.parametrize("is_listening", [True, False])
async def test_a_collector_that_is_away_does_not_hold_up_the_end(
    tmp_path: Path, settings: dict[str, Any], is_listening: bool
) -> None:
    """Neither one that is silent nor one that is not there; what is lost is told."""
    with collecting(status=None) as collector:
        url = collector.url if is_listening else f"http://127.0.0.1:{free_port()}"
        settings |= {"otel_exporter_otlp_endpoint": url, "otel_bsp_schedule_delay": 3_600_000}
        async with deployed(tmp_path, **settings) as server:
            async with connected(server.port) as connection:
                await connection.query(READ)

            server.tell(SIGINT)
            began_at = monotonic()
            code = await server.exit_code()
            took = monotonic() - began_at

        assert code == 0
        assert FLUSH_SECONDS <= took < FLUSH_SECONDS + 10, server.log()
        assert "The last spans were not taken within 3 seconds." in server.log()


def run(tmp_path: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run some Python in a process of its own, in the product's place."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_off_is_not_loaded(tmp_path: Path) -> None:
    """Neither what makes spans nor our code for it; and the endpoint is the plain one.

    Redis's client loads by itself what counts, if OpenTelemetry is installed.
    """
    code = (
        "import sys, server.cli; from server.app import app_from_environment\n"
        "app = app_from_environment(); print([type(each.app).__name__ for each in app.routes])\n"
        "theirs = ('opentelemetry.sdk.trace', 'opentelemetry.exporter', 'server.spans.')\n"
        "print([each for each in sys.modules if each.startswith(theirs)])"
    )

    ended = run(tmp_path, code, ENVIRONMENT="production", OTEL_SDK_DISABLED="true",
                OTEL_TRACES_EXPORTER="otlp")  # fmt: skip

    routes, modules = ended.stdout.splitlines()
    assert "'GraphQLEndpoint'" in routes and modules == "['server.spans.loading']"


def test_what_is_not_installed_is_told_with_what_installs_it(tmp_path: Path) -> None:
    """In a line that ends `serve`, and not in the traceback of an import."""
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").touch()  # in the place of what is installed here
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from server.cli import commands\n"

    ended = run(tmp_path, code + "commands(['serve'])", OTEL_TRACES_EXPORTER="console")

    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert "pip install --require-hashes --requirement requirements-otel.txt" in ended.stderr
