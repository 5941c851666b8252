"""Where the log goes, and how much of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from uvicorn.config import LOGGING_CONFIG


def log_config(level: str) -> dict[str, Any]:
    """Configure logging for every worker: uvicorn's way, with our own loggers beside its."""
    config = deepcopy(LOGGING_CONFIG)
    config["loggers"]["inkwell"] = {"handlers": ["default"], "propagate": False}
    for logger in config["loggers"].values():
        logger["level"] = level.upper()
    return config
