"""`new`, `do` and `resolve`: saved on this computer first, sent if the server can be reached."""

import argparse
import logging

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import ClientError, Rejected, ResyncNeeded
from xiuzhou_desktop.client.views import Draft, Remedy, Submitted
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.domain.kinds import KINDS

from .forms import Filled, fill
from .opened import opened
from .reading import find
from .say import Out, name_of, parse_record, problem_json, refusal_problem, sentence

log = logging.getLogger(__name__)
EXIT_REFUSED = 3


async def new(asked: argparse.Namespace, out: Out) -> int:
    """Make a record of this kind."""
    spec = KINDS[asked.kind]
    async with opened(asked) as core:
        roles = frozenset(core.spine.account.roles)
        rows = [row for row in spec.transitions if row.creates]
        row = next((one for one in rows if one.roles & roles), rows[0] if rows else None)
        if row is None:
            raise Rejected(Problem(slug="not-made-by-hand", facts={"kind": asked.kind.value}))
        filled = fill(asked.set, spec, row, None)
        draft = Draft(kind=asked.kind, record=None, transition=row.name, args=filled.args)
        return await _submit(core, draft, out)


async def do(asked: argparse.Namespace, out: Out) -> int:
    """Ask for a transition of a record."""
    kind, named = parse_record(asked.record)
    async with opened(asked) as core:
        view = await find(core, kind, named)
        record = view.record
        row = KINDS[kind].transition(asked.transition)
        filled = fill(asked.set, KINDS[kind], row, record) if row else Filled(args={}, fields={})
        draft = Draft(
            kind=kind, record=record.id, transition=asked.transition,
            args=filled.args, fields=filled.fields, seen=view.seen,
        )  # fmt: skip
        return await _submit(core, draft, out)


async def resolve(asked: argparse.Namespace, out: Out) -> int:
    """Settle a command that was refused or is parked."""
    async with opened(asked) as core:
        told = core.desk.resolve(CommandId(asked.command), Remedy(asked.remedy), None)
        await _push(core)
        values = [_told_json(core, one) for one in told]
        if asked.remedy == Remedy.THEIRS:
            lines = [out.text("cli.dropped", command=asked.command)]
        else:
            lines = [_told_line(core, one, out) for one in told]
        out.say(values, lines)
    is_refused = bool(told) and told[0].command is None
    return EXIT_REFUSED if is_refused else 0


async def _submit(core: EngineCore, draft: Draft, out: Out) -> int:
    told = await core.guarded(lambda: core.desk.submit(draft))
    if told.refusal:
        problem = refusal_problem(told.refusal)
        out.say(_told_json(core, told, draft), [])
        out.text_error(sentence(out.text, problem))
        return EXIT_REFUSED
    await _push(core)
    out.say(_told_json(core, told), [_told_line(core, told, out)])
    return 0


async def _push(core: EngineCore) -> None:
    """Send if it can be sent; what is saved stays saved."""
    try:
        await core.push_once()
    except ResyncNeeded:
        await _push_after_resync(core)
    except ClientError as error:
        log.info("saved, not sent", extra={"slug": error.slug})


async def _push_after_resync(core: EngineCore) -> None:
    try:
        await core.sync_once()
    except ClientError as error:
        log.info("saved, not sent", extra={"slug": error.slug})


def _told_json(core: EngineCore, told: Submitted, draft: Draft | None = None) -> Json:
    entry = core.desk.entry(told.command) if told.command else None
    if entry is None:
        problem = refusal_problem(told.refusal) if told.refusal else None
        return {
            "command": None,
            "record": name_of(draft.kind, told.record) if draft else told.record,
            "status": "refused",
            "problem": problem_json(problem) if problem else None,
        }
    return {
        "command": entry.command.id,
        "record": name_of(entry.command.kind, entry.command.record),
        "status": entry.status.value,
        "problem": problem_json(entry.problem) if entry.problem else None,
    }


def _told_line(core: EngineCore, told: Submitted, out: Out) -> str:
    entry = core.desk.entry(told.command) if told.command else None
    if entry is None:
        refusal = told.refusal
        return sentence(out.text, refusal_problem(refusal)) if refusal else ""
    return out.text(
        "cli.saved",
        command=entry.command.id,
        record=name_of(entry.command.kind, entry.command.record),
        status=out.text(f"cli.status.{entry.status.value}"),
        why=sentence(out.text, entry.problem) if entry.problem else "",
    )
