"""The image of this checkout, and containers of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.image.engines import HARDENED, Engine
from tests.server.processes import Deployed, deployed


@dataclass(frozen=True, slots=True)
class Container:
    """A container that serves."""

    server: Deployed
    engine: Engine
    name: str

    def runs(self, *command: str) -> str:
        """Run a program in it, or else raise `EngineFailed`."""
        return self.engine.run("exec", self.name, *command)


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was built, and on what."""

    engine: Engine
    tag: str
    base: str

    def config(self) -> dict[str, Any]:
        """What it says of itself, in the words of Docker's API."""
        [told] = json.loads(self.engine.run("image", "inspect", self.tag))
        config: dict[str, Any] = told["Config"]
        config.setdefault("Healthcheck", told.get("Healthcheck"))  # where Podman has it
        return config

    def does(self, *command: str, **settings: Any) -> str:
        """Have the server do one of its commands, or else raise `EngineFailed`."""
        given = [f"--env={name.upper()}={value}" for name, value in settings.items()]
        return self.engine.run("run", "--rm", *HARDENED, *given, self.tag, *command)

    def runs(self, *command: str) -> str:
        """Run any program of the image, or else raise `EngineFailed`."""
        return self.engine.in_container(self.tag, *command)

    @asynccontextmanager
    async def serving(self, directory: Path, **settings: Any) -> AsyncGenerator[Container]:
        """Serve by a container, in front of which stands a client who passes signals on to it."""
        name = f"inkwell-test-{secrets.token_hex(6)}"
        taken = [f"--env={variable.upper()}" for variable in (*settings, "port")]
        command = [self.engine.program, "run", f"--name={name}", *HARDENED, *taken, self.tag]
        try:
            async with deployed(directory, command=command, **settings) as server:
                yield Container(server, self.engine, name)
        finally:
            self.engine.remove(name)
