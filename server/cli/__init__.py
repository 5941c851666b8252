"""The commands an operator has: `python -m server --help`."""

from server.cli.commands import commands

__all__ = ["commands"]
