"""Somebody who types commands."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from server.cli import commands


def run(*arguments: str, typed: str | None = None, **variables: str) -> Result:
    """Run a command to its end, with answers to what it asks, and variables beside the others."""
    return CliRunner(env=variables).invoke(commands, arguments, input=typed)
