"""Server-sent events as text, for as long as their reader may hear them."""

import time

from xiuzhou_desktop.backend.operation import Call
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.wire import encode_body

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
        self._call, self._grants = call, person.grants
        self._looked_s = time.monotonic()

    async def stands(self) -> bool:
        """Whether the next event may go out."""
        if time.monotonic() - self._looked_s < LOOK_EVERY_S:
            return True
        self._looked_s = time.monotonic()
        try:
            person = await self._call.person()
        except ProblemError:
            return False
        return person.grants == self._grants
