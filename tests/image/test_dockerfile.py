"""What the Dockerfile says that others say as well."""

from __future__ import annotations

import re

from tests.image.bases import OFFICIAL
from tests.server.processes import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_its_version_is_that_of_the_project(version: str) -> None:
    """A release changes both."""
    assert re.findall(r"^ARG VERSION=(.*)$", DOCKERFILE, re.MULTILINE) == [version]


def test_it_is_tested_on_its_own_base() -> None:
    """Where a registry has it, so that nobody tests another image than the one that is built."""
    assert re.findall(r"^ARG BASE=(.*)$", DOCKERFILE, re.MULTILINE) == [OFFICIAL]
