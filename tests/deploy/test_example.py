"""The variables of the example are settings of the server, and its secrets are none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from server.settings import Settings
from tests.deploy.manifests import BASE, EXAMPLE, read, variables

SECRETS = [EXAMPLE / "secret.env", EXAMPLE / "migration-secret.env"]


def strangers(environment: Iterable[str]) -> set[str]:
    """Name the variables that are no settings."""
    known = {name.upper() for name in Settings.model_fields}
    return {name for name in environment if name not in known and not name.startswith("OTEL_")}


def test_all_variables_are_settings(environment: dict[str, str]) -> None:
    """One that is misspelt would be ignored."""
    assert strangers(environment) == set()
    assert strangers({"DRAIN_SECOND", "OTEL_SERVICE_NAME"}) == {"DRAIN_SECOND"}


def test_the_image_says_where_to_listen(environment: dict[str, str], image: dict[str, str]) -> None:
    """And that this is production; the ports of the manifests are for that."""
    assert not environment.keys() & image.keys()


def test_the_settings_are_good_ones(settings: Settings) -> None:
    """A pod would not start with others; what is counted is counted for all pods."""
    assert not settings.in_development
    assert settings.workers == 1
    assert settings.rate_limit_storage_url.get_secret_value().startswith("redis://")


def test_the_example_serves_the_host_of_its_ingress(settings: Settings) -> None:
    """Requests to another one are refused."""
    ingress = read(EXAMPLE / "ingress.yaml")["spec"]
    hosts = [rule["host"] for rule in ingress["rules"]]

    assert settings.hosts == hosts
    assert [host for each in ingress["tls"] for host in each["hosts"]] == hosts


@pytest.mark.parametrize("file", SECRETS, ids=[file.stem for file in SECRETS])
def test_secrets_are_made_up(file: Path) -> None:
    """Their host is nobody's, and their password says so."""
    for value in variables(file).values():
        url = urlsplit(value)
        assert url.password == "change-me"  # noqa: S105 (which is the claim)
        assert (url.hostname or "").endswith(".example")


def test_settings_that_are_no_secrets_have_no_password() -> None:
    """A ConfigMap is read by more people."""
    for folder in (BASE, EXAMPLE):
        assert not [value for value in variables(folder / "config.env").values() if "://" in value]
