"""Fixtures: the image, which is built once."""

from __future__ import annotations

import tomllib
from time import monotonic

import pytest

from tests.image.bases import find_base
from tests.image.engines import EngineFailed, find_engine, missing
from tests.image.images import Image
from tests.server.processes import ROOT

TAG = "localhost/inkwell-test"


@pytest.fixture(scope="session")
def version() -> str:
    """The version of this checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


@pytest.fixture(scope="session")
def image() -> Image:
    """The image of this checkout, if there is an engine that runs it."""
    engine = find_engine()
    base = find_base(engine)
    try:
        engine.in_container(base, "python", "--version")
    except EngineFailed as error:
        raise missing(f"no container runs here: {error}") from error
    began = monotonic()
    engine.build(TAG, base)
    print(f"\n{engine.program} built the image on {base} in {monotonic() - began:.0f} s")
    return Image(engine, TAG, base)
