"""Alembic's entry: the store hands over its connection, inside its own transaction."""

from alembic import context

from xiuzhou_desktop.backend.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
