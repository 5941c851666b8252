"""TLS to a database's server, as its URL asks for it.

The parameters are the same for each kind of server: `ssl=require` encrypts, and `ssl=verify-full`
looks as well if the server's certificate is of its name, and signed by somebody whom this machine
trusts, or whom the file trusts that `ssl_ca` names. The words are PostgreSQL's.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import URL

MODES = ("disable", "require", "verify-full")
PARAMETERS = ("ssl", "ssl_ca")
OF_TLS = ("ssl", "tls")


def check_parameters(url: str) -> None:
    """Raise `ValueError` for parameters of TLS that are none, or that would count for nothing."""
    given = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    of_tls = [(name, value) for name, value in given if name.lower().startswith(OF_TLS)]
    values = dict(of_tls)
    if not values:
        return
    if not values.keys() <= {*PARAMETERS} or len(values) < len(of_tls) or url.startswith("sqlite"):
        raise ValueError("for TLS it takes ssl=require or ssl=verify-full, once, and ssl_ca")
    if values.get("ssl") not in MODES:
        raise ValueError(f"its ssl must be one of {', '.join(MODES)}")
    if "ssl_ca" in values:
        if values["ssl"] != "verify-full":
            raise ValueError("its ssl_ca takes ssl=verify-full")
        context_for("verify-full", values["ssl_ca"])


def arguments_of(url: URL) -> dict[str, Any]:
    """Make a driver's arguments of the parameters of a URL that was checked, if it has them."""
    mode, trusted = (url.normalized_query.get(each, (None,))[0] for each in PARAMETERS)
    if mode is None:
        return {}
    return {"ssl": False if mode == "disable" else context_for(mode, trusted)}


def context_for(mode: str, trusted: str | None) -> ssl.SSLContext:
    """Trust what a file has, or else what the machine does; raises `ValueError` for no file."""
    if trusted is not None and not Path(trusted).is_file():
        raise ValueError("its ssl_ca is no file")
    try:
        context = ssl.create_default_context(cafile=trusted)
    except OSError as error:
        raise ValueError(f"its ssl_ca can't be read: {error.strerror or error}") from None
    # Python 3.13 sets it, and refuses the certificates that MySQL makes for itself.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
