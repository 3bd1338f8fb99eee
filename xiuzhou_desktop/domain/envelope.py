"""The record: the unit of everything that an officer sees (architecture.md rules 1 and 2).

    Record = envelope (the only indexed columns, equal on both sides) + body (a Struct per kind)

A record travels with `seq` (its place in the feed) and `log` (the last 50 things done to it);
both belong to the store, not to the workflow, and a forecast leaves them as they are.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from .ids import DISTRICT, AreaCode, CategoryCode, CommandId, Grant, RecordId, Scope, SubjectKey

LOG_LENGTH = 50  # entries that travel with a record; the whole log stays on the backend


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What crosses a layer: immutable, by keyword (style.md rule 11)."""


class Body(Struct, frozen=True, kw_only=True):
    """The part of a record that differs by kind."""


class Args(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of a transition: the form, the validator and the OpenAPI schema at once."""


class NoArgs(Args, frozen=True, kw_only=True):
    """A transition that asks nothing."""


class KindGroup(StrEnum):
    """Each kind belongs to exactly one (sync.md §0.7); a grant is scope × kind group."""

    BASE = "base"
    DISPATCH = "dispatch"
    CASE = "case"
    PARTY = "party"


SEALED = frozenset({KindGroup.CASE, KindGroup.PARTY})
"""Groups whose records name a party 当事人: the backend keeps their texts sealed."""


class Kind(StrEnum):
    """Every kind of record there is; `domain.kinds` has the specification of each."""

    CAMERA = "camera"
    FLAG = "flag"
    ORDER = "order"
    NOTICE = "notice"
    RECTIFICATION_ORDER = "rectification_order"
    TASK = "task"
    EXEMPTION = "exemption"
    CASE = "case"
    EVIDENCE = "evidence"
    PARTY = "party"
    OFFICER = "officer"
    SETTING = "setting"
    VEHICLE = "vehicle"
    PERMIT = "permit"
    PUBLICATION = "publication"
    CUSTODY = "custody"


class Priority:
    """1 紧急 · 2 高 · 3 中 · 4 低; a plain integer on the wire because lists sort by it."""

    URGENT, HIGH, MEDIUM, LOW = 1, 2, 3, 4


class Place(Struct, frozen=True, kw_only=True):
    """A WGS-84 point in integers of 1e-7 degrees (CGCS2000 counts as equal)."""

    lon_e7: int
    lat_e7: int


class LogEntry(Struct, frozen=True, kw_only=True):
    """One thing done to a record. `from_state` is None where the record was made, equal to
    `to_state` where it stayed.
    """

    at: datetime
    actor: str
    actor_name: str
    name: str
    from_state: str | None = msgspec.field(name="from", default=None)
    to_state: str = msgspec.field(name="to")
    command: CommandId
    reason: str | None = None


class Record(Struct, frozen=True, kw_only=True):
    """A record as the workflow sees it. `state` is a value of the kind's own StrEnum; `body` is
    of the kind's body type.
    """

    kind: Kind
    id: RecordId
    number: str | None = (
        None  # for people, given by the backend; None while it exists on one workstation only
    )
    scope: Scope = DISTRICT
    version: int = 0  # moves with any change
    state_version: int = 0  # moves with the workflow only
    state: str
    parent_id: RecordId | None = None
    category: CategoryCode | None = None
    area: AreaCode | None = None
    subject_key: SubjectKey | None = None
    place: Place | None = None
    assignee: str | None = None  # unit or officer; who holds a claim is live data
    priority: int = Priority.LOW
    source: str | None = None
    external_id: str | None = None  # unique with source
    opened_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    title: str = ""
    body_v: int = 1
    body: Body
    seq: int = 0
    log: tuple[LogEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done with it."""
        return self.closed_at is None


def grant_for(scope: str, group: KindGroup) -> Grant:
    """One exact scope × one kind group; the district's scope does not include its towns."""
    return Grant(scope + ":" + group)  # a StrEnum is its text; to format it costs twice as much
