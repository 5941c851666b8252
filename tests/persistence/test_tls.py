"""Connections to servers that are encrypted, and to the right one, if the URL says so."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

import domain
from persistence import Database, DatabaseUnreachable, EngineOptions
from persistence.tls import context_for
from tests.servers import MariaDB, MySQL, PostgreSQL
from tests.servers.system import give_to_nobody

pytestmark = pytest.mark.slow  # servers are started for each

Kind: TypeAlias = type[PostgreSQL | MySQL]

QUICK_SECONDS = 10  # which is long after the limit of a statement
KINDS = pytest.mark.parametrize("kind", [PostgreSQL, MySQL])
FILES = {PostgreSQL: ("server.crt", "server.key"), MySQL: ("server-cert.pem", "server-key.pem")}
IS_ENCRYPTED = {
    PostgreSQL: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    MySQL: "SELECT variable_value <> '' FROM performance_schema.session_status"
    " WHERE variable_name = 'Ssl_cipher'",
}


async def certified(server: PostgreSQL | MySQL, host: str) -> bytes:
    """Give a server a certificate for a host, signed by nobody but itself, and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    hosts = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    contents = signed.public_bytes(pem), private
    for file, content in zip(FILES[type(server)], contents, strict=True):
        path = server.data / file
        path.write_bytes(content)
        path.chmod(0o600)
        give_to_nobody(path)
    if isinstance(server, PostgreSQL):
        await server.sql("ALTER SYSTEM SET ssl = on")
    await server.restart()
    return signed.public_bytes(pem)


async def is_encrypted(kind: Kind, url: str) -> bool:
    """Connect, and ask the server."""
    async with Database.connect(url) as database, database.reading() as connection:
        return bool(await connection.scalar(text(IS_ENCRYPTED[kind])))


@KINDS
async def test_a_connection_is_as_its_url_asks(kind: Kind, tmp_path: Path) -> None:
    """Encrypted or not; and with nobody in between, if it is known who signs."""
    trusted = tmp_path / "trusted.pem"
    async with kind() as server:
        trusted.write_bytes(await certified(server, "127.0.0.1"))

        assert await is_encrypted(kind, f"{server.url}?ssl=require")
        assert await is_encrypted(kind, f"{server.url}?ssl=verify-full&ssl_ca={trusted}")
        assert not await is_encrypted(kind, f"{server.url}?ssl=disable")
        with pytest.raises(DatabaseUnreachable, match=r"CERTIFICATE_VERIFY_FAILED.* self-signed"):
            await ping(f"{server.url}?ssl=verify-full")


@KINDS
async def test_a_certificate_of_another_is_refused(kind: Kind, tmp_path: Path) -> None:
    """Whoever has signed it."""
    trusted = tmp_path / "trusted.pem"
    async with kind() as server:
        trusted.write_bytes(await certified(server, "127.0.0.2"))

        with pytest.raises(DatabaseUnreachable, match=r"not valid for '127\.0\.0\.1'"):
            await ping(f"{server.url}?ssl=verify-full&ssl_ca={trusted}")


@pytest.mark.parametrize(
    ("kind", "told"), [(PostgreSQL, "rejected SSL upgrade"), (MariaDB, "The server has no TLS")]
)
async def test_nothing_is_sent_in_the_clear_to_a_server_without(
    kind: type[PostgreSQL | MariaDB], told: str
) -> None:
    """Or to somebody who stands between, and says that it has none."""
    async with kind() as server, Database.connect(f"{server.url}?ssl=require") as database:
        with pytest.raises(DatabaseUnreachable, match=told):
            await database.ping()

        assert [each.answers for each in database.servers()] == [False]


@KINDS
async def test_a_silent_server_is_left_as_soon_as_without(kind: Kind, tmp_path: Path) -> None:
    """It says no goodbye, which a connection that is encrypted would wait for."""
    options = EngineOptions(statement_timeout_seconds=1)
    async with kind() as server:
        (tmp_path / "trusted.pem").write_bytes(await certified(server, "127.0.0.1"))
        async with Database.connect(f"{server.url}?ssl=require", options) as database:
            await database.ping()
            server.freeze()
            began_at = monotonic()
            async with database.unit_of_work() as work:
                with pytest.raises((domain.TookTooLong, domain.Unavailable)):
                    await work.users.get_many_by_username(["ada"])
            seconds = monotonic() - began_at
            server.thaw()

    assert seconds < QUICK_SECONDS


def test_certificates_need_not_be_strict() -> None:
    """Those that MySQL makes for itself lack an extension that Python 3.13 looks for."""
    context = context_for("verify-full", None)

    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED


async def ping(url: str) -> None:
    """Connect, or raise `DatabaseUnreachable`."""
    async with Database.connect(url) as database:
        await database.ping()
