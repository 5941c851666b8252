"""What a server logs while it is measured: nothing but answers that are right."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.errors import BenchFailed
from bench.servers import Server

RIGHT = (b'"level":"INFO"', b'"status":200,', b'"error_codes":[]')
SHOWN = 5


@dataclass(slots=True)
class Log:
    """The part of a server's log that nobody has read yet."""

    server: Server
    _read: int = field(init=False)

    def __post_init__(self) -> None:
        self._read = self.server.log.stat().st_size

    def check(self) -> None:
        """Read on; raises `BenchFailed` for a line that is more than a request answered right."""
        with self.server.log.open("rb") as log:
            log.seek(self._read)
            wrong = [line.decode() for line in log if not is_right(line)]
            self._read = log.tell()
        if wrong:
            raise BenchFailed("A server complains.\n" + "".join(wrong[:SHOWN]))


def is_right(line: bytes) -> bool:
    """Tell whether a line says that a request was answered without an error."""
    return all(part in line for part in RIGHT)
