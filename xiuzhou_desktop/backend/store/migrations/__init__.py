"""Steps of the server's schema; Alembic runs them when the store opens."""
