"""What compose.yaml says, beside what it is about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.settings import Settings
from tests.databases import COMPOSE_URLS
from tests.server.processes import ROOT

TEXT = (ROOT / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("server", "migrate")
DEFAULT = re.compile(r"\$\{\w+:-(.*)\}")
EXAMPLES = re.compile(r"^SERVER_DATABASE_URL=(\S+) ", re.MULTILINE)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment, and a folder, without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings_of(service: str) -> Settings:
    """What a service makes of its settings; raises `ValidationError`."""
    return Settings.model_validate({name.lower(): value for name, value in given(service).items()})


def given(service: str) -> dict[str, str]:
    """The settings of a service, when nobody says otherwise."""
    environment: dict[str, str] = SERVICES[service]["environment"]
    return {name: DEFAULT.sub(r"\1", value) for name, value in environment.items()}


def host_of(url: str) -> str:
    return url.partition("@")[2].partition("/")[0] or url.partition("//")[2]


@pytest.mark.parametrize("service", OURS)
def test_it_sets_what_there_is(service: str) -> None:
    """A setting that is misspelled would be ignored without a word."""
    known = {name.upper() for name in Settings.model_fields}

    assert given(service).keys() <= known
    assert settings_of(service).database_url.get_secret_value() == given(service)["DATABASE_URL"]


@pytest.mark.parametrize("service", OURS)
def test_its_urls_name_its_services(service: str) -> None:
    """There is no other host in its network."""
    hosts = {host_of(value) for name, value in given(service).items() if name.endswith("_URL")}

    assert hosts == {"postgresql", "redis"}


def test_the_server_waits_for_its_tables() -> None:
    """Which wait for whichever database is started."""
    server, migrate = (SERVICES[each]["depends_on"] for each in OURS)

    assert server["migrate"] == {"condition": "service_completed_successfully"}
    assert migrate["postgresql"] == {"condition": "service_healthy"}
    assert migrate["mysql"] == {"condition": "service_healthy", "required": False}
    assert SERVICES["mysql"]["profiles"] == ["mysql"]
    assert all("healthcheck" in SERVICES[each] for each in (*migrate, "redis"))


def test_requests_have_time_to_end() -> None:
    """Before it is killed: the draining, and then what is in flight."""
    settings = settings_of("server")

    seconds = float(SERVICES["server"]["stop_grace_period"].removesuffix("s"))

    assert seconds > settings.drain_seconds + settings.grace_seconds


@pytest.mark.parametrize("service", OURS)
def test_the_image_has_no_rights(service: str) -> None:
    """As the tests of the image run it, so that it is known to work."""
    ours = SERVICES[service]

    assert ours["read_only"] is True
    assert ours["tmpfs"] == ["/tmp"]  # noqa: S108 (in the container)
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]


def test_nothing_listens_to_other_machines() -> None:
    """The passwords are in the repository."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_databases_are_those_of_the_tests() -> None:
    """Which find them without being told where."""
    published = {SERVICES[each]["ports"][0] for each in ("postgresql", "mysql")}

    assert published == {f"{host_of(url)}:{host_of(url).split(':')[1]}" for url in COMPOSE_URLS}


def test_the_page_about_databases_shows_its_services() -> None:
    """With all that matters to who connects, and nothing that is not there."""
    page = (ROOT / "docs" / "database.md").read_text()
    [block] = re.findall(r"```yaml\n(services:.*?)```", page, re.DOTALL)
    shown: dict[str, Any] = yaml.safe_load(block)["services"]

    assert shown.keys() == {"postgresql", "mysql"}
    for name, service in shown.items():
        assert service == {each: SERVICES[name][each] for each in service}


@pytest.mark.parametrize("page", ["compose.yaml", "docs/operations.md"])
def test_mysql_takes_its_place(page: str) -> None:
    """By a variable whose value is a setting, and names the other database."""
    written = (ROOT / page).read_text().replace("# On MySQL: ", "")
    urls = EXAMPLES.findall(written)

    assert [host_of(url) for url in urls] == ["mysql"]
    assert Settings.model_validate({"database_url": urls[0]})
    assert urls[0].rpartition("/")[2] == SERVICES["mysql"]["environment"]["MYSQL_DATABASE"]
