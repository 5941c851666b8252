"""`python -m server`: the commands."""

from signal import SIGINT, SIGTERM, raise_signal, signal

from server.cli import commands

signal(SIGTERM, lambda *_: raise_signal(SIGINT))  # which process 1 would else not even notice
commands(prog_name="python -m server")
