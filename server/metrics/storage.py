"""Where the metrics of several workers are kept, so that any process can read those of all.

Each worker writes files of its own in a directory that the first process makes, mapped into its
memory. A worker that takes the place of one that died goes on with the files of that place: what
was counted stays counted, and there are no more files for it.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import current_process, parent_process
from tempfile import TemporaryDirectory
from typing import Any

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # in which prometheus_client looks for it


class NowhereToShare(Exception):
    """No directory can be made that workers could share; the message says what would help."""


@contextmanager
def sharing() -> Generator[CollectorRegistry]:
    """Have workers that are started in a block share their metrics, and read those of all.

    Raises `NowhereToShare`.
    """
    try:
        directory = TemporaryDirectory(prefix="inkwell-metrics-")
    except OSError as error:
        raise NowhereToShare(
            "Metrics of several WORKERS take a directory that can be written, "
            f"such as a tmpfs on /tmp, or another that TMPDIR names: {error}"
        ) from error
    before = os.environ.get(DIRECTORY)
    with directory as path:
        os.environ[DIRECTORY] = path
        try:
            yield of_all_workers(path)
        finally:
            os.environ.pop(DIRECTORY)
            if before is not None:
                os.environ[DIRECTORY] = before


def choose_storage() -> None:
    """Keep what is measured from now on in the shared directory, or in memory if alone."""
    library: Any = values  # which is how it is documented for those who name processes themselves
    if shared_directory() is None:
        library.ValueClass = library.MutexValue
    else:
        name = current_process().name
        library.ValueClass = library.MultiProcessValue(lambda: name)


def readable(registry: CollectorRegistry) -> CollectorRegistry:
    """Return what has the metrics of all workers, which is the process's own if it is alone."""
    directory = shared_directory()
    return registry if directory is None else of_all_workers(directory)


def forget_worker(name: str) -> None:
    """Forget the present state of a worker that has ended, but nothing that it counted."""
    if DIRECTORY in os.environ:
        mark_process_dead(name)  # type: ignore[no-untyped-call] # it has no types


def shared_directory() -> str | None:
    """Find the directory that this worker shares with others, if it does."""
    return None if parent_process() is None else os.environ.get(DIRECTORY)


def of_all_workers(directory: str) -> CollectorRegistry:
    """Return what has the metrics of all who write to a directory."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, directory)  # type: ignore[no-untyped-call] # it has no types
    return registry
