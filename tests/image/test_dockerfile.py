"""What the Dockerfile repeats, as labels can't be read from a file."""

from __future__ import annotations

import re

from tests.server.processes import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_its_version_is_that_of_the_project(version: str) -> None:
    """A release changes both."""
    assert re.findall(r"^ARG VERSION=(.*)$", DOCKERFILE, re.MULTILINE) == [version]


def test_its_base_is_the_one_that_is_named() -> None:
    """Scanners look for what is wrong with an image's base by its label."""
    [base] = re.findall(r"^ARG BASE=(.*)$", DOCKERFILE, re.MULTILINE)

    assert f'base.name="docker.io/library/{base}"' in DOCKERFILE
