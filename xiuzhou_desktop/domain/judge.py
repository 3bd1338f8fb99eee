"""The one judge: `judge(command, target, context) -> Outcome | Refusal | Undecided`
(architecture.md rule 3).

The backend calls it to judge, the client to forecast; where both know the same facts they come to
the same result. It never raises for bad input: whatever a command holds, the answer is one of the
three.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from .command import Command, Judgement, Outcome, Refusal, Undecided
from .custody import kept_from
from .envelope import Args, Kind, Record, grant_for
from .kinds import KINDS
from .workflow import (
    Changes,
    Context,
    KindSpec,
    Moves,
    Situation,
    Transition,
    Unsure,
    decode_args,
)

YEARS = range(1990, 2101)


def judge(command: Command, target: Record | Unsure | None, context: Context) -> Judgement:
    """Judge one command against the record it names and the facts its transition declares.

    `expect`, receipts and grants of the connection are the store's business; here stand the
    workflow, the roles and the law.
    """
    spec = KINDS[command.kind]
    row = spec.transition(command.transition)
    if row is None:
        return Refusal(slug="unknown-transition", facts={"transition": command.transition})
    args = _decoded(row, command)
    if isinstance(target, Unsure):
        return args if isinstance(args, Refusal) else Undecided(missing=("target",))
    refusal = _standing(spec.kind, row, target) or _right(spec, row, target, context)
    refusal = refusal or (kept_from(target.scope, command, context) if target else None)
    if refusal:
        return refusal
    if isinstance(args, Refusal):
        return args
    facts: dict[str, tuple[Record, ...]] = {}
    situation = Situation(
        command=command, target=target, args=args, now=context.now, actor=context.actor,
        calendar=context.calendar, policy=context.policy, facts=facts,
    )  # fmt: skip
    found, missing = _facts(row, situation, context)
    if missing:
        return Undecided(missing=missing)
    facts.update(found)
    return _decide(spec, row, situation, context)


def transitions_for(record: Record, actor_roles: frozenset[object]) -> tuple[Transition, ...]:
    """The rows that a record's state offers to somebody with these roles, in the table's order."""
    spec = KINDS[record.kind]
    return tuple(
        row for row in spec.transitions if record.state in row.sources and actor_roles & row.roles
    )


def _decoded(row: Transition, command: Command) -> Args | Refusal:
    """The typed arguments, or what is wrong with them whatever the record is."""
    try:
        args = decode_args(row.form, command.args)
    except msgspec.ValidationError as error:
        return Refusal(slug="bad-argument", facts={"detail": str(error)})
    if odd := _odd_date(args):
        return Refusal(slug="bad-argument", facts={"detail": odd})
    return args


def _odd_date(args: Args) -> str | None:
    """The name of an argument whose date no sum could use, such as the year 9999."""
    for name in args.__struct_fields__:
        value = getattr(args, name)
        if isinstance(value, date) and value.year not in YEARS:
            return name
    return None


def _standing(kind: Kind, row: Transition, target: Record | None) -> Refusal | None:
    if row.creates:
        return Refusal(slug="exists") if target else None
    if target is None or target.kind is not kind:
        return Refusal(slug="gone")
    if target.state not in row.sources:
        return Refusal(slug="state", facts={"state": target.state, "kind": target.kind.value})
    return None


def _right(
    spec: KindSpec, row: Transition, target: Record | None, context: Context
) -> Refusal | None:
    if not row.roles:
        return Refusal(slug="follows", facts={"kind": spec.kind.value})
    if not context.actor.roles & row.roles:
        return Refusal(slug="role", facts={"roles": [*sorted(role.value for role in row.roles)]})
    if target and grant_for(target.scope, spec.group) not in context.actor.grants:
        return Refusal(slug="grant-revoked", facts={"scope": target.scope})
    return None


def _facts(
    row: Transition, situation: Situation[Args], context: Context
) -> tuple[Mapping[str, tuple[Record, ...]], tuple[str, ...]]:
    found: dict[str, tuple[Record, ...]] = {}
    missing: list[str] = []
    for name, fact in row.facts.items():
        value = fact.key(situation.target, situation.args, situation.actor)
        rows = () if value is None else context.rows(fact, value)
        if rows is None:
            missing.append(name)
            continue
        where = fact.where
        found[name] = tuple(r for r in rows if where is None or where(r, situation))
    return found, tuple(missing)


def _decide(
    spec: KindSpec, row: Transition, situation: Situation[Args], context: Context
) -> Judgement:
    refusal = row.guard(situation) if row.guard else None
    if refusal:
        return refusal
    changes = _with_fields(spec, situation, row.writes(situation))
    if isinstance(changes, Refusal):
        return changes
    if row.creates and grant_for(changes.target.scope, spec.group) not in situation.actor.grants:
        return Refusal(slug="grant-revoked", facts={"scope": changes.target.scope})
    if row.creates and (kept := kept_from(changes.target.scope, situation.command, context)):
        return kept
    _check_table(row, changes)
    return Outcome(
        written=(changes.target, *changes.others), effects=changes.effects, reason=changes.reason
    )


def _with_fields(spec: KindSpec, situation: Situation[Args], changes: Changes) -> Changes | Refusal:
    """Merge the command's three-way texts into the target's body."""
    body, merged = changes.target.body, {}
    for name, change in situation.command.fields.items():
        if name not in spec.merge_fields:
            return Refusal(slug="bad-argument", facts={"detail": name})
        theirs = getattr(body, name)
        if theirs not in (change.base, change.new):
            return Refusal(slug="field-conflict", facts={"field": name, "theirs": theirs})
        merged[name] = change.new
    if not merged:
        return changes
    target = msgspec.structs.replace(changes.target, body=msgspec.structs.replace(body, **merged))
    return msgspec.structs.replace(changes, target=target)


def _check_table(row: Transition, changes: Changes) -> None:
    """A `writes` that leaves its own table is a defect of this program, not of the input."""
    state = changes.target.state
    stays = row.moves is Moves.CONTENT and state in row.sources
    if state not in row.targets and not stays:
        raise AssertionError(f"{row.name} ended in {state}, outside its row")
