"""Several statements of one transaction travel to PostgreSQL together.

    lock ┐                    insert ┐
    read ┴─► one way there,   insert │
             one back         COMMIT ┴─► one way there, one back

What gives no rows is not waited for: it goes with the next statement that does, at the latest with
the end of the transaction, and so does its failure. The server carries them out one after the
other, each with a snapshot of its own: what is read behind the commit lock is read after it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event, text

from xiuzhou_desktop.backend.store.prepared import Prepared, wrapped

PIPELINE = "pipeline"  # in a connection's `info`, as long as it is open


def make_way(engine: Engine) -> None:
    """SQLAlchemy's own statements look at once at what came of them: they end the pipeline."""
    event.listen(engine, "before_cursor_execute", lambda connection, *_: _end(connection))


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """The rest of this transaction, and its commit. Raises DBAPIError."""
    driver: Any = connection.connection.driver_connection
    with ExitStack() as pipeline:
        try:
            pipeline.enter_context(driver.pipeline())
        except psycopg.Error as error:  # a connection that broke since it was asked
            raise wrapped(connection, "a pipeline", error) from error
        connection.info[PIPELINE] = pipeline
        try:
            yield
            _COMMIT.run(connection, {})
            _end(connection)
        finally:
            connection.info.pop(PIPELINE, None)


def _end(connection: Connection) -> None:
    """Wait for all that is under way."""
    pipeline: ExitStack | None = connection.info.pop(PIPELINE, None)
    if pipeline is None:
        return
    try:
        pipeline.close()
    except psycopg.Error as error:
        raise wrapped(connection, "a pipeline", error) from error


_COMMIT = Prepared(text("COMMIT"))
