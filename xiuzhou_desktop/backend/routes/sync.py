"""Pull, push and pokes (sync.md §4.1)."""

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import msgspec

from xiuzhou_desktop.backend import feed, timers_anew
from xiuzhou_desktop.backend.commands import Judged, Sender
from xiuzhou_desktop.backend.cursor import parse_cursor
from xiuzhou_desktop.backend.feed import SCHEMAS, Now, SnapshotAsked
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError, command_problem
from xiuzhou_desktop.backend.sse import EVENT_STREAM
from xiuzhou_desktop.backend.store import Tables
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.sync import (
    BATCH_BYTES,
    BATCH_COMMANDS,
    PAGE_LIMIT,
    CommandResult,
    Poke,
    PullPage,
    PullRequest,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    Status,
    SyncSession,
)
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Kind, Record

T = TypeVar("T")
TEXT = {"type": "string"}
CLIENT_ID_MOST = 80  # characters; it is a hint for the log
PARTS = {"true": 1, "1": 1, "false": 0, "0": 0}


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    return (
        Operation(
            method="GET", path="/v1/sync/session", name="sync_session", gives=SyncSession,
            about="Epoch, horizon, grants and clock: what a workstation must know before it pulls.",
            run=lambda call: _session(parts, call), problems=("schema-unsupported",),
        ),
        Operation(
            method="POST", path="/v1/sync/pull", name="pull", takes=PullRequest, gives=PullPage,
            about="The next page of changes after a cursor.", run=lambda call: _pull(parts, call),
            problems=("bad-cursor", "epoch-changed", "cursor-expired", "schema-unsupported"),
        ),
        Operation(
            method="GET", path="/v1/sync/snapshot", name="snapshot", gives=SnapshotPage,
            about="Records of one grant by id, open or closed ones, to begin a cache with.",
            run=lambda call: _snapshot(parts, call), query=SNAPSHOT_QUERY,
            problems=("bad-parameter", "grant-revoked", "schema-unsupported"),
        ),
        Operation(
            method="POST", path="/v1/commands", name="push", takes=PushRequest, gives=PushAnswer,
            about="Judge up to 50 commands; one result each.", max_body=BATCH_BYTES,
            run=lambda call: _push(parts, call),
            problems=("epoch-mismatch", "too-large", "schema-unsupported"),
        ),
        Operation(
            method="GET", path="/v1/commands/{command}", name="receipt", gives=CommandResult,
            about="What became of a command.", run=lambda call: _receipt(parts, call),
            problems=("not-found",),
        ),
        Operation(
            method="GET", path="/v1/records/{kind}/{record}", name="record", gives=Record,
            about="One record, such as one that a cache has evicted.",
            run=lambda call: _record(parts, call), problems=("not-found",),
        ),
        Operation(
            method="GET", path="/v1/events", name="events", gives=Poke, gives_type=EVENT_STREAM,
            about="Server-sent events `horizon`: pokes; what changed comes by pull.",
            run=lambda call: _events(parts, call),
        ),
    )  # fmt: skip


async def _session(parts: Parts, call: Call) -> Reply:
    _refuse_schema(call)
    person, now = await call.person(), _now(parts)
    told = await _read(parts, lambda t: feed.session(t, person, now))
    sealing = parts.safe.sealing_for(person.account.user)
    return Reply(body=encode_body(msgspec.structs.replace(told, sealing=sealing)))


async def _pull(parts: Parts, call: Call) -> Reply:
    _refuse_schema(call)
    person, asked = await call.person(), await call.body(PullRequest)
    if not 1 <= asked.limit <= PAGE_LIMIT:
        raise ProblemError("bad-parameter", "limit")
    page = await parts.store.ask(
        lambda c: feed.pull(parts.store.tables_of(c), person, asked, asked.limit)
    )
    await parts.parties.note_sent(person, feed.parties_of(page))
    parts.metrics.pulled(page.horizon - parse_cursor(asked.cursor).seq)
    return Reply(body=encode_body(page))


async def _snapshot(parts: Parts, call: Call) -> Reply:
    _refuse_schema(call)
    person = await call.person()
    is_open = call.query("open", "true")
    if is_open not in PARTS:
        raise ProblemError("bad-parameter", "open")
    asked = SnapshotAsked(
        grant=call.query("grant"), part=PARTS[is_open], after_id=call.query("after_id", ""),
        limit=call.number("limit", PAGE_LIMIT, most=PAGE_LIMIT),
    )  # fmt: skip
    page = await _read(parts, lambda t: feed.snapshot(t, person, asked))
    await parts.parties.note_sent(person, feed.parties_within(page))
    return Reply(body=encode_body(page))


async def _push(parts: Parts, call: Call) -> Reply:
    _refuse_schema(call)
    person, batch = await call.person(), await call.body(PushRequest, BATCH_BYTES)
    if len(batch.commands) > BATCH_COMMANDS:
        raise ProblemError("too-large")
    sender = Sender(user=person.account.user, client_id=_client_id(call), epoch=batch.epoch)
    answer = await parts.store.write(lambda: _carry_out(parts, sender, batch))
    for one in answer.results:
        parts.metrics.judged(one.status)
    return Reply(body=encode_body(answer))


async def _read(parts: Parts, job: Callable[[Tables], T]) -> T:
    """One answer of the feed, from one snapshot, on a reader's thread."""
    return await parts.store.read(lambda c: job(parts.store.tables_of(c)))


def _carry_out(parts: Parts, sender: Sender, batch: PushRequest) -> PushAnswer:
    """One transaction a command, in the batch's order, all on the writer's thread."""
    lacking = {command.id: blob for command in batch.commands if (blob := _lacks(parts, command))}
    judged = [
        parts.desk.execute(sender, command, batch.resent.get(command.id))
        for command in batch.commands
        if command.id not in lacking
    ]
    settings = {command.id for command in batch.commands if command.kind is Kind.SETTING}
    # answered again, too: the process may have died between the change and this
    applied = {one.result.id for one in judged if one.result.status is Status.APPLIED}
    if applied & settings:
        timers_anew.ask(parts.store)
    answer = _answer(parts, sender.user, judged)
    waits = tuple(
        CommandResult(id=id_, status=Status.HELD, problem=command_problem("held", {"blob": blob}))
        for id_, blob in lacking.items()
    )
    return PushAnswer(results=answer.results + waits)


def _lacks(parts: Parts, command: Command) -> str | None:
    """A blob that the command names and that has yet to be uploaded."""
    return next((blob for blob in command.blobs if not parts.blobs.has(blob)), None)


def _answer(parts: Parts, user: str, judged: list[Judged]) -> PushAnswer:
    with parts.store.reading() as tables:
        grants = tables.person(user).grants
        told = [feed.told(tables, one.result, grants, is_new=one.is_new) for one in judged]
    return PushAnswer(results=tuple(told))


async def _receipt(parts: Parts, call: Call) -> Reply:
    person, command = await call.person(), call.path("command")
    result = await _read(parts, lambda t: feed.receipt(t, person, command))
    return Reply(body=encode_body(result))


async def _record(parts: Parts, call: Call) -> Reply:
    person, kind, record = await call.person(), call.path("kind"), call.path("record")
    found = await _read(parts, lambda t: feed.single(t, person, kind, record))
    await parts.parties.note_sent(person, (record,) if kind == Kind.PARTY.value else ())
    return Reply(body=encode_body(found))


async def _events(parts: Parts, call: Call) -> Reply:
    person = await call.person()
    return Reply(stream=_pokes(parts, call, person), media_type=EVENT_STREAM)


async def _pokes(parts: Parts, call: Call, person: Person) -> AsyncIterator[bytes]:
    with parts.door.admitted(call, person) as admission:
        async for line in parts.pokes.stream():
            if not admission.stands:
                return
            yield line


def _now(parts: Parts) -> Now:
    return Now(at=parts.clock.now(), rate=parts.clock.rate, is_demo=parts.settings.demo)


def _client_id(call: Call) -> str | None:
    named = call.header("client-id")
    return named[:CLIENT_ID_MOST] if named else None


def _refuse_schema(call: Call) -> None:
    spoken = call.header("sync-schema")
    if spoken is None:
        return
    is_spoken = spoken.isascii() and spoken.isdecimal() and len(spoken) < 9
    if not is_spoken or not SCHEMAS.min <= int(spoken) <= SCHEMAS.max:
        raise ProblemError("schema-unsupported", None, min=SCHEMAS.min, max=SCHEMAS.max)


SNAPSHOT_QUERY = (
    Parameter(name="grant", about="scope:kind group", schema=TEXT, required=True),
    Parameter(
        name="open", about="open records, or closed ones",
        schema={"type": "string", "enum": sorted(PARTS)},
    ),
    Parameter(name="after_id", about="the last id of the page before", schema=TEXT),
    Parameter(
        name="limit", about="records a page",
        schema={"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT},
    ),
)  # fmt: skip
