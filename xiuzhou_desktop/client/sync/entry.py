"""One command of the journal, with what this computer knows of it (sync.md §4.3).

What can be derived is not stored: `parked`, `ready` and "to be replayed" follow from these fields
(outbox.py).
"""

from collections.abc import Mapping
from datetime import datetime

from xiuzhou_desktop.client.views import Besides, OutboxStatus
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Receipt
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId

from .keys import Key

BAD = frozenset(
    {
        OutboxStatus.CONFLICT,
        OutboxStatus.REFUSED,
        OutboxStatus.EXPIRED,
        OutboxStatus.GONE,
        OutboxStatus.ATTENTION,
    }
)
WITHDRAWN = frozenset({OutboxStatus.DROPPED, OutboxStatus.REPLACED})


class Left(Struct, frozen=True, kw_only=True):
    """How a command left a record: what the next one's `expect` is stamped from."""

    state: str
    state_version: int


class Prints(Struct, frozen=True, kw_only=True):
    """The footprint.

    `writes` names records and the keys they lie under; `loose` the keys that an undecided command
    may touch.
    """

    writes: frozenset[Key] = frozenset()
    loose: frozenset[Key] = frozenset()


class Entry(Struct, frozen=True, kw_only=True):
    """A command and its fate.

    `seen` is the state which the officer saw, None where the server decides; `writer` the pending
    command that wrote the record last; `fallback` the cached record at saving, should that writer
    leave the record alone. `next_at` is wall time.
    """

    command: Command
    status: OutboxStatus = OutboxStatus.QUEUED
    seen: str | None = None
    writer: CommandId | None = None
    fallback: Left | None = None
    prints: Prints = Prints()
    first_epoch: str | None = None
    epoch: str | None = None
    receipt: Receipt | None = None
    left: Mapping[RecordId, Left] = {}
    problem: Problem | None = None
    made: str | None = None  # what it was to make of the record, as JSON without log
    besides: Besides | None = None  # what else it was to bring about
    current: str | None = None  # the server's record with a conflict, as JSON
    resolves: CommandId | None = None
    resolved_by: CommandId | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    hold_until: datetime | None = None  # business time until which it may be undone
    saved_at: datetime  # wall time
    applied_at: datetime | None = None

    @property
    def id(self) -> CommandId:
        """The command's id."""
        return self.command.id

    def is_pending(self, epoch: str | None) -> bool:
        """Whether it has still to be judged: never answered, or answered by a database that has
        been restored since.
        """
        if self.status is OutboxStatus.QUEUED:
            return True
        return self.status is OutboxStatus.APPLIED and epoch is not None and self.epoch != epoch
