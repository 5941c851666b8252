"""The port of its own, and what may be sent there."""

from __future__ import annotations

import socket
from collections.abc import Generator
from pathlib import Path

import pytest
from httpx2 import Client
from prometheus_client import CollectorRegistry, Gauge

from server.metrics import CannotListen, port, port_open
from tests.server.cli.operators import run
from tests.servers.system import free_port

SECONDS = 10


@pytest.fixture
def registry() -> CollectorRegistry:
    """One metric."""
    registry = CollectorRegistry()
    Gauge("answer", "What it is.", registry=registry).set(42)
    return registry


@pytest.fixture
def number(registry: CollectorRegistry) -> Generator[int]:
    """A port that is open."""
    number = free_port()
    with port_open("127.0.0.1", number, registry):
        yield number


def test_metrics_are_at_their_path_and_nowhere_else(number: int) -> None:
    """To whoever may reach the port, by whatever name."""
    with Client(base_url=f"http://127.0.0.1:{number}") as client:
        answers = [
            client.get("/metrics", headers={"host": "a.example"}),
            client.get("/metrics?x=1", headers={"accept": "nonsense"}),
            client.get("/"),
            client.post("/metrics", content=b"x" * 10_000),
            client.delete("/metrics"),
        ]

    assert [each.status_code for each in answers] == [200, 200, 404, 405, 405]
    assert answers[0].text.endswith("answer 42.0\n")
    assert answers[0].headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("nonsense", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"A" * 70_000 + b"\r\n"])
def test_what_is_no_http_ends_its_connection_and_no_other(number: int, nonsense: bytes) -> None:
    """Others are answered meanwhile and afterwards."""
    with socket.create_connection(("127.0.0.1", number), SECONDS) as sender:
        sender.sendall(nonsense)
        answered = sender.recv(100)
    with Client() as client:
        answer = client.get(f"http://127.0.0.1:{number}/metrics")

    assert b"200 OK" not in answered
    assert answer.status_code == 200


def test_who_says_nothing_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, registry: CollectorRegistry
) -> None:
    """And is not waited for without end."""
    monkeypatch.setattr(port.Handler, "timeout", 0.1)
    number = free_port()

    with (
        port_open("127.0.0.1", number, registry),
        socket.create_connection(("127.0.0.1", number), SECONDS) as silent,
        Client() as client,
    ):
        answer = client.get(f"http://127.0.0.1:{number}/metrics")
        rest = silent.recv(1)

    assert answer.status_code == 200
    assert rest == b""


def test_it_may_be_an_address_of_ipv6(registry: CollectorRegistry) -> None:
    """`HOST` may be one."""
    number = free_port()

    with port_open("::1", number, registry), Client() as client:
        answer = client.get(f"http://[::1]:{number}/metrics")

    assert answer.status_code == 200


def test_the_port_is_free_again_in_the_end(registry: CollectorRegistry) -> None:
    """For the next start."""
    number = free_port()

    for _ in range(2):
        with port_open("127.0.0.1", number, registry), Client() as client:
            answer = client.get(f"http://127.0.0.1:{number}/metrics")

    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid", "192.0.2.1"])
def test_where_it_can_not_listen_it_says_so(
    registry: CollectorRegistry, number: int, host: str
) -> None:
    """At a port that is taken, or an address that is not this machine's."""
    with (
        pytest.raises(CannotListen, match=rf"METRICS_PORT: {host}:{number} can't be listened on"),
        port_open(host, number, registry),
    ):
        pass


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database with its tables, and no `.env`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/inkwell.db")
    monkeypatch.setenv("PORT", str(free_port()))
    assert run("migrate").exit_code == 0


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_whose_metrics_have_no_port_does_not_start(
    monkeypatch: pytest.MonkeyPatch, number: int, workers: str
) -> None:
    """It says which setting it is, in a line."""
    monkeypatch.setenv("METRICS_PORT", str(number))
    monkeypatch.setenv("WORKERS", workers)

    result = run("serve")

    assert result.exit_code == 1
    assert f"METRICS_PORT: 127.0.0.1:{number} can't be listened on: " in result.output


@pytest.mark.usefixtures("migrated")
def test_workers_that_can_not_share_metrics_do_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The image's file system is read-only: without a tmpfs, metrics would be one worker's."""
    monkeypatch.setenv("METRICS", "on")
    monkeypatch.setenv("WORKERS", "2")
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")

    result = run("serve")

    assert result.exit_code == 1
    assert "take a directory that can be written, such as a tmpfs on /tmp" in result.output
