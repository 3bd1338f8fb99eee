"""What an applied command leaves: records with their new counters, log entries, effects, its
receipt; all with one seq.

The judge says what the records become; only here do they get version, state_version, number, seq
and a line in their log.
"""

from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.receipt_proof import outcome_digest, signed
from xiuzhou_desktop.backend.store import Tables
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.store.effects import EffectState, Origin
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.backend.store.receipts import Image
from xiuzhou_desktop.backend.store.surroundings import Surroundings, next_timer
from xiuzhou_desktop.contract.sync import Receipt
from xiuzhou_desktop.domain.command import Command, Outcome
from xiuzhou_desktop.domain.envelope import LOG_LENGTH, LogEntry, Record, Struct
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Actor, Moves


class Occasion(Struct, frozen=True, kw_only=True):
    """One command under judgement, inside its transaction.

    `proof`: the receipt of a replay. `in_doubt`: it may have been carried out before a restore, so
    its effects are looked up first.
    """

    tables: Tables
    mac_key: bytes
    meta: Meta
    command: Command
    fingerprint: str
    actor: Actor
    at: datetime
    around: Surroundings
    proof: Receipt | None
    in_doubt: bool


class Carried(Struct, frozen=True, kw_only=True):
    """What was written."""

    seq: int
    images: tuple[Image, ...]
    receipt: Receipt


def carry_out(occasion: Occasion, outcome: Outcome, target: Record | None) -> Carried:
    """Write an outcome whole."""
    tables = occasion.tables
    seq = tables.take_seq()
    images, pairs = [], []
    for new in outcome.written:
        is_target = new.id == occasion.command.record
        old = target if is_target else tables.find(new.id)
        entry = _entry(occasion, outcome, old, new)
        stamped = _stamped(occasion, old, new, entry, seq)
        doc = tables.write(old, stamped, _timer_at(occasion, old, stamped))
        images.append(Image(grant=grant_of(stamped), doc=doc))
        pairs.append((old, stamped, entry))
    tables.count_changes([(old, new) for old, new, _ in pairs])
    tables.append_log([(new, entry) for _, new, entry in pairs])
    if outcome.effects:
        _owe(occasion, outcome)
    receipt = _receipt(occasion, outcome, seq, [new for _, new, _ in pairs])
    return Carried(seq=seq, images=tuple(images), receipt=receipt)


def _timer_at(occasion: Occasion, old: Record | None, new: Record) -> datetime | None:
    """When timers must look at it. None of them has spoken of a record that was just made."""
    by, tables = occasion.command.id, occasion.tables
    return next_timer(
        new, occasion.around, lambda one: one == by or (old is not None and tables.is_known(one))
    )


def _stamped(
    occasion: Occasion, old: Record | None, new: Record, entry: LogEntry, seq: int
) -> Record:
    number, past = new.number, old.log if old else ()
    prefix = KINDS[new.kind].number_prefix
    if number is None and prefix:
        number = occasion.tables.next_number(prefix, occasion.at)
    return msgspec.structs.replace(
        new, seq=seq, number=number, version=(old.version if old else 0) + 1,
        state_version=_state_version(occasion, old, new), log=(*past, entry)[-LOG_LENGTH:],
    )  # fmt: skip


def _state_version(occasion: Occasion, old: Record | None, new: Record) -> int:
    """One above all before it (R17); a replay brings back the number that was told."""
    before = old.state_version if old else 0
    if not _moves(occasion.command, old, new):
        return before
    told = occasion.proof.versions.get(new.id, 0) if occasion.proof else 0
    return told if told > before else max(before, occasion.meta.version_base) + 1


def _moves(command: Command, old: Record | None, new: Record) -> bool:
    """An alarm or a note must not break a colleague's command (R16)."""
    if old is None or str(old.state) != str(new.state):
        return True
    row = KINDS[command.kind].transition(command.transition)
    return new.id == command.record and row is not None and row.moves is Moves.WORKFLOW


def _entry(occasion: Occasion, outcome: Outcome, old: Record | None, new: Record) -> LogEntry:
    return LogEntry(
        at=occasion.at, actor=occasion.actor.user, actor_name=occasion.actor.name,
        name=occasion.command.transition, from_state=str(old.state) if old else None,
        to_state=str(new.state), command=occasion.command.id, reason=outcome.reason,
    )  # fmt: skip


def _owe(occasion: Occasion, outcome: Outcome) -> None:
    command = occasion.command
    origin = Origin(command=command.id, record=command.record, at=occasion.at)
    state = EffectState.CHECK if occasion.in_doubt else EffectState.QUEUED
    occasion.tables.owe(origin, outcome.effects, state)


def _receipt(occasion: Occasion, outcome: Outcome, seq: int, written: list[Record]) -> Receipt:
    receipt = Receipt(
        command=occasion.command.id, fingerprint=occasion.fingerprint, user=occasion.actor.user,
        epoch=occasion.meta.epoch, seq=seq, applied_at=occasion.at,
        digest=outcome_digest(outcome),
        versions={one.id: one.state_version for one in written}, mac="",
    )  # fmt: skip
    return signed(occasion.mac_key, receipt)
