"""Have the database copy to the new column what old code writes to the old one."""

from __future__ import annotations

from alembic import op

START = {
    "postgresql": (
        (
            "CREATE FUNCTION users_copy_bio() RETURNS trigger LANGUAGE plpgsql "
            "AS $$BEGIN NEW.about = NEW.bio; RETURN NEW; END$$"
        ),
        (
            "CREATE TRIGGER users_copy_bio BEFORE INSERT OR UPDATE OF bio ON users FOR EACH ROW "
            "WHEN (NEW.bio IS NOT NULL) EXECUTE FUNCTION users_copy_bio()"
        ),
    ),
    "mysql": (
        (
            "CREATE TRIGGER users_copy_new_bio BEFORE INSERT ON users FOR EACH ROW "
            "SET NEW.about = COALESCE(NEW.bio, NEW.about)"
        ),
        (
            "CREATE TRIGGER users_copy_bio BEFORE UPDATE ON users FOR EACH ROW "
            "SET NEW.about = IF(NEW.bio <=> OLD.bio, NEW.about, COALESCE(NEW.bio, NEW.about))"
        ),
    ),
    "sqlite": (
        (
            "CREATE TRIGGER users_copy_new_bio AFTER INSERT ON users WHEN NEW.bio IS NOT NULL "
            "BEGIN UPDATE users SET about = NEW.bio WHERE id = NEW.id; END"
        ),
        (
            "CREATE TRIGGER users_copy_bio AFTER UPDATE OF bio ON users WHEN NEW.bio IS NOT NULL "
            "BEGIN UPDATE users SET about = NEW.bio WHERE id = NEW.id; END"
        ),
    ),
}
STOP = {
    "postgresql": ("DROP TRIGGER users_copy_bio ON users", "DROP FUNCTION users_copy_bio()"),
    "mysql": ("DROP TRIGGER users_copy_bio", "DROP TRIGGER users_copy_new_bio"),
    "sqlite": ("DROP TRIGGER users_copy_bio", "DROP TRIGGER users_copy_new_bio"),
}


def start() -> None:
    """Begin to copy."""
    for statement in START[op.get_context().dialect.name]:
        op.execute(statement)


def stop() -> None:
    """Copy no more."""
    for statement in STOP[op.get_context().dialect.name]:
        op.execute(statement)
