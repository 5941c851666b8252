"""`python -m server`: the commands."""

from server.cli import commands

commands(prog_name="python -m server")
