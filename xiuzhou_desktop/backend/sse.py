"""Server-sent events as text, for as long as their reader may hear them."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from xiuzhou_desktop.backend.operation import Call
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import UnavailableError
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.wire import encode_body

log = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream"
SIGN_OF_LIFE = b": here\n\n"
LOOK_EVERY_S = 15.0  # how long a stream may outlive a right; one look-up by index


def event(name: str, value: object) -> bytes:
    """One event with a JSON body."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), encode_body(value))


class Admission:
    """The session and the grants under which a stream was opened.

    When they no longer stand the stream ends; the client asks anew, and learns why.
    """

    def __init__(self, call: Call, person: Person) -> None:
        self._call, self._grants, self.person = call, person.grants, person
        self.stands = True  # whether the next event may go out

    async def look(self) -> None:
        """Ask again. Raises UnavailableError."""
        try:
            person = await self._call.person()
        except ProblemError:
            self.stands = False
            return
        self.stands = person.grants == self._grants


class Door:
    """The streams that are open. One after another is asked whether it still stands, all of them
    once in `LOOK_EVERY_S`, so that no event waits for a look-up.
    """

    def __init__(self) -> None:
        self._admitted: deque[Admission] = deque()
        self._round: asyncio.Task[None] | None = None

    @property
    def streams(self) -> int:
        """How many are open."""
        return len(self._admitted)

    def persons(self) -> tuple[Person, ...]:
        """Who listens, once a stream."""
        return tuple(one.person for one in self._admitted)

    @contextmanager
    def admitted(self, call: Call, person: Person) -> Iterator[Admission]:
        """For as long as a stream is open."""
        admission = Admission(call, person)
        self._admitted.append(admission)
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._look_round())
        try:
            yield admission
        finally:
            self._admitted.remove(admission)

    async def look_at_all(self) -> None:
        """Ask every one now: a session was ended. Raises UnavailableError."""
        for admission in tuple(self._admitted):
            await admission.look()

    async def _look_round(self) -> None:
        while self._admitted:
            await asyncio.sleep(LOOK_EVERY_S / len(self._admitted))
            if not self._admitted:
                return
            self._admitted.rotate(-1)
            try:
                await self._admitted[-1].look()
            except UnavailableError:
                log.warning("database not available")
