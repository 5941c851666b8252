"""`python -m bench.limit`: serve, as the environment says."""

from __future__ import annotations

import os

import uvicorn

if __name__ == "__main__":  # and not in a worker, which imports it
    uvicorn.run(
        "bench.limit.app:app_from_environment",
        factory=True,
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        workers=int(os.environ["WORKERS"]),
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        proxy_headers=False,
    )
