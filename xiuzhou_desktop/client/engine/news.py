"""News in batches: what moved is gathered, and told at most a few times a second (architecture.md
rule 6).
"""

import asyncio
from collections.abc import Callable, Iterable

from xiuzhou_desktop.client.views import AccessEnded, Changed, Lease, LinkState, OutboxSummary
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

BATCH_S = 0.2  # five batches a second are enough for an eye
Observer = Callable[[Changed], None]


class Subscription:
    """One observer; whoever opened it closes it."""

    def __init__(self, observers: dict[object, Observer]) -> None:
        self._observers = observers

    def close(self) -> None:
        """No more news."""
        self._observers.pop(self, None)


class News:
    """Gathers and tells, on the engine's loop."""

    def __init__(self, link: Callable[[], LinkState], summary: Callable[[], OutboxSummary]) -> None:
        self._link = link
        self._summary = summary
        self._observers: dict[object, Observer] = {}
        self._kinds: set[Kind] = set()
        self._records: set[RecordId] = set()
        self._leases: dict[RecordId, Lease] = {}
        self._defects: list[str] = []
        self._is_wholesale = False
        self._ended: AccessEnded | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._told_at_s = -BATCH_S
        self.last_summary = OutboxSummary(
            pending=0, refused=0, expired=0, parked=0, oldest_age_s=None, delivered_today=0
        )

    def observe(self, on_changed: Observer) -> Subscription:
        """From now on."""
        subscription = Subscription(self._observers)
        self._observers[subscription] = on_changed
        self._plan()
        return subscription

    def moved(self, kinds: Iterable[Kind] = (), records: Iterable[RecordId] = ()) -> None:
        """These kinds and records; without any: link or outbox."""
        self._kinds.update(kinds)
        self._records.update(records)
        self._plan()

    def all_moved(self) -> None:
        """A resync."""
        self._is_wholesale = True
        self._plan()

    def lease(self, lease: Lease) -> None:
        """Who holds a claim."""
        self._leases[lease.record] = lease
        self._plan()

    def defect(self, slug: str) -> None:
        """Something that this program must never reach; the log has the trace."""
        self._defects.append(slug)
        self._plan()

    def access_ended(self, told: AccessEnded) -> None:
        """This profile goes; every later batch says so, too."""
        self._ended = told
        self._plan()

    def _plan(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait_s = max(0.0, self._told_at_s + BATCH_S - loop.time())
            self._timer = loop.call_later(wait_s, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self._told_at_s = asyncio.get_running_loop().time()
        self.last_summary = self._summary()
        batch = Changed(
            kinds=frozenset(self._kinds), records=frozenset(self._records),
            is_wholesale=self._is_wholesale, link=self._link(), outbox=self.last_summary,
            leases=tuple(self._leases.values()), defects=tuple(self._defects),
            ended=self._ended,
        )  # fmt: skip
        self._kinds, self._records, self._leases = set(), set(), {}
        self._defects, self._is_wholesale = [], False
        for on_changed in tuple(self._observers.values()):
            on_changed(batch)
