"""Short questions that wait at the same time share one snapshot.

    who is this? ─┐
    who is this? ─┼─► BEGIN · one answer after the other · COMMIT
    what is new?  ─┘

A look at a session is one statement between four that begin and end it; in a peak most of them wait
for a reader anyway. Each was asked before its snapshot begins, so it sees all that was committed
before it was asked. One that fails costs itself: the others are answered from a snapshot of their
own.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import AbstractContextManager, suppress
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

TURNS = 2  # at once; fewer readers find more that wait
MOST = 16  # in one snapshot, so that none becomes old


class _Asked(Generic[T]):
    """One question, and where its answer is awaited."""

    def __init__(self, job: Callable[[Connection], T]) -> None:
        self._job = job
        self.told = Future[T]()

    def answer(self, connection: Connection) -> None:
        """Raises DBAPIError: then nothing more can be asked of this snapshot."""
        if not self.told.set_running_or_notify_cancel():
            return
        try:
            self.told.set_result(self._job(connection))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - a worker's top: who asked is told
            self.told.set_exception(error)

    def fail(self, error: Exception) -> None:
        """There is no answer."""
        with suppress(InvalidStateError):  # who asked went away, perhaps this very moment
            self.told.set_exception(error)


class Together:
    """Takes questions on the event loop, answers them on the readers' threads."""

    def __init__(
        self, snapshot: Callable[[], AbstractContextManager[Connection]], readers: Executor
    ) -> None:
        self._snapshot, self._readers = snapshot, readers
        self._lock = threading.Lock()  # over the two below
        self._waiting = deque[_Asked[Any]]()
        self._turns = 0

    async def ask(self, job: Callable[[Connection], T]) -> T:
        """A job of a few rows by index. Raises what it raises, and UnavailableError."""
        asked = _Asked(job)
        with self._lock:
            self._waiting.append(asked)
            is_needed = self._turns < TURNS
            self._turns += is_needed
        if is_needed:
            self._readers.submit(self._turn)
        return await asyncio.wrap_future(asked.told)

    def _turn(self) -> None:
        """Until nothing waits."""
        while some := self._some():
            while some:
                self._share(some)

    def _some(self) -> deque[_Asked[Any]]:
        with self._lock:
            some = deque(self._waiting.popleft() for _ in range(min(MOST, len(self._waiting))))
            self._turns -= not some
            return some

    def _share(self, some: deque[_Asked[Any]]) -> None:
        """Answer them, up to one that fails; all fail where there is no snapshot to be had."""
        is_open = False
        try:
            with self._snapshot() as connection:
                is_open = True
                while some:
                    some[0].answer(connection)
                    some.popleft()
        except Exception as error:  # noqa: BLE001 - a worker's top: who asked is told
            for one in tuple(some)[: 1 if is_open else None]:
                some.popleft()
                one.fail(error)
