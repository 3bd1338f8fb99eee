"""A stand-in for the provincial portal, with the manners of a real one: it answers "accepted" to
everything and then shows some at once, some late, some twice, some never.

    hand_over ─► kept in DIR/portal.json with the business time from which it is shown

The manner follows from the decision's number, so that the same district meets the same portal.
"""

import os
import zlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.publication.portal import PortalError, Shown
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.publication_body import PublicNotice

FILE = "portal.json"


class Manner(Struct, frozen=True, kw_only=True):
    """When a notice is shown, how often, and whether it is accepted at all."""

    after: timedelta = timedelta(seconds=20)
    times: int = 1
    refusal: str | None = None


MANNERS: tuple[Manner, ...] = (  # by the checksum of the decision's number
    *(Manner(),) * 6,
    Manner(after=timedelta(minutes=10)),
    Manner(times=2),
    Manner(times=0),
    Manner(refusal="接口返回 503：字段“处罚依据”超长"),
)


class StandInPortal:
    """Keeps what it took in a file of its own, as a portal would."""

    def __init__(self, folder: Path, clock: BusinessClock) -> None:
        self._file = folder / FILE
        self._clock = clock
        self._taken: dict[str, Shown] = {}
        if self._file.exists():
            kept = msgspec.json.decode(self._file.read_bytes(), type=tuple[Shown, ...])
            self._taken = {one.receipt: one for one in kept}

    def take(self, shown: Iterable[Shown]) -> None:
        """What it shows already when the demonstration opens."""
        self._taken |= {one.receipt: one for one in shown}
        self._save()

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        """Accepted; whether it is ever shown is another matter. Raises PortalError."""
        manner = MANNERS[zlib.crc32(notice.decision_no.encode()) % len(MANNERS)]
        if manner.refusal is not None:
            raise PortalError(manner.refusal)
        number, at = notice.decision_no, self._clock.now() + manner.after
        for copy in range(manner.times):
            receipt = f"ZW-{zlib.crc32(f'{key}/{copy}'.encode()):08d}"
            self._taken.setdefault(receipt, Shown(decision_no=number, receipt=receipt, at=at))
        self._save()

    def take_down(self, decision_no: str, reason: str) -> None:
        """Gone at once."""
        del reason
        left = {r: one for r, one in self._taken.items() if one.decision_no != decision_no}
        if len(left) < len(self._taken):
            self._taken = left
            self._save()

    def listing(self) -> tuple[Shown, ...]:
        """What it shows by now."""
        now = self._clock.now()
        return tuple(one for one in self._taken.values() if one.at <= now)

    def _save(self) -> None:
        part = self._file.with_suffix(".part")
        part.write_bytes(canonical(tuple(self._taken.values())))
        os.replace(part, self._file)
