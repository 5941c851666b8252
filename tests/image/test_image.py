"""What is in the image, and what is not."""

from __future__ import annotations

import pytest

from tests.image.engines import ALONE, EngineFailed
from tests.image.images import Image
from tests.server.processes import ROOT

pytestmark = pytest.mark.image

MAX_MB = 250
MAX_MB_ABOVE_BASE = 120  # whatever the base, which has 100 to 130
TOOLS = ("cc", "gcc", "ld", "make", "node", "npm", "pip", "pip3", "strip")
COMPILED = """
from importlib import import_module
from pathlib import Path
packages = Path("/venv/lib/python3.13/site-packages")
for file in packages.rglob("*.so"):
    *folders, name = file.relative_to(packages).parts
    if "tests" not in folders:
        module = ".".join([*folders, name.partition(".")[0]])
        import_module(module)
        print(module)
"""
TRACES = "import opentelemetry.sdk.trace, opentelemetry.exporter.otlp.proto.http.trace_exporter"


def mb(image: Image, tag: str) -> float:
    """The bytes of all files; engines count by rules of their own."""
    said = image.engine.in_container(tag, "du", "-sxb", "/", options=[*ALONE, "--user=0"])
    return int(said.split()[0]) / 1_000_000


def test_it_is_small(image: Image) -> None:
    """As each node has to fetch it before it serves."""
    base, whole = mb(image, image.base), mb(image, image.tag)

    print(f"\n{whole:.0f} MB, of which {base:.0f} MB are the base's")
    assert whole < MAX_MB
    assert whole - base < MAX_MB_ABOVE_BASE


def test_nothing_builds_in_it(image: Image) -> None:
    """Whoever gets in finds no tools."""
    search = "for tool in " + " ".join(TOOLS) + '; do command -v "$tool"; done; true'

    found = image.runs("sh", "-c", search)

    assert found == ""
    with pytest.raises(EngineFailed, match="No module named pip"):
        image.runs("python", "-m", "pip", "--version")


def test_its_labels_say_what_it_is(image: Image, version: str) -> None:
    """Registries show them, and operators look for the version there."""
    labels = image.config()["Labels"]

    assert labels["org.opencontainers.image.title"] == "Inkwell"
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.version"] == version
    assert labels["org.opencontainers.image.base.name"] == image.base
    assert image.does("--version") == f"{version}\n"


def test_it_is_nobody_in_particular(image: Image) -> None:
    """Clusters that refuse root want a number, and an orchestrator has nothing to guess."""
    config = image.config()

    assert config["User"] == "10001:10001"
    assert config["ExposedPorts"] == {"8000/tcp": {}}
    assert config.get("Volumes") in (None, {})


def test_what_is_compiled_loads(image: Image) -> None:
    """What debuggers need was taken out of it; traces are optional, and in the image."""
    loaded = image.runs("python", "-c", COMPILED).split()

    assert {"asyncpg.protocol.protocol", "uvloop.loop"} <= {*loaded}
    assert image.runs("python", "-c", TRACES) == ""


def test_it_serves_this_schema(image: Image) -> None:
    """Each command of the server is one of the image."""
    assert image.does("schema") == (ROOT / "schema.graphql").read_text()


def test_a_wrong_setting_is_named(image: Image) -> None:
    """In the log of a container that ends at once."""
    with pytest.raises(EngineFailed, match="DATABASE_URL") as refused:
        image.does("serve", database_url="oracle://inkwell")

    assert refused.value.code == 1


def test_a_wrong_command_is_refused(image: Image) -> None:
    """And nothing is served instead."""
    with pytest.raises(EngineFailed, match="No such command 'sevre'") as refused:
        image.does("sevre")

    assert refused.value.code == 2
