"""The schema's steps up and down, each inside the caller's one transaction: a step that is cut off
leaves nothing behind, and the next start takes it again.
"""

import logging
from pathlib import Path

from alembic import command as alembic
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from xiuzhou_desktop.backend.store.engine import UnavailableError

log = logging.getLogger(__name__)

STEPS = Path(__file__).parent / "migrations"
NEWEST = "head"


class UnusableError(UnavailableError):
    """The database is there, and is not for this program: a person must decide."""


def upgrade(connection: Connection) -> None:
    """To the newest step. Raises UnusableError for a schema that this program does not know."""
    config = steps_of(connection)
    script = ScriptDirectory.from_config(config)
    found, newest = revision(connection), script.get_current_head()
    if found == newest:
        return
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise UnusableError(
            f"its schema {found} is newer than this program, which knows {newest}:"
            " install the newer program again, or put a backup back"
        )
    log.info("schema changes", extra={"from": found, "to": newest})
    alembic.upgrade(config, NEWEST)


def revision(connection: Connection) -> str | None:
    """The step at which a database stands; None: it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def steps_of(connection: Connection) -> Config:
    """What alembic's commands need for this connection."""
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.attributes["connection"] = connection
    return config
