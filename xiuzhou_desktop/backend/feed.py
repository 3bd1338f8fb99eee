"""What a workstation pulls: the session, pages of changes, snapshots of one grant, single records
(sync.md §4.1).

Each answer comes from one snapshot of the database, so horizon, records and digest always fit
together.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.cursor import Cursor, grants_hash, parse_cursor
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Tables
from xiuzhou_desktop.backend.store.feed import Line
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.contract.digest import grant_digest
from xiuzhou_desktop.contract.sync import (
    SCHEMA,
    Change,
    CommandResult,
    GrantDigest,
    Op,
    PullPage,
    PullRequest,
    SchemaRange,
    SnapshotPage,
    Status,
    SyncSession,
)
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Struct
from xiuzhou_desktop.domain.ids import CommandId, Grant, RecordId

SCHEMAS = SchemaRange(min=SCHEMA, max=SCHEMA)
GRANT_MOST = 32  # characters of a grant worth repeating
MAX_SEQ = 2**62


class Now(Struct, frozen=True, kw_only=True):
    """The clock as a session is told of it."""

    at: datetime
    rate: int
    is_demo: bool


class SnapshotAsked(Struct, frozen=True, kw_only=True):
    """One page of one grant's open or closed records."""

    grant: str
    part: int
    after_id: str
    limit: int


def session(tables: Tables, person: Person, now: Now) -> SyncSession:
    """What a workstation must know before it pulls."""
    seen = tables.meta()
    held = sum(digest.n for digest in tables.digests(person.grants).values())
    return SyncSession(
        epoch=seen.epoch, version_base=seen.version_base, horizon=seen.horizon, records=held,
        grants=_sorted(person), schema=SCHEMAS, server_time=now.at, clock_rate=now.rate,
        replay_until=seen.replay_until, account=person.account, demo=now.is_demo,
    )  # fmt: skip


def pull(tables: Tables, person: Person, asked: PullRequest, limit: int) -> PullPage:
    """The next page. Raises ProblemError where only a resync helps."""
    seen, cursor = tables.meta(), parse_cursor(asked.cursor)
    if cursor.epoch != seen.epoch:
        raise ProblemError("epoch-changed")
    if not 0 <= cursor.seq <= MAX_SEQ or cursor.seq > seen.horizon:
        raise ProblemError("bad-cursor")
    if cursor.seq < seen.floor:
        raise ProblemError("cursor-expired")
    grants = person.grants
    here = Cursor(epoch=seen.epoch, seq=cursor.seq, grants=grants_hash(grants))
    if cursor.grants != here.grants:
        return _page(person, seen.horizon, asked.cursor, here, has_more=True)
    found = tables.changes_after(cursor.seq, grants, limit)
    reached = found.lines[-1].seq if found.has_more else seen.horizon
    page = _page(
        person, seen.horizon, asked.cursor, msgspec.structs.replace(here, seq=reached),
        has_more=found.has_more,
    )  # fmt: skip
    return msgspec.structs.replace(
        page,
        changes=tuple(_change(line) for line in found.lines),
        digest=None if found.has_more else _digest(tables, grants),
    )


def snapshot(tables: Tables, person: Person, asked: SnapshotAsked) -> SnapshotPage:
    """A page of one grant. Raises ProblemError for a grant that this person does not hold."""
    if asked.grant not in person.grants:
        raise ProblemError("grant-revoked", None, grant=asked.grant[:GRANT_MOST])
    seen, grant = tables.meta(), Grant(asked.grant)
    docs = tables.snapshot_page(grant, asked.part, asked.after_id, asked.limit)
    counted = tables.digests([grant]).get(grant)
    n_open, n = (counted.n_open, counted.n) if counted else (0, 0)
    cursor = Cursor(epoch=seen.epoch, seq=seen.horizon, grants=grants_hash(person.grants))
    last = msgspec.json.decode(docs[-1], type=_Named).id if docs else None
    return SnapshotPage(
        grant=grant, as_of=seen.horizon, cursor=cursor.text(), epoch=seen.epoch,
        has_more=len(docs) == asked.limit, after_id=last,
        total=n_open if asked.part else n - n_open, records=tuple(map(msgspec.Raw, docs)),
    )  # fmt: skip


def single(tables: Tables, person: Person, kind: str, record: str) -> msgspec.Raw:
    """One record as in the feed. Raises ProblemError; what is not granted is not there."""
    found = tables.find_with_grant(record)
    if found is None or found.kind != kind or found.grant not in person.grants:
        raise ProblemError("not-found")
    return _raw(found.doc)


def receipt(tables: Tables, person: Person, command: str) -> CommandResult:
    """What became of a command of this person's. Raises ProblemError."""
    stored = tables.result_of(command)
    if stored is None or stored.user != person.account.user:
        raise ProblemError("not-found")
    return told(tables, stored, person.grants, is_new=False)


def told(
    tables: Tables, stored: StoredResult, grants: frozenset[Grant], *, is_new: bool
) -> CommandResult:
    """The answer to one command, filtered by the reader's present grants (R14)."""
    images = tuple(_raw(one.doc) for one in stored.images if one.grant in grants)
    current: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    if stored.status is Status.CONFLICT:
        found = tables.find_with_grant(stored.record)
        current = _raw(found.doc) if found and found.grant in grants else msgspec.UNSET
    return CommandResult(
        id=CommandId(stored.id), status=stored.status, seq=stored.seq, records=images,
        replayed=not is_new, receipt=stored.receipt, problem=stored.problem, current=current,
        applied_at=stored.at if stored.status is Status.APPLIED else None,
    )  # fmt: skip


def parties_of(page: PullPage) -> tuple[str, ...]:
    """The party records that a page shows."""
    return tuple(one.id for one in page.changes if one.kind is Kind.PARTY and one.op is Op.PUT)


def parties_within(page: SnapshotPage) -> tuple[str, ...]:
    """The same of a snapshot's page."""
    is_theirs = page.grant.endswith(f":{KindGroup.PARTY.value}")
    return parties_shown(page.records) if is_theirs else ()


def parties_shown(records: Iterable[msgspec.Raw]) -> tuple[str, ...]:
    """The parties among records of several kinds."""
    shown = (msgspec.json.decode(one, type=_Named) for one in records)
    return tuple(one.id for one in shown if one.kind is Kind.PARTY)


class _Named(Struct, frozen=True, kw_only=True):
    kind: Kind
    id: RecordId


def _page(person: Person, horizon: int, asked: str, cursor: Cursor, *, has_more: bool) -> PullPage:
    return PullPage(
        from_cursor=asked, cursor=cursor.text(), has_more=has_more, horizon=horizon,
        grants=_sorted(person), changes=(), digest=None,
    )  # fmt: skip


def _change(line: Line) -> Change:
    kind, record = Kind(line.kind), RecordId(line.id)
    if line.doc is not None:
        return Change(seq=line.seq, kind=kind, id=record, op=Op.PUT, record=_raw(line.doc))
    return Change(
        seq=line.seq, kind=kind, id=record, op=Op.GONE, grant=Grant(line.grant), why=line.why
    )


def _digest(tables: Tables, grants: frozenset[Grant]) -> Mapping[Grant, GrantDigest]:
    rows = tables.digests(grants)
    empty = grant_digest(0, 0)
    return {
        grant: grant_digest(rows[grant].n, rows[grant].x) if grant in rows else empty
        for grant in sorted(grants)
    }


def _sorted(person: Person) -> tuple[Grant, ...]:
    return tuple(sorted(person.grants))


def _raw(doc: str) -> msgspec.Raw:
    return msgspec.Raw(doc.encode())
