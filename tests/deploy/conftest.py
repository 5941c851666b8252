"""What the manifests say, by what they are of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.settings import Settings
from tests.deploy.manifests import BASE, EXAMPLE, ROOT, Manifest, read, variables


@pytest.fixture
def deployment() -> Manifest:
    return read(BASE / "deployment.yaml")


@pytest.fixture
def pod(deployment: Manifest) -> Manifest:
    """What the Deployment makes."""
    return dict(deployment["spec"]["template"]["spec"])


@pytest.fixture
def container(pod: Manifest) -> Manifest:
    """The one that serves."""
    (container,) = pod["containers"]
    return dict(container)


@pytest.fixture
def job() -> Manifest:
    return read(BASE / "migration-job.yaml")


@pytest.fixture
def autoscaler() -> Manifest:
    """What the autoscaler goes by."""
    return dict(read(BASE / "horizontal-pod-autoscaler.yaml")["spec"])


@pytest.fixture
def image() -> dict[str, str]:
    """The variables that the image sets."""
    (line,) = re.findall(r"^ENV (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return dict(each.split("=", 1) for each in line.split())


@pytest.fixture
def environment() -> dict[str, str]:
    """All variables that the example sets."""
    return {
        **variables(BASE / "config.env"),
        **variables(EXAMPLE / "config.env"),
        **variables(EXAMPLE / "secret.env"),
        **variables(EXAMPLE / "migration-secret.env"),
    }


@pytest.fixture
def settings(
    image: dict[str, str],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Settings:
    """The settings of a pod of the example."""
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for variable, value in {**image, **environment}.items():
        monkeypatch.setenv(variable, value)
    return Settings()
