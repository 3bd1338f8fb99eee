"""What the engine shows to panels and to the command-line twin: immutable values, ready to draw.

RecordQuery ──query──► Page of RecordView           a window of an ordered list, never the table
Draft ──submit──► Submitted                          saved, or refused at once; the forecast
OutboxEntry                                          one command of the journal with its remedy
LinkState, OutboxSummary                             the status bar
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Command, Effect, FieldChange, Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId


class Order(StrEnum):
    """Orders of a list that have an index."""

    URGENCY = "urgency"  # open first, then priority, then due_at
    DEADLINE = "deadline"  # open first, then due_at
    NEWEST = "newest"  # opened_at descending
    PLACE = "place"  # area, then title


class RecordQuery(Struct, frozen=True, kw_only=True):
    """Which records, in which order, which window. Empty tuples and None filter nothing.

    `due`: "passed" only records whose due_at ≤ now, "ahead" only others (business time). `pending`:
    True only records with a command of ours not yet confirmed, False only others. `snoozed`:
    whether body.snoozed_until lies ahead. `text`: Chinese full text over title, subject, place,
    number and notes. `without`: records that are listed elsewhere.

    `at`: as the records stood at that instant, as far as our grants of today reach. The server is
    asked; offline it is Unavailable (`past-needs-server`). Nothing was pending then.
    """

    kinds: tuple[Kind, ...]
    ids: tuple[RecordId, ...] = ()
    without: tuple[RecordId, ...] = ()
    states: tuple[str, ...] = ()
    is_open: bool | None = None
    due: str | None = None
    snoozed: bool | None = None
    pending: bool | None = None
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    subject_key: str | None = None
    parent_id: RecordId | None = None
    assignee: str | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    text: str | None = None
    at: datetime | None = None
    order: Order = Order.URGENCY
    limit: int = 100
    offset: int = 0


class PendingMark(Struct, frozen=True, kw_only=True):
    """A command of ours on this record that the server has not confirmed, or has refused and nobody
    has settled.
    """

    command: CommandId
    transition: str
    status: "OutboxStatus"
    saved_at: datetime
    undo_until: datetime | None = None


class Seen(Struct, frozen=True, kw_only=True):
    """A record as the screen showed it when a person decided (sync.md R12).

    `state` None: the screen left it to the server. `is_confirmed`: nothing of ours was pending on
    it, so that its state_version names that very state.
    """

    record: RecordId
    state: str | None
    state_version: int
    is_confirmed: bool

    def has_moved(self, now: Record | None) -> bool:
        """Whether the record, as it is believed now (None: left to the server), is another.

        A confirmed picture is known by its state_version, which counts a way there and back; a
        forecast one only by its state: the answer to our own command moves the version.
        """
        if self.state is None:
            return False
        if now is None or str(now.state) != self.state:
            return True
        return self.is_confirmed and now.state_version != self.state_version


class RecordView(Struct, frozen=True, kw_only=True):
    """A record as this workstation believes it to be: cache ⊕ forecasts of pending commands."""

    record: Record
    pending: tuple[PendingMark, ...] = ()
    is_undecided: bool = False  # an earlier command of ours left its state to the server
    is_local: bool = False  # exists only in the outbox

    @property
    def seen(self) -> Seen:
        """What a draft says of the picture that it was made upon."""
        return Seen(
            record=self.record.id, state=None if self.is_undecided else str(self.record.state),
            state_version=self.record.state_version, is_confirmed=not self.pending,
        )  # fmt: skip


class Page(Struct, frozen=True, kw_only=True):
    """A window of a list.

    `total` counts what this cache holds; population counts come from `figures`.
    """

    views: tuple[RecordView, ...]
    total: int
    offset: int


class Forecast(StrEnum):
    """What the judge said on this computer."""

    OUTCOME = "outcome"
    UNDECIDED = "undecided"
    REFUSED = "refused"


class Draft(Struct, frozen=True, kw_only=True):
    """What a person asks for. `record` None: a new record (the engine draws its id).

    `seen`: the painted view's (`RecordView.seen`); if that record has moved since in its workflow,
    the draft is refused `moved-on` and nothing is saved.
    """

    kind: Kind
    record: RecordId | None
    transition: str
    args: Mapping[str, Json] = {}
    fields: Mapping[str, FieldChange] = {}
    hold_s: int = 0  # seconds in which it may be undone before anything is sent
    resolves: CommandId | None = None
    seen: Seen | None = None


class Submitted(Struct, frozen=True, kw_only=True):
    """`command` is None iff the forecast refused: then nothing was saved."""

    command: CommandId | None
    record: RecordId
    forecast: Forecast
    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()
    record_after: Record | None = None


class OutboxStatus(StrEnum):
    """A command's place in its life as people see it; PARKED is derived, never stored."""

    QUEUED = "queued"
    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    EXPIRED = "expired"
    GONE = "gone"
    ATTENTION = "attention"
    PARKED = "parked"
    DROPPED = "dropped"
    REPLACED = "replaced"


NEEDS_A_PERSON = frozenset(
    {
        OutboxStatus.CONFLICT, OutboxStatus.REFUSED, OutboxStatus.EXPIRED, OutboxStatus.GONE,
        OutboxStatus.ATTENTION,
    }
)  # fmt: skip


class Besides(Struct, frozen=True, kw_only=True):
    """What a command was to bring about besides its record, by its forecast when it was saved:
    kinds of the records to be made, and what was to leave the house.
    """

    makes: tuple[Kind, ...] = ()
    effects: tuple[Effect, ...] = ()


class OutboxEntry(Struct, frozen=True, kw_only=True):
    """One command of the journal.

    For a conflict, `theirs` is the server's record and `mine` what our command would have made.
    """

    command: Command
    status: OutboxStatus
    attempts: int
    saved_at: datetime
    age_s: int
    next_at: datetime | None = None
    undo_until: datetime | None = None
    problem: Problem | None = None
    parked_by: CommandId | None = None
    title: str = ""  # of the record
    subject_key: str | None = None
    theirs: Record | None = None
    mine: Record | None = None
    besides: Besides | None = None  # None where the server was to decide
    named: Mapping[str, str] = {}
    """Titles of the records that these two name, by id, as far as they are known here."""


class Remedy(StrEnum):
    """How a person settles a refusal."""

    THEIRS = "theirs"  # drop mine
    MINE = "mine"  # the same again, as a new command, with its dependants
    EDIT = "edit"  # new arguments, then as MINE
    MERGE = "merge"  # arguments are field → result: texts of the record, arguments of the command


class Link(StrEnum):
    """State of the link to the backend."""

    CONNECTING = "connecting"
    ONLINE = "online"
    SYNCING = "syncing"
    OFFLINE = "offline"
    BUSY = "busy"
    SIGNED_OUT = "signed_out"
    UPGRADE = "upgrade"  # server of another schema version
    STOPPED = "stopped"  # digest mismatches repeated; an alarm stands


class LinkState(Struct, frozen=True, kw_only=True):
    """The status bar's truth about the link. Instants are business time unless said.

    While records are loaded: `done` of `total` are here, `done_bytes` in all, and the rest takes
    about `left_s` seconds of this computer's time; None until that can be told.
    """

    link: Link
    since: datetime
    retry_at: datetime | None = None
    done: int = 0
    total: int = 0
    done_bytes: int = 0
    left_s: int | None = None
    data_as_of: datetime | None = None  # last moment at which the cache was at the horizon
    clock_offset_ms: int | None = None  # this computer's clock minus the server's
    clock_rate: int = 1
    reason: Problem | None = None
    demo: bool = False


class OutboxSummary(Struct, frozen=True, kw_only=True):
    """Counts of the journal."""

    pending: int
    refused: int
    expired: int
    parked: int
    oldest_age_s: int | None
    delivered_today: int


class Lease(Struct, frozen=True, kw_only=True):
    """Who holds a claim, from the live lane.

    `is_tentative`: a local mark made offline. `is_lost`: it was ours and ended without us; what was
    written meanwhile is kept.
    """

    record: RecordId
    holder: str | None
    holder_name: str | None
    until: datetime | None
    is_mine: bool = False
    is_tentative: bool = False
    is_lost: bool = False


class AccessEnded(Struct, frozen=True, kw_only=True):
    """The account was shut: this profile goes.

    `unsent` commands were sealed for an administrator; `file`, where they could not be handed in.
    """

    unsent: int
    file: str | None = None


class Changed(Struct, frozen=True, kw_only=True):
    """One batch of news from the engine.

    Which kinds and records moved, at most a few times a second.
    """

    kinds: frozenset[Kind] = frozenset()
    records: frozenset[RecordId] = frozenset()
    is_wholesale: bool = False  # a resync: everything may have moved
    link: LinkState | None = None
    outbox: OutboxSummary | None = None
    leases: tuple[Lease, ...] = ()
    defects: tuple[str, ...] = ()
    ended: AccessEnded | None = None


class Offer(Struct, frozen=True, kw_only=True):
    """A transition that the record's state offers this person.

    `refusal`: why not now (guard on this computer's facts).
    """

    transition: str
    required: tuple[str, ...]  # names of arguments without a default
    refusal: Refusal | None = None
    is_undecided: bool = False


class Signed(Struct, frozen=True, kw_only=True):
    """Who is at this workstation, on which server."""

    server: str
    account: Account
    grants: tuple[str, ...]
    workstation: str
