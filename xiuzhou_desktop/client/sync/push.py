"""Sending: waves of ready commands, stamped once, and what their answers change (sync.md §4.4
"Push", "Answer").

ready ──stamp expect──► wave ──POST──► answer ──(1) cache──(2) journal
                   └──► conflict, unsent: the cause left another state than the officer saw (R12)
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import (
    BATCH_BYTES,
    BATCH_COMMANDS,
    CommandResult,
    PushAnswer,
    PushRequest,
    Resent,
    Status,
)
from xiuzhou_desktop.domain.command import Expect
from xiuzhou_desktop.domain.envelope import Struct

from .border import whole
from .entry import BAD, Entry, Left, Prints
from .keys import keys_of, record_key
from .outbox import Outbox
from .store import CacheStore
from .stored import Stored

FINAL = {
    Status.CONFLICT: OutboxStatus.CONFLICT,
    Status.REFUSED: OutboxStatus.REFUSED,
    Status.EXPIRED: OutboxStatus.EXPIRED,
    Status.GONE: OutboxStatus.GONE,
}


class Wave(Struct, frozen=True, kw_only=True):
    """One batch, ready to be sent under one epoch."""

    epoch: str
    entries: tuple[Entry, ...]

    def request(self) -> PushRequest:
        """The body of POST /v1/commands."""
        resent = {
            entry.id: Resent(first_epoch=entry.first_epoch, receipt=entry.receipt)
            for entry in self.entries
            if entry.first_epoch and entry.first_epoch != self.epoch
        }
        commands = tuple(entry.command for entry in self.entries)
        return PushRequest(epoch=self.epoch, commands=commands, resent=resent)


class Acknowledged(Struct, frozen=True, kw_only=True):
    """What an answer changed."""

    applied: tuple[Entry, ...] = ()
    held: tuple[Entry, ...] = ()
    failed: tuple[Entry, ...] = ()


class Push:
    """The sending half of the protocol core."""

    def __init__(self, cache: CacheStore, outbox: Outbox) -> None:
        self._cache = cache
        self._outbox = outbox

    def ready(self) -> list[Entry]:
        """Active commands of which every cause is applied here; undo windows are the caller's
        business.
        """
        return [
            entry
            for entry in self._outbox.active()
            if all(self._outbox.is_done(cause) for cause in entry.command.after)
        ]

    def wave(self, may_go: Callable[[Entry], bool], most: int = BATCH_COMMANDS) -> Wave | None:
        """Stamp and note the next batch, so that its bodies are immutable from here on."""
        epoch = self._cache.meta().epoch
        if epoch is None:
            return None
        sent: list[Entry] = []
        changed: list[Entry] = []
        size = 0
        for entry in filter(may_go, self.ready()):
            stamped = self._stamp(entry, epoch)
            size += len(msgspec.json.encode(stamped.command)) + 1
            if sent and (size > BATCH_BYTES // 2 or len(sent) >= most):
                break
            if stamped is not entry:
                changed.append(stamped)
            if stamped.status not in BAD:
                sent.append(stamped)
        self._outbox.write(*changed)
        return Wave(epoch=epoch, entries=tuple(sent)) if sent else None

    def settle(self, epoch: str, answer: PushAnswer, wall: datetime) -> Acknowledged:
        """Step 2: mark the journal, unless another epoch gave the answer (R9).

        Step 1 is `Feed.answer`.
        """
        if epoch != self._cache.meta().epoch:
            return Acknowledged()
        applied, held, failed = [], [], []
        for result in answer.results:
            entry = self._outbox.get(result.id)
            if entry is None or not self._outbox.is_pending(entry):
                continue
            if result.status is Status.HELD:
                held.append(msgspec.structs.replace(entry, attempts=entry.attempts + 1))
            elif result.status is Status.APPLIED:
                applied.append(_applied(entry, epoch, result, wall))
            else:
                failed.append(_failed(entry, result))
        self._outbox.write(*applied, *held, *failed)
        return Acknowledged(applied=tuple(applied), held=tuple(held), failed=tuple(failed))

    def surface(self, entry: Entry, problem: Problem) -> Entry:
        """`attention`: it alone keeps failing; a person has to look."""
        changed = msgspec.structs.replace(entry, status=OutboxStatus.ATTENTION, problem=problem)
        self._outbox.write(changed)
        return changed

    def _stamp(self, entry: Entry, epoch: str) -> Entry:
        """`expect` and the first epoch, once; `expect` from what the cause really left behind
        (R12).
        """
        if entry.first_epoch:
            return entry
        if entry.command.expect is not None:
            return msgspec.structs.replace(entry, first_epoch=epoch)
        writer = self._outbox.get(entry.writer)
        left = (writer.left.get(entry.command.record) if writer else None) or entry.fallback
        if left is None:
            problem = Problem(slug="gone", status=410)
            return msgspec.structs.replace(entry, status=OutboxStatus.GONE, problem=problem)
        if entry.seen is not None and entry.seen != left.state:
            problem = Problem(slug="state-moved", status=409, facts={"state": left.state})
            return msgspec.structs.replace(entry, status=OutboxStatus.CONFLICT, problem=problem)
        command = msgspec.structs.replace(
            entry.command, expect=Expect(state_version=left.state_version)
        )
        return msgspec.structs.replace(entry, command=command, first_epoch=epoch)


def records_in(answer: PushAnswer) -> tuple[Stored, ...]:
    """Every record that an answer carries: what was written, and what stands against a conflict.

    Raises WrongServer.
    """
    return tuple(stored for result in answer.results for stored in _records(result))


def _records(result: CommandResult) -> tuple[Stored, ...]:
    raws = [*result.records]
    if isinstance(result.current, msgspec.Raw) and bytes(result.current) != b"null":
        raws.append(result.current)
    return whole(raws)


def _applied(entry: Entry, epoch: str, result: CommandResult, wall: datetime) -> Entry:
    records = _records(result)
    left = {
        one.envelope.id: Left(state=one.envelope.state, state_version=one.envelope.state_version)
        for one in records
    }
    return msgspec.structs.replace(
        entry, status=OutboxStatus.APPLIED, epoch=epoch, receipt=result.receipt, left=left,
        prints=_really_wrote(entry, result, records), problem=None, attempts=entry.attempts + 1,
        next_at=None, applied_at=wall, made=None, besides=None,
    )  # fmt: skip


def _really_wrote(entry: Entry, result: CommandResult, records: Sequence[Stored]) -> Prints:
    """What its receipt says that it wrote (R8), joined with what was believed."""
    keys = set(entry.prints.writes)
    for stored in records:
        keys |= keys_of(stored.envelope)
    if result.receipt:  # records outside this person's grants, too
        keys |= {record_key(one) for one in result.receipt.versions}
    return Prints(writes=frozenset(keys), loose=entry.prints.loose)


def _failed(entry: Entry, result: CommandResult) -> Entry:
    current = bytes(result.current) if isinstance(result.current, msgspec.Raw) else b"null"
    return msgspec.structs.replace(
        entry,
        status=FINAL[result.status],
        problem=result.problem or Problem(slug=result.status.value),
        current=None if current == b"null" else current.decode(),
        attempts=entry.attempts + 1,
        next_at=None,
    )
