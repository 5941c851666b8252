"""The linter says of each revision what would disturb a running server, and nothing else."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from persistence import migrations
from persistence.migrations import squawk
from persistence.migrations.linting import Finding, lint
from persistence.migrations.rules import RULES

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "bad"
down_revision = None
{accepted}

def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""
CONCURRENTLY = "with op.get_context().autocommit_block(): "
NEW_TABLE = 'op.create_table("users", sa.Column("id", sa.Integer))'
ADD = 'op.add_column("users", sa.Column("about", sa.Text(), {}))'
SQL = "op.execute('{}')"

CASES = [
    ("adding-required-column", ADD.format("nullable=False"), ADD.format("nullable=True")),
    (
        "adding-required-column",
        ADD.format("nullable=False"),
        ADD.format("nullable=False, server_default='none'"),
    ),
    (
        "requiring-column",
        'op.alter_column("users", "bio", existing_type=sa.Text(), nullable=False)',
        'op.alter_column("users", "bio", existing_type=sa.Text(), server_default="none")',
    ),
    (
        "dropping-not-null",
        'op.alter_column("users", "bio", existing_type=sa.Text(), nullable=True)',
        'op.alter_column("users", "bio", existing_type=sa.Text(), comment="Told by the user.")',
    ),
    ("dropping-column", 'op.drop_column("users", "bio")', ADD.format("nullable=True")),
    ("dropping-table", 'op.drop_table("users")', f'{NEW_TABLE}; op.drop_table("users")'),
    (
        "dropping-constraint",
        'op.drop_constraint("uq_users_email", "users", type_="unique")',
        f'{NEW_TABLE}; op.drop_constraint("uq_users_email", "users", type_="unique")',
    ),
    (
        "dropping-index",
        'op.drop_index("ix_users_bio", table_name="users")',
        f'{NEW_TABLE}; op.drop_index("ix_users_bio", table_name="users")',
    ),
    (
        "renaming-column",
        'op.alter_column("users", "bio", existing_type=sa.Text(), new_column_name="about")',
        ADD.format("nullable=True"),
    ),
    (
        "renaming-table",
        'op.rename_table("users", "people")',
        'op.create_table("people", sa.Column("id", sa.Integer))',
    ),
    (
        "changing-type",
        'op.alter_column("users", "bio", existing_type=sa.Text(), type_=sa.String(9))',
        ADD.format("nullable=True"),
    ),
    (
        "adding-constraint",
        'op.create_unique_constraint("uq_users_bio", "users", ["bio"])',
        (
            f'{CONCURRENTLY}op.create_index("uq_users_bio", "users", ["bio"], unique=True, '
            "postgresql_concurrently=True)"
        ),
    ),
    (
        "adding-constraint",
        'op.create_foreign_key("fk_users_bio", "users", "posts", ["bio"], ["id"])',
        (
            'op.create_foreign_key("fk_users_bio", "users", "posts", ["bio"], ["id"], '
            "postgresql_not_valid=True)"
        ),
    ),
    (
        "adding-constraint",
        'op.create_check_constraint("long", "users", "id > 9")',
        'op.create_check_constraint("long", "users", "id > 9", postgresql_not_valid=True)',
    ),
    (
        "adding-constraint",
        'op.add_column("users", sa.Column("a", sa.Integer, sa.ForeignKey("posts.id")))',
        'op.add_column("users", sa.Column("a", sa.Integer))',
    ),
    (
        "adding-constraint",
        (
            'op.add_column("users", sa.Column("a", sa.Integer, sa.ForeignKey("posts.id")), '
            "inline_references=True)"
        ),
        'op.add_column("users", sa.Column("a", sa.Integer), inline_references=True)',
    ),
    (
        "building-index",
        'op.create_index("ix_users_bio", "users", ["bio"])',
        (
            f'{CONCURRENTLY}op.create_index("ix_users_bio", "users", ["bio"], '
            "postgresql_concurrently=True)"
        ),
    ),
    (
        "building-index",
        'op.create_index("ix_users_bio", "users", ["bio"])',
        f'{NEW_TABLE}; op.create_index("ix_users_bio", "users", ["bio"])',
    ),
    (
        "changing-rows",
        'op.execute(sa.update(sa.table("users", sa.column("bio", sa.Text))).values(bio="none"))',
        'op.bulk_insert(sa.table("users", sa.column("id", sa.Integer)), [{"id": 1}])',
    ),
    ("changing-rows", SQL.format("DELETE FROM users"), SQL.format("SELECT 1")),
    (
        "unknown-statement",
        SQL.format("CREATE VIEW authors AS SELECT 1"),
        "op.execute(\"SET LOCAL lock_timeout = '2s'\")",
    ),
    (
        "unknown-statement",
        "op.execute(sa.DDL('VACUUM users'))",
        'op.create_table_comment("users", "People.")',
    ),
    (
        "unreadable",
        'op.execute(sa.insert(sa.table("tags", sa.column("name"))).values(name="none"))',
        'op.execute(sa.insert(sa.table("tags", sa.column("name", sa.Text))).values(name="none"))',
    ),
    (
        "unreadable",
        "op.get_bind().exec_driver_sql('SELECT 1')",
        "assert op.get_context().dialect.name in {'postgresql', 'mysql'}",
    ),
]


def written(
    directory: Path, upgrade: str, downgrade: str = "op.execute('SELECT 1')", accepted: str = ""
) -> Path:
    versions = directory / "versions"
    versions.mkdir(exist_ok=True)
    text = REVISION.format(upgrade=upgrade, downgrade=downgrade, accepted=accepted)
    (versions / "bad.py").write_text(text)
    return directory


def findings(directory: Path, upgrade: str, **parts: str) -> list[Finding]:
    return lint(ScriptDirectory(str(written(directory, upgrade, **parts))))


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_rule_is_broken_by_one_and_kept_by_another(
    tmp_path: Path, rule: str, bad: str, good: str
) -> None:
    """Whoever is told what not to do needs a way that the linter lets pass."""
    (tmp_path / "good").mkdir()

    broken = findings(tmp_path, bad)
    kept = findings(tmp_path / "good", good)

    assert rule in {finding.rule for finding in broken}
    assert all(finding.revision == "bad" and finding.statement for finding in broken)
    assert all(finding.advice == RULES[finding.rule] for finding in broken)
    assert rule not in {finding.rule for finding in kept}


@pytest.mark.parametrize(
    ("downgrade", "said"),
    [
        ("pass", "downgrade() does nothing"),
        ("raise NotImplementedError", "downgrade() raises NotImplementedError()"),
        ("pass\n\n\ndel downgrade", "has no attribute 'downgrade'"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(tmp_path: Path, downgrade: str, said: str) -> None:
    """A deploy that goes wrong at night is taken back by whoever is awake."""
    (finding,) = findings(tmp_path, NEW_TABLE, downgrade=downgrade)

    assert finding.rule == "unreversible"
    assert said in finding.statement


def test_what_does_nothing_has_nothing_to_take_back(tmp_path: Path) -> None:
    """A revision that joins two others has two empty functions."""
    assert findings(tmp_path, "pass", downgrade="pass") == []


def test_each_rule_has_a_case() -> None:
    """A rule without one may never have been broken."""
    assert {rule for rule, *_ in CASES} | {"unreversible"} == {*RULES}


def test_a_finding_says_all_in_a_line(tmp_path: Path) -> None:
    """It is read in the log of a build, by somebody who has not read the rules."""
    (finding,) = findings(tmp_path, 'op.drop_column("users", "bio")')

    assert str(finding) == (
        "bad dropping-column: ALTER TABLE users DROP COLUMN bio: The running release reads and "
        "writes this column: drop it one release after the last that names it."
    )


def test_branches_of_one_database_are_judged(tmp_path: Path) -> None:
    """A drop for MySQL alone is one nevertheless."""
    only = 'if op.get_context().dialect.name == "{}": op.drop_column("users", "bio")'

    for name in ("postgresql", "mysql"):
        assert [each.rule for each in findings(tmp_path, only.format(name))] == ["dropping-column"]


def test_batches_are_judged(tmp_path: Path) -> None:
    """Tables that SQLite has to copy are changed in batches, on every database."""
    upgrade = 'with op.batch_alter_table("users") as batch: batch.drop_column("bio")'

    assert [each.rule for each in findings(tmp_path, upgrade)] == ["dropping-column"]


RAW = [
    ("ALTER TABLE users DROP COLUMN bio", "dropping-column"),
    ("ALTER TABLE users\n\tRENAME bio TO about;", "renaming-column"),
    ("CREATE INDEX CONCURRENTLY a ON users (bio)", "ban-concurrent-index-creation-in-transaction"),
    ("CREATE INDX a ON users (bio)", "syntax-error"),
]


@pytest.mark.parametrize(("statement", "rule"), RAW)
def test_sql_of_ones_own_is_read_by_squawk(tmp_path: Path, statement: str, rule: str) -> None:
    """The rules look at Alembic's operations, of which raw SQL is none."""
    found = findings(tmp_path, f"op.execute({statement!r})")

    assert {rule, "unknown-statement"} == {finding.rule for finding in found}
    assert all(finding.statement == " ".join(statement.split()).rstrip(";") for finding in found)


def test_an_accepted_rule_is_left_out(tmp_path: Path) -> None:
    """Somebody has thought about it, and the revision says what they thought."""
    accepted = 'accepted = {"dropping-column": "No release has named it since 1.2."}'

    assert findings(tmp_path, 'op.drop_column("users", "bio")', accepted=accepted) == []


@pytest.mark.parametrize(
    ("accepted", "rule", "said"),
    [
        ('{"dropping-column": ""}', "unreasoned-acceptance", "Say why"),
        ('{"dropping-column": " "}', "unreasoned-acceptance", "Say why"),
        ('{"dropping-column": None}', "unreasoned-acceptance", "Say why"),
        ('{"dropping-column": "?", "dropping-table": "?"}', "needless-acceptance", "Nothing here"),
        ('{"dropping-column": "?", "droping": "?"}', "needless-acceptance", "no such rule"),
        ('{"dropping-column": "?", 1: "?"}', "needless-acceptance", "no such rule"),
        ('["dropping-column"]', "unreasoned-acceptance", "a dict"),
        ("None", "unreasoned-acceptance", "a dict"),
    ],
)
def test_an_acceptance_is_reasoned_and_needed(
    tmp_path: Path, accepted: str, rule: str, said: str
) -> None:
    """One that is copied along would hide what the next revision does."""
    found = findings(tmp_path, 'op.drop_column("users", "bio")', accepted=f"accepted = {accepted}")

    (wrong,) = (finding for finding in found if finding.rule != "dropping-column")
    assert wrong.rule == rule
    assert said in wrong.advice


def test_without_squawk_the_rules_are_kept_nevertheless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a tool of developers; who has none is not told that its acceptances are needless."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    needed_with_it = 'accepted = {"syntax-error": "?", "unknown-statement": "?"}'

    found = findings(tmp_path, 'op.execute("X"); op.drop_table("users")', accepted=needed_with_it)

    assert squawk.program() is None
    assert [finding.rule for finding in found] == ["dropping-table"]


def test_squawk_knows_the_rules_that_are_named(tmp_path: Path) -> None:
    """It refuses a name that it does not know, and ours are those of its pinned release."""
    program = squawk.program()
    assert program is not None

    broken = {rule for rule, _, _ in squawk.complaints(program, ["DROP TABLE users;"])}

    assert broken == {"dropping-table"}
    assert not squawk.EXCLUDED.keys() & squawk.OURS.keys()
    assert {*squawk.OURS.values()} < {*RULES}


def test_a_squawk_that_fails_is_no_clean_bill(tmp_path: Path) -> None:
    """Nothing found and nothing looked at are not the same."""
    failing = tmp_path / "squawk"
    failing.write_text("#!/bin/sh\necho broken >&2\nexit 2\n")
    failing.chmod(0o755)

    with pytest.raises(OSError, match="squawk failed: broken"):
        list(squawk.complaints(str(failing), ["SELECT 1;"]))


def test_the_documentation_names_each_rule() -> None:
    """Who is refused looks it up, and finds no rule that is gone."""
    text = (migrations.ROOT / "docs" / "database.md").read_text()
    (_, section) = text.split("### What a revision may not do\n")
    (_, *rows) = section.split("| --- | --- |")[1].split("\n\n")[0].split("\n")

    named = [rule for row in rows for rule in re.findall("`([a-z-]+)`", row.split("|")[1])]

    assert named == [*RULES]


def test_our_revisions_are_clean() -> None:
    """What they may do is accepted in each, with a reason."""
    scripts = ScriptDirectory.from_config(migrations.configuration())

    assert [str(finding) for finding in lint(scripts)] == []
