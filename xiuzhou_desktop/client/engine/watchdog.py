"""The watchdog's eyes: reads the signs of this engine, and remembers which refusals a person has
had in front of him (`seen.json` in the profile: ids only).
"""

import shutil
from pathlib import Path

import msgspec

from xiuzhou_desktop.client.key import write_private
from xiuzhou_desktop.client.sync.entry import BAD, Entry
from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.client.watch import Concern, Signs, watch
from xiuzhou_desktop.domain.custody import CustodyBody, custody_over
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.domain.writing import body_of

from .link import LinkKeeper
from .outbox_desk import OutboxDesk
from .spine import Spine

SEEN = "seen.json"


class Watchdog:
    """On the engine's loop."""

    def __init__(self, spine: Spine, link: LinkKeeper, desk: OutboxDesk) -> None:
        self._spine = spine
        self._link = link
        self._desk = desk
        self._path = spine.profile.folder / SEEN
        self._seen = _read(self._path)

    def concerns(self) -> tuple[Concern, ...]:
        """What hinders the work now, alarms first; empty where all is well."""
        return watch(self._signs())

    def see(self) -> None:
        """A person has the outbox in front of him."""
        refused = frozenset(entry.id for entry in self._refused())
        if refused != self._seen:
            self._seen = refused
            write_private(self._path, msgspec.json.encode(sorted(refused)))

    # -- parts ----------------------------------------------------------------------------------

    def _signs(self) -> Signs:
        summary, state = self._desk.summary(), self._link.state
        refused = self._refused()
        failing = [e.attempts for e in self._spine.outbox.pending() if e.failing_since]
        return Signs(
            is_online=self._link.is_up,
            oldest_pending_s=summary.oldest_age_s,
            pending=summary.pending,
            worst_attempts=max(failing, default=0),
            attention=sum(entry.status is OutboxStatus.ATTENTION for entry in refused),
            retry_in_s=self._link.retry_in_s,
            skew_ms=state.clock_offset_ms,
            free=shutil.disk_usage(self._spine.profile.folder).free,
            refused_unseen=sum(entry.id not in self._seen for entry in refused),
            kept_until=self._kept_until(),
        )

    def _kept_until(self) -> str | None:
        """When the hub hands back the town of whoever works here, if it keeps it; with the date
        where that is another day.
        """
        rules, now = self._spine.rules(), self._spine.clock.now()
        held = custody_over(rules.actor, rules.custodies, now)
        if held is None:
            return None
        until = body_of(held, CustodyBody).until.astimezone(LOCAL)
        is_today = until.date() == now.astimezone(LOCAL).date()
        return f"{until:%H:%M}" if is_today else f"{until:%m-%d %H:%M}"

    def _refused(self) -> list[Entry]:
        return [entry for entry in self._spine.outbox if entry.status in BAD]


def _read(path: Path) -> frozenset[CommandId]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=frozenset[CommandId])
    except (FileNotFoundError, msgspec.MsgspecError):
        return frozenset()
