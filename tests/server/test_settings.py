"""Everything the environment decides, and how it is told."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from server.operations import OperationLimits
from server.settings import Environment, Settings, explain, misspelled, origins

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment, and a folder, without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def written(example: str) -> dict[str, tuple[str, str]]:
    """Each variable's comment and value."""
    lines = example.splitlines()
    variables = {}
    for comment, line in pairwise(lines):
        if "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            variables[name] = (comment.removeprefix("# "), value)
    return variables


def test_the_example_lists_every_setting() -> None:
    """With its description and its default, so that a copy of it changes nothing."""
    settings = {name.upper(): field.description for name, field in Settings.model_fields.items()}

    example = written(EXAMPLE.read_text())
    copied = Settings(_env_file=EXAMPLE)

    assert {name: comment for name, (comment, _) in example.items()} == settings
    assert copied == Settings()


def test_a_name_that_looks_like_a_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is, as an environment is full of names that are none of ours."""
    Path(".env").write_text("DATABASE_ULR=sqlite+aiosqlite:///x.db\nSERVER_DATABASE_URL=x\n")
    monkeypatch.setenv("DB_POOLSIZE", "3")
    for name in ("HOSTNAME", "PORTS", "MY_DATABASE_URL"):
        monkeypatch.setenv(name, "x")

    assert [*misspelled()] == [("DATABASE_ULR", "DATABASE_URL"), ("DB_POOLSIZE", "DB_POOL_SIZE")]


def test_settings_come_from_the_environment_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A deployment overrides what a checkout says; an empty variable says nothing."""
    Path(".env").write_text("PORT=8001\nHOST=0.0.0.0\nENVIRONMENT=production\nUNKNOWN=1\n")
    monkeypatch.setenv("PORT", "8002")
    monkeypatch.setenv("HOST", "")

    settings = Settings()

    assert (settings.port, settings.host) == (8002, "0.0.0.0")  # noqa: S104 (what the file says)
    assert settings.environment is Environment.PRODUCTION


def test_passwords_stay_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings end up in logs and tracebacks."""
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://ada:plainly-fake@127.0.0.1/inkwell")
    monkeypatch.setenv("RATE_LIMIT_STORAGE_URL", "redis://ada:plainly-fake@127.0.0.1:6379/0")

    assert "plainly-fake" not in repr(Settings())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite+aiosqlite:///./inkwell.db", "sqlite+aiosqlite:///./inkwell.db"),
        ("sqlite+aiosqlite:////tmp/x.db", "sqlite+aiosqlite:////tmp/x.db"),
        ("memory://", "memory://"),
        ("", ""),
        ("redis://db:6379/0", "redis://db:6379/0"),
        ("redis://:plainly-fake@db/0", "redis://:***@db/0"),
        ("mysql+aiomysql://ada@db/a?ssl=true", "mysql+aiomysql://ada@db/a?ssl=true"),
        (
            "a://ada:plainly-fake@db/a?Password=plainly-fake&b=1",
            "a://ada:***@db/a?Password=***&b=1",
        ),
        *(
            (f"a://ada:plainly{each}-fake@db/a", "a://ada:***@db/a")
            for each in (",", "/", "#", "?", "@", "[", ":", "=", "&", " ")
        ),
        ("a://b:plainly-fake@c/d, a://e:plainly-fake@f", "a://b:***@c/d,a://e:***@f"),
    ],
)
def test_urls_are_shown_without_their_secrets(url: str, shown: str) -> None:
    """Whatever a password has in it, and as they were where there is none."""
    assert origins.shown(SecretStr(url)) == shown


@pytest.mark.parametrize("proxies", ["*", "127.0.0.1", "10.0.0.0/8, fd00::/8,::1"])
def test_proxies_are_named_by_address_or_network(
    monkeypatch: pytest.MonkeyPatch, proxies: str
) -> None:
    """As uvicorn takes them, which trusts no one for a name that it does not understand."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxies)

    assert Settings().forwarded_allow_ips == proxies


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "70000", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("METRICS", "prometheus", "valid boolean"),
        ("METRICS_PORT", "0", "greater than or equal to 1"),
        ("METRICS_PORT", "65536", "less than or equal to 65535"),
        ("METRICS_PORT", "8000", "should not be PORT"),
        ("METRICS_OPERATIONS", "-1", "greater than or equal to 0"),
        ("METRICS_OPERATIONS", "1001", "less than or equal to 1000"),
        ("LOG_FORMAT", "xml", "'auto', 'json' or 'text'"),
        ("ENVIRONMENT", "staging", "'development' or 'production'"),
        ("DB_POOL_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("DB_CONNECT_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("DB_STATEMENT_TIMEOUT_SECONDS", "0.05", "greater than or equal to 0.1"),
        ("DB_POOLER", "session", "'none' or 'transaction'"),
        ("DATABASE_URL", "postgresql://ada:plainly-fake@127.0.0.1/x", "its driver must be one of"),
        ("DATABASE_URL", "plainly-fake", "not a URL like driver://"),
        ("DATABASE_URL", "mysql+aiomysql://ada:plainly-fake@db:3306", "names no database"),
        ("DATABASE_URL", "mysql+aiomysql://ada:x@plainly-fake@db/inkwell", "percent-encode"),
        ("DATABASE_URL", "postgresql+asyncpg://ada:x@plainly-fake/y@db/inkwell", "%40 is @"),
        ("DATABASE_URL", "postgresql+asyncpg://ada@db/inkwell?sslmode=require", "ssl=require"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?tls=true", "for TLS it takes"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?ssl=require&ssl_key=x", "for TLS"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?ssl=require&ssl=disable", "once"),
        ("DATABASE_URL", "sqlite+aiosqlite:///x.db?ssl=require", "for TLS it takes"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?ssl=true", "its ssl must be one of"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?ssl=", "its ssl must be one of"),
        ("DATABASE_URL", "mysql+aiomysql://ada@db/inkwell?ssl=require&ssl_ca=x", "verify-full"),
        (
            "DATABASE_URL",
            "mysql+aiomysql://ada@db/inkwell?ssl=verify-full&ssl_ca=plainly-fake",
            "its ssl_ca is no file",
        ),
        ("SESSION_DAYS", "0", "greater than or equal to 1"),
        ("SESSION_DAYS", "4000", "less than or equal to 3650"),
        ("SIGN_IN_LIMIT_PER_LOGIN", "ten a day", "such as 10 per 15 minutes"),
        ("SIGN_IN_LIMIT_PER_ADDRESS", "1 per minute, 2 per hour", "should be one limit"),
        ("SIGN_UP_LIMIT_PER_ADDRESS", "0 per hour", "at least 1 attempt"),
        ("RATE_LIMIT_STORAGE_URL", "memcached://plainly-fake", "should be memory://"),
        ("RATE_LIMIT_STORAGE_URL", "redis://:plainly-fake@host:port", "is not a URL like"),
        ("FORWARDED_ALLOW_IPS", "127.0.0.1, proxy", "should be addresses or networks"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.1/8", "should be addresses or networks"),
    ],
)
def test_a_wrong_value_is_named_and_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    """In a line that says which variable and what it takes, and never what it holds."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    (line,) = explain(caught.value).splitlines()
    assert line.startswith(f"{name}: ") and reason in line
    assert "plainly-fake" not in line


@pytest.mark.parametrize(
    ("variable", "field"),
    [
        ("MAX_DOCUMENT_CHARACTERS", "characters"),
        ("MAX_DOCUMENT_TOKENS", "tokens"),
        ("MAX_OPERATIONS", "operations"),
        ("MAX_FRAGMENTS", "fragments"),
        ("MAX_DEPTH", "depth"),
        ("MAX_INTROSPECTION_DEPTH", "introspection_depth"),
        ("MAX_ROOT_FIELDS", "root_fields"),
        ("MAX_MUTATIONS", "mutations"),
        ("MAX_SELECTIONS", "selections"),
        ("MAX_ALIASES", "aliases"),
        ("MAX_DIRECTIVES", "directives"),
        ("MAX_LIST_LENGTH", "list_length"),
        ("MAX_VARIABLES_DEPTH", "variables_depth"),
        ("MAX_OPERATION_COST", "cost"),
        ("MAX_ANSWER_VALUES", "values"),
    ],
)
def test_each_limit_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, variable: str, field: str
) -> None:
    """Of its own, and no other moves with it."""
    monkeypatch.setenv(variable, "99" if "DEPTH" in variable else "123")

    changed, default = Settings().operation_limits, Settings(_env_file=None).operation_limits

    assert {name for name in vars_of(default) if getattr(changed, name) in {99, 123}} == {field}


def vars_of(limits: OperationLimits) -> list[str]:
    return [each.name for each in fields(limits)]


def test_every_limit_has_a_setting() -> None:
    """The test above knows all of them."""
    (mark,) = test_each_limit_is_a_setting.pytestmark  # type: ignore[attr-defined] # pytest's
    assert {field for _, field in mark.args[1]} == {*vars_of(OperationLimits())}


@pytest.mark.parametrize("hosts", ["a.example", "*.example.com, [::1]", "*", "LOCALHOST"])
def test_hosts_are_names(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    """In small letters, as they are compared."""
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)

    assert Settings().hosts == [each.strip().lower() for each in hosts.split(",")]


@pytest.mark.parametrize(
    ("variables", "measures", "port"),
    [
        ({}, False, None),
        ({"METRICS": "on"}, True, None),
        ({"METRICS_PORT": "9000"}, True, 9000),
        ({"METRICS": "on", "METRICS_PORT": "9000"}, True, 9000),
        ({"METRICS": "off", "METRICS_PORT": ""}, False, None),
    ],
)
def test_metrics_are_switched_on_by_either_setting(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], measures: bool, port: int | None
) -> None:
    """Whoever names a port for them wants them."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert (settings.measures, settings.metrics_port) == (measures, port)


def test_in_development_a_host_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own address too, written as in a URL."""
    monkeypatch.setenv("HOST", "FD00::1")

    assert Settings().hosts == ["localhost", "127.0.0.1", "[::1]", "[fd00::1]"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALLOWED_HOSTS", "https://a.example"),
        ("ALLOWED_HOSTS", "a.example:8000"),
        ("ALLOWED_HOSTS", "a.*.example"),
        ("ALLOWED_HOSTS", "a.example b.example"),
        ("CORS_ORIGINS", "a.example"),
        ("CORS_ORIGINS", "https://a.example/"),
        ("CORS_ORIGINS", "https://*.example"),
        ("CORS_ORIGINS", "null"),
        ("MAX_DEPTH", "0"),
        ("MAX_BODY_BYTES", "-1"),
        ("MAX_OPERATION_COST", "many"),
        ("MAX_ANSWER_VALUES", "0"),
        ("OPERATION_TIMEOUT_SECONDS", "0"),
        ("INTROSPECTION", "maybe"),
    ],
)
def test_what_guards_the_server_is_not_misread(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """A name that nobody sends, or an origin that no browser does, would guard nothing."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(ValidationError) as error:
        Settings()

    assert variable in explain(error.value)
