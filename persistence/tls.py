"""TLS to a database's server, as its URL asks for it.

The parameters are the same for each kind of server: `ssl=require` encrypts, and `ssl=verify-full`
looks as well if the server's certificate is of its name, and signed by somebody whom this machine
trusts, or whom the file trusts that `ssl_ca` names. The words are PostgreSQL's.
"""

from __future__ import annotations

import ssl
from typing import Any

from sqlalchemy import URL

MODES = ("disable", "require", "verify-full")
PARAMETERS = ("ssl", "ssl_ca")


def arguments_of(url: URL) -> dict[str, Any]:
    """Make a driver's arguments of a URL's parameters, if it has them; raises `ValueError`."""
    mode, trusted = (url.normalized_query.get(each, (None,))[-1] for each in PARAMETERS)
    if mode is not None and mode not in MODES:
        raise ValueError(f"its ssl must be one of {', '.join(MODES)}")
    if trusted is not None and mode != "verify-full":
        raise ValueError("its ssl_ca takes ssl=verify-full")
    if mode is None:
        return {}
    if mode == "disable":
        return {"ssl": False}
    try:
        context = ssl.create_default_context(cafile=trusted)
    except OSError as error:
        raise ValueError(f"its ssl_ca can't be read: {error.strerror or error}") from None
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}
