"""`python -m bench`: run a command."""

from bench.commands import commands

commands()
