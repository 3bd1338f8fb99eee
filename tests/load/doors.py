"""The way to two processes as a load balancer gives it: a request that one of them does not answer
goes to the other, and stays there.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tests.load.tally import Tally, is_unanswered
from xiuzhou_desktop.client.errors import ClientError

DoorT = TypeVar("DoorT")
AnswerT = TypeVar("AnswerT")


class Doors(Generic[DoorT]):
    """Clients of the two, of which one is in use."""

    def __init__(self, here: DoorT, there: DoorT, tally: Tally) -> None:
        self._two = [here, there]
        self._tally = tally

    @property
    def now(self) -> DoorT:
        """The one in use."""
        return self._two[0]

    def cross(self, shut: DoorT, why: ClientError) -> None:
        """Use the other one, unless another who found this one shut has gone over already."""
        if self.now is shut:
            self._two.reverse()
            self._tally.crossed[why.slug] += 1

    async def ask(self, call: Callable[[DoorT], Awaitable[AnswerT]]) -> AnswerT:
        """Ask one, then the other. Raises ClientError."""
        door = self.now
        try:
            return await call(door)
        except ClientError as error:
            if not is_unanswered(error):
                raise
            self.cross(door, error)
        return await call(self.now)
