"""`list`, `show` and `outbox`: what this computer holds, no network."""

import argparse

import msgspec

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.client.views import (
    Offer,
    Order,
    OutboxEntry,
    OutboxStatus,
    RecordQuery,
    RecordView,
)
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Kind, LogEntry
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.kinds import KINDS

from .forms import describe
from .names import local_time, named
from .opened import opened
from .say import Out, entry_json, envelope_json, name_of, parse_record, sentence

GONE = frozenset({OutboxStatus.DROPPED, OutboxStatus.REPLACED})


async def list_records(asked: argparse.Namespace, out: Out) -> int:
    """Open first, then by urgency."""
    query = RecordQuery(
        kinds=(asked.kind,),
        states=(asked.state,) if asked.state else (),
        order=Order.URGENCY,
        limit=max(0, asked.limit),
    )
    async with opened(asked) as core:
        page = await core.guarded(lambda: core.reading.query(query))
    out.say(
        [envelope_json(view) for view in page.views],
        [*(_row(out, view) for view in page.views), out.text("cli.total", count=page.total)],
    )
    return 0


async def show(asked: argparse.Namespace, out: Out) -> int:
    """One record with its thread."""
    kind, record = parse_record(asked.record)
    async with opened(asked) as core:
        view = await find(core, kind, record)
        offers = core.reading.offers(view.record.id)
    transitions: list[Json] = [_log_json(entry) for entry in view.record.log]
    value: dict[str, Json] = {
        "record": envelope_json(view),
        "body": to_json(view.record.body),
        "transitions": transitions,
        "available": [_offer_json(kind, offer) for offer in offers if offer.refusal is None],
    }
    out.say(value, _shown_lines(out, view, offers))
    return 0


async def outbox(asked: argparse.Namespace, out: Out) -> int:
    """Every command that is not withdrawn, oldest first."""
    async with opened(asked) as core:
        entries = [
            shown
            for entry in core.spine.outbox
            if entry.status not in GONE and (shown := core.desk.entry(entry.id))
        ]
    out.say([entry_json(entry) for entry in entries], [_entry_line(out, e) for e in entries])
    return 0


async def find(core: EngineCore, kind: Kind, record: RecordId) -> RecordView:
    """By id, or by the number that people use. Raises Rejected."""
    found = core.reading.find(record)
    if found is None:
        query = RecordQuery(kinds=(kind,), text=record, limit=20)
        named = core.reading.query(query).views
        found = next((view for view in named if view.record.number == record), None)
    if found is None or found.record.kind is not kind:
        raise Rejected(Problem(slug="no-record", facts={"record": name_of(kind, record)}))
    return found


def _row(out: Out, view: RecordView) -> str:
    record = view.record
    return out.text(
        "cli.row",
        record=name_of(record.kind, record.id),
        number=record.number or "—",
        state=named(out.text, f"state.{record.kind.value}.{record.state}", record.state),
        priority=record.priority,
        title=record.title,
        pending=len(view.pending),
    )


def _log_json(entry: LogEntry) -> dict[str, Json]:
    return {
        "at": to_json(entry.at),
        "actor": entry.actor,
        "name": entry.name,
        "from": entry.from_state,
        "to": entry.to_state,
        "command": entry.command,
    }


def _offer_json(kind: Kind, offer: Offer) -> dict[str, Json]:
    row = KINDS[kind].transition(offer.transition)
    if row is None:
        return {"name": offer.transition, "fields": {}}
    required = {
        field.encode_name: describe(field.type)
        for field in msgspec.structs.fields(row.form)
        if field.required
    }
    return {"name": offer.transition, "fields": required}


def _shown_lines(out: Out, view: RecordView, offers: tuple[Offer, ...]) -> list[str]:
    kind = view.record.kind
    lines = [_row(out, view)]
    lines += [
        out.text(
            "cli.thread",
            at=local_time(e.at),
            actor=e.actor_name,
            name=_word(out, "transition", kind, e.name),
            state=_word(out, "state", kind, e.to_state),
        )
        for e in view.record.log
    ]
    offered = [offer.transition for offer in offers if offer.refusal is None]
    lines += [
        out.text("cli.offer", name=name, word=_word(out, "transition", kind, name))
        for name in offered
    ]
    return lines


def _word(out: Out, what: str, kind: Kind, code: str) -> str:
    return named(out.text, f"{what}.{kind.value}.{code}", code)


def _entry_line(out: Out, entry: OutboxEntry) -> str:
    return out.text(
        "cli.entry",
        command=entry.command.id,
        record=name_of(entry.command.kind, entry.command.record),
        transition=_word(out, "transition", entry.command.kind, entry.command.transition),
        status=out.text(f"cli.status.{entry.status.value}"),
        why=sentence(out.text, entry.problem) if entry.problem else "",
    )
