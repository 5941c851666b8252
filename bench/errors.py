"""Why a benchmark ends early."""


class BenchFailed(Exception):
    """Something that a benchmark takes is missing or broke; the message says what to do."""
