"""What the backend asks of others: a source of pictures, a gateway for messages, a demonstration
district.

The demonstration (backend/demo) implements them all; a district in service brings its own adapters.
The backend knows no more of them than this.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.publication.portal import Portal
from xiuzhou_desktop.contract.demo import DemoAccount, DemoAnswer, DemoSay
from xiuzhou_desktop.contract.ingest import IngestAnswer, IngestFlag
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.contract.sync import CommandResult
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.ids import RecordId, Scope


class NoPictureError(Exception):
    """The camera gives none at that time."""


class SeenCamera(Struct, frozen=True, kw_only=True):
    """How a camera is; `since` None: the source does not know how long."""

    health: Health
    since: datetime | None = None


class MediaSource(Protocol):
    """Pictures of cameras. Each call may take long; it does not block the loop. Raises
    NoPictureError.
    """

    async def still(self, camera: Record, at: datetime) -> bytes:
        """A JPEG."""
        ...

    async def clip(self, camera: Record, start: datetime, seconds: int) -> bytes:
        """An MP4."""
        ...

    def live(self, camera: Record) -> AsyncIterator[bytes]:
        """MPEG-TS without end; raises NoPictureError before the first piece."""
        ...

    async def basemap(self) -> bytes:
        """GeoJSON of streets and borders."""
        ...

    def health(self) -> dict[RecordId, SeenCamera]:
        """How each camera is now, for the live lane."""
        ...


class Failure(Struct, frozen=True, kw_only=True):
    """The gateway's no; `cause` is a value of NoticeFailure."""

    cause: str
    detail: str | None = None


class Delivery(Struct, frozen=True, kw_only=True):
    """The gateway's receipt for a message."""

    key: str
    at: datetime
    failure: Failure | None = None


class SmsGateway(Protocol):
    """A provider of text messages. It deduplicates by key (or says that it does not) and can be
    asked about a key later.
    """

    @property
    def deduplicates(self) -> bool:
        """Whether a key that was in doubt may be sent again."""
        ...

    def send(self, key: str, number: str, words: str) -> Failure | None:
        """Hand over one message; None: accepted. Raises ConnectionError when it does not answer."""
        ...

    def knows(self, key: str) -> bool:
        """Whether a message with that key was accepted. Raises ConnectionError."""
        ...

    def receipt(self, key: str, now: datetime) -> Delivery | None:
        """What became of an accepted message, once it is known."""
        ...


class ContactBook(Protocol):
    """Plate or shop → telephone number. Only the backend asks; the purpose is logged; workstations
    never hold a number.
    """

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        """The number, or None where there is none."""
        ...


class FailureSwitch(Protocol):
    """A demonstration's gateway can be made to fail."""

    failing: bool


class DemoHands(Protocol):
    """What a demonstration may do with the running backend: as a device, as a colleague, with clock
    and gateway.
    """

    clock: BusinessClock

    @property
    def sms(self) -> FailureSwitch:
        """The switch of the gateway."""
        ...

    async def ingest(self, source: str, flag: IngestFlag, image: bytes | None) -> IngestAnswer:
        """A flag as a device would send it."""
        ...

    async def execute(self, user: str, command: Command) -> CommandResult:
        """A command as that officer would send it; user `system`: as the backend itself."""
        ...

    def hear(self, town: Scope) -> None:
        """A workstation of that town asks something."""
        ...

    async def record(self, record: RecordId) -> Record | None:
        """A record as it stands."""
        ...

    async def next_deadline(self) -> datetime | None:
        """The next instant at which something is due: a record's limit or a timer."""
        ...


class DemoDistrict(Protocol):
    """The demonstration district; `backend.demo.district.open_demo(settings, store, clock)` gives
    it.
    """

    @property
    def accounts(self) -> tuple[DemoAccount, ...]:
        """Who may sign in, with passwords: everybody on this computer may."""
        ...

    @property
    def media(self) -> MediaSource:
        """Pictures of its cameras."""
        ...

    @property
    def portal(self) -> Portal:
        """Where its decisions are shown to everybody."""
        ...

    @property
    def contacts(self) -> ContactBook:
        """Numbers of its plates and shops."""
        ...

    async def run(self, hands: DemoHands) -> None:
        """The running day: detections come in, second looks get pictures. Ends when cancelled."""
        ...

    async def act(self, say: DemoSay, hands: DemoHands) -> DemoAnswer:
        """What the 演示 bar asks for."""
        ...

    def close(self) -> None:
        """Stop what was started."""
        ...
