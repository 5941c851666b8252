"""`python -m server`: the commands.

As process 1 of a container it would not even notice a signal that nothing is listening to.
"""

import sys
from signal import SIGINT, SIGTERM, default_int_handler, raise_signal, signal

TERMINATED = 143  # as shells say it of a SIGTERM

signal(SIGTERM, lambda *_: sys.exit(TERMINATED))
from server.cli import commands  # noqa: E402 (which takes a second)

signal(SIGINT, default_int_handler)  # which shells have what runs in their background ignore
signal(SIGTERM, lambda *_: raise_signal(SIGINT))
commands(prog_name="python -m server")
