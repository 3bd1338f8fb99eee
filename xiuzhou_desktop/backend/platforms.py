"""How the link to each of the six platforms is, measured by what comes from there.

    a request, an open stream ─► heard, in memory; every KEEP_EVERY_S written down for other
                                 processes and the next start
    a device's flag ───────────► a record: asked at each reading

A person is of every platform where he holds a role. Nobody at work there looks like a broken cable:
both mean that nobody answers, which is what the hub must know.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.store import platform_links
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.platforms import DEVICES_LOOK_BACK, Link, PlatformLink, Platforms
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.canonical import whole_ms
from xiuzhou_desktop.domain.ids import Scope

KEEP_EVERY_S = 15.0
ONLINE_WITHIN = timedelta(seconds=60)  # real time: a workstation without a stream asks oftener
DEVICES_WITHIN = timedelta(minutes=30)


class PlatformWatch:
    """What one process has heard; the rest is in the database."""

    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock
        self._heard: dict[Scope, datetime] = {}

    def heard(self, person: Person) -> None:
        """A workstation of this person asked something, or listens."""
        for _, scope in person.assignments:
            self.heard_from(scope)

    def heard_from(self, scope: Scope) -> None:
        """Somebody there is at work."""
        self._heard[scope] = whole_ms(self._clock.now())

    def keep(self, connection: Connection, listening: Iterable[Person]) -> None:
        """Write down what was heard; those with an open stream are heard now."""
        for person in listening:
            self.heard(person)
        platform_links.keep(connection, dict(self._heard))

    def read(self, connection: Connection, listening: Iterable[Person]) -> Platforms:
        """All six, as they are now."""
        for person in listening:
            self.heard(person)
        now, kept = self._clock.now(), platform_links.workstations(connection)
        brought_in = platform_links.devices(connection, now - DEVICES_LOOK_BACK)
        found = []
        for scope in SCOPES:
            heard = [at for at in (kept.get(scope), self._heard.get(scope)) if at is not None]
            found.append(self._link(scope, max(heard, default=None), brought_in.get(scope)))
        return Platforms(platforms=tuple(found))

    def _link(
        self, scope: Scope, heard_at: datetime | None, device_at: datetime | None
    ) -> PlatformLink:
        quiet = Link.DEGRADED if self._is_fresh(device_at, DEVICES_WITHIN) else Link.OFFLINE
        link = Link.ONLINE if self._is_fresh(heard_at, ONLINE_WITHIN) else quiet
        return PlatformLink(scope=scope, link=link, heard_at=heard_at, device_at=device_at)

    def _is_fresh(self, at: datetime | None, within: timedelta) -> bool:
        return at is not None and self._clock.now() - at <= within * self._clock.rate
