"""`python -m server`: the commands.

As process 1 of a container it would not even notice a signal that nothing is listening to.
"""

import os
from signal import SIGINT, SIGTERM, default_int_handler, raise_signal, signal

for each in (SIGINT, SIGTERM):
    signal(each, lambda number, _: os._exit(128 + number))  # as shells say it; nothing is begun
from server.cli import commands  # noqa: E402 (which takes a second)

signal(SIGINT, default_int_handler)  # which shells have what runs in their background ignore
signal(SIGTERM, lambda *_: raise_signal(SIGINT))
commands(prog_name="python -m server")
