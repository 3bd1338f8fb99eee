"""What a panel is given, and nothing else (architecture.md rules 6 and 8, style.md rule 22).

    PanelContext ── engine     records in, commands out; the only door
                 ├─ clock      business time, and the view instant (view_clock.py)
                 ├─ selection  one for all panels of a window (subjects.py)
                 ├─ actions    where a panel registers its keys
                 ├─ text       sentences by key
                 ├─ store      small settings of this panel, kept in the profile
                 └─ media      the one hub of live pictures and clips

Every method of the engine is a coroutine of the caller's own loop; results are immutable values;
nothing blocks.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from xiuzhou_desktop.client.uploads import Uploads, UploadSay
from xiuzhou_desktop.client.views import (
    Changed,
    Draft,
    Lease,
    LinkState,
    Offer,
    OutboxEntry,
    OutboxSummary,
    Page,
    RecordQuery,
    RecordView,
    Remedy,
    Signed,
    Submitted,
)
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.contract.administration import AccountList, AccountSay, Foreseen
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.contract.live import CameraHealth
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.platforms import Platforms
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.contract.sessions import Enrolments, EnrolmentSay, Sessions
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.media import MediaHub
from xiuzhou_desktop.plugin_api.observing import Observation
from xiuzhou_desktop.plugin_api.subjects import Scheme, Selected
from xiuzhou_desktop.plugin_api.view_clock import Clock, View, ViewMode

__all__ = [
    "Action",
    "Actions",
    "Clock",
    "Engine",
    "Observation",
    "PanelContext",
    "PanelStore",
    "Scheme",
    "Selected",
    "Selection",
    "Text",
    "View",
    "ViewMode",
]


class Engine(Protocol):  # noqa: PLR0904 - the one door (architecture.md rule 6)
    """The one façade of the client engine."""

    async def query(self, query: RecordQuery) -> Page: ...

    async def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        """Totals of several queries over the cache, in one go."""

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        """The record's place in the query's order, or None: keeps the selected row under the
        hand."""

    async def find(
        self, words: str, kinds: tuple[Kind, ...], limit: int
    ) -> Mapping[Kind, tuple[RecordView, ...]]:
        """Of each kind the newest records that hold the words: one search over all of them."""

    async def get(self, kind: Kind, record: RecordId) -> RecordView | None:
        """One record; an evicted one is fetched if the server can be reached."""

    async def offers(self, kind: Kind, record: RecordId) -> tuple[Offer, ...]:
        """What may be done with the record now, by this person."""

    async def submit(self, draft: Draft) -> Submitted:
        """Forecast, then save durably. Returns once it is on this computer's disk, whatever the
        network."""

    async def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        """Drop a command before its first send, with its dependants: the ids dropped, empty if it
        was too late."""

    async def outbox(self) -> tuple[OutboxEntry, ...]: ...

    async def resolve(
        self, command: CommandId, remedy: Remedy, args: Mapping[str, Json] | None = None
    ) -> tuple[Submitted, ...]: ...

    async def attach(self, source: bytes | Path, name: str) -> str:
        """Keep a sealed copy of a file durably on this computer, whatever the network; the answer,
        `sha256:…`, is what a draft's arguments name it by. It is sent before the command that
        names it. Raises client.errors.TooLarge, OSError.
        """

    async def uploads(self, said: UploadSay | None = None) -> Uploads:
        """Attached files that the server lacks, after a pause, a resumption or a bandwidth is kept
        if something is said: durably, whatever the network."""

    async def fetch(self, path: str) -> bytes:
        """A blob or still by its path below the server (`/v1/blobs/…`), cached on disk. Raises
        client.errors.Unavailable."""

    async def figures(self, names: tuple[str, ...], **about: str) -> Figures: ...

    async def accounts(self, said: AccountSay | None = None) -> AccountList:
        """Who has an account, after one act on one if something is said. Never kept on this
        computer, and never in the outbox. Raises client.errors.Unavailable, Rejected."""

    async def sessions(self, ended: str | None = None) -> Sessions:
        """Who is signed in where, after one session was ended if it is named. Raises
        client.errors.Unavailable, Rejected."""

    async def enrolments(self, said: EnrolmentSay | None = None) -> Enrolments:
        """The workstations that are let in, after one act on one if something is said. Raises
        client.errors.Unavailable, Rejected."""

    async def platforms(self) -> Platforms:
        """The hub and the towns, and how the link to each is, as the server measures it. Raises
        client.errors.Unavailable, Rejected."""

    async def party_look(self, said: PartyLook) -> PartyNumbers:
        """The numbers of a party, which no record shows: the server notes who looked, and what for.
        Never kept on this computer. Raises client.errors.Unavailable, Rejected."""

    async def party_find(self, said: PartyFind) -> PartyFound:
        """Parties with a whole number, name or address, within this person's grants; noted alike.
        Raises client.errors.Unavailable, Rejected."""

    async def foresee(self, draft: Draft) -> Foreseen:
        """What a draft would affect, counted by the server; nothing is saved. Raises
        client.errors.Unavailable."""

    async def live_say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        """Claim, renew, release, break. Offline a claim is a local tentative mark."""

    def health(self, camera: RecordId) -> CameraHealth | None:
        """How a camera's picture is now, from the live lane; None while nobody said."""

    def saw(self, camera: RecordId, seen: CameraHealth | None) -> None:
        """What a tile of this computer sees of a camera: from now on `health` says so, to tree and
        map alike; None: the tile no longer shows it."""

    def positions(self) -> Mapping[RecordId, LivePosition]:
        """The newest fix of each vehicle, from the live lane; another mapping when one moved."""

    async def track(self, vehicle: RecordId, day: date) -> TrackPage:
        """A vehicle's local day as the server has it now; kept from then on. Raises
        client.errors.Unavailable."""

    async def kept_track(self, vehicle: RecordId, day: date) -> TrackPage | None:
        """The same as it was read last on this computer; None: never."""

    async def retry_now(self) -> None:
        """Pull and push at once (F5)."""

    async def demo(self, act: str, record: RecordId | None = None) -> None:
        """A demonstration control; refused by a real server."""

    async def watch(self) -> tuple[Concern, ...]:
        """What hinders the work on this computer now, alarms first; empty where all is well."""

    async def seen(self) -> None:
        """The person has the outbox in front of him: what is refused now counts as seen."""

    async def media_url(self, path: str) -> str:
        """A URL that libVLC can open, with a short-lived token for that path only."""

    def observe(self, on_changed: Callable[[Changed], None]) -> Observation:
        """News in batches, delivered on the caller's own loop (the UI thread)."""

    @property
    def link(self) -> LinkState: ...

    @property
    def outbox_summary(self) -> OutboxSummary: ...

    @property
    def signed(self) -> Signed: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def calendar(self) -> WorkCalendar: ...


class Selection(Protocol):
    """One selection for all panels of a window.

    A panel selects what a person's hand has chosen in it; what it shows because it follows, it
    does not select again.
    """

    @property
    def current(self) -> Selected | None: ...

    def latest(self, kind: Kind) -> Selected | None:
        """The record of that kind that was selected last, also after something else was: the flag
        to which a picture taken now belongs. None until one was."""

    def select(self, selected: Selected | None) -> None: ...

    def open(self, selected: Selected, scheme: Scheme | None = None) -> None:
        """Select, and bring to the front the panel that shows its kind of record, or with
        `scheme` the one that finds that subject of it (`kinds` and `subjects` of the manifests).
        """

    def observe(self, on_change: Callable[[Selected | None], None]) -> Observation: ...


class Action(Struct, frozen=True, kw_only=True):
    """One thing a person can do: menu, palette, key bar, button and shortcut sheet all come from
    this (style.md rule 29)."""

    id: str  # "triage.confirm"
    text: str  # text key
    icon: str | None = None
    keys: tuple[str, ...] = ()  # Qt key sequences; the first is shown
    roles: tuple[str, ...] = ()  # empty: everyone
    in_key_bar: bool = True


class Actions(Protocol):
    """The registry. `owner` is the panel's widget: its actions live as long as it does, and act
    only while it has focus."""

    def register(
        self, action: Action, run: Callable[[], None], when: Callable[[], bool] | None = None
    ) -> Observation: ...


class Text(Protocol):
    """Sentences by key with named arguments, in the user's language; no sentence is assembled."""

    def __call__(self, key: str, **arguments: object) -> str: ...


AWAKE = "awake"
"""A panel that keeps True under this name stands from the next start on, though another is in
front: it has a window of its own to open. A safe start leaves it out."""


class PanelStore(Protocol):
    """Small settings of one panel, kept in the profile: saved views, the last order. Never
    records."""

    def read(self, name: str) -> Json: ...

    def write(self, name: str, value: Json) -> None: ...


class PanelContext(Struct, frozen=True, kw_only=True):
    """All that `create_panel(context) -> QWidget` receives."""

    engine: Engine
    clock: Clock
    selection: Selection
    actions: Actions
    text: Text
    store: PanelStore
    media: MediaHub
