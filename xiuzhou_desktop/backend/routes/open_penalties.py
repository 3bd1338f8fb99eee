"""The public list of penalty decisions: no login, a limited pace, cached by who stands between."""

import asyncio
import time
from collections.abc import Callable

from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.open_penalties import OpenPenalties

PAGE = 100
PER_MINUTE = 60  # requests of one address
ADDRESSES = 10_000  # remembered at once; a flood from more starts again from nothing
CACHE_S = 60


class Pace:
    """Requests an address, minute by minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute = -1
        self._counts: dict[str, int] = {}

    def admit(self, address: str) -> bool:
        """Count one request; False beyond the limit."""
        minute = int(self._clock() // 60)
        if minute != self._minute or len(self._counts) > ADDRESSES:
            self._minute, self._counts = minute, {}
        self._counts[address] = self._counts.get(address, 0) + 1
        return self._counts[address] <= PER_MINUTE


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    pace = Pace()

    async def penalties(call: Call) -> Reply:
        client = call.request.client
        if not pace.admit(client.host if client else ""):
            raise ProblemError("too-many-requests")
        after, limit = call.query("after", ""), call.number("limit", PAGE, most=PAGE)
        now = parts.clock.now()
        page = await asyncio.to_thread(parts.own_feed.page, now, after, limit)
        cached = {"Cache-Control": f"public, max-age={CACHE_S}"}
        return Reply(body=encode_body(page), headers=cached)

    return (
        Operation(
            method="GET", path="/open/penalties", name="open_penalties", is_open=True,
            gives=OpenPenalties, run=penalties, problems=("bad-parameter", "too-many-requests"),
            about="Published penalty decisions of which the district is master, masked.",
            query=(
                Parameter(
                    name="after", about="decision number of the last page's end",
                    schema={"type": "string"},
                ),
                Parameter(
                    name="limit", about="decisions a page",
                    schema={"type": "integer", "minimum": 1, "maximum": PAGE},
                ),
            ),
        ),
    )  # fmt: skip
