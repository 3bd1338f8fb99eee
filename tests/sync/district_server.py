"""A district backend in memory, for schedules of work, faults and restores: the wire's Structs, the
real judge, no I/O.

What it answers crosses as bytes, so that the client under test decodes what it would decode from
the network.
"""

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from xiuzhou_desktop.contract.digest import grant_digest, line_digest
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import (
    Account,
    Change,
    CommandResult,
    Op,
    PullPage,
    PullRequest,
    PushAnswer,
    PushRequest,
    Receipt,
    Resent,
    SchemaRange,
    SnapshotPage,
    Status,
    SyncSession,
)
from xiuzhou_desktop.domain.canonical import canonical, digest
from xiuzhou_desktop.domain.command import Command, Effect, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record, grant_for
from xiuzhou_desktop.domain.ids import CommandId, Grant, RecordId
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor, Context, Fact, Moves

SECRET = "key outside the database"
KEPT = ("records", "grants_of", "tombs", "receipts", "applied", "seq", "floor")


class Resync(Exception):
    """409 or 410."""


class Forbidden(Exception):
    """403."""


def grant_of(record: Record) -> Grant:
    return grant_for(record.scope, KINDS[record.kind].group)


def mac(receipt: Receipt) -> str:
    return digest([SECRET, msgspec.structs.replace(receipt, mac="")])


class DistrictServer:
    """Store, feed and judge of one district."""

    def __init__(self, now: datetime, grants: frozenset[Grant], actor: Actor) -> None:
        self.now, self.epoch, self.base = now, "epoch-1", 0
        self.records: dict[RecordId, Record] = {}
        self.tombs: list[tuple[int, RecordId, Kind, Grant]] = []
        self.receipts: dict[CommandId, CommandResult] = {}
        self.applied: Counter[CommandId] = Counter()
        self.effects: Counter[tuple[CommandId, int]] = Counter()
        self.seq = self.floor = 0
        self.grants_of: dict[str, frozenset[Grant]] = {actor.user: grants}
        self.actors = {actor.user: actor}
        self.window_until: datetime | None = None
        self.states: dict[tuple[RecordId, int], str] = {}
        self.complaints: list[str] = []
        self._backup: Mapping[str, object] | None = None

    # -- what the world does --------------------------------------------------------------------

    def put(self, *records: Record) -> None:
        """An import: one seq each."""
        for record in records:
            self.seq += 1
            old = self.records.get(record.id)
            if old and grant_of(old) != grant_of(record):
                self.tombs.append((self.seq, record.id, record.kind, grant_of(old)))
            self.records[record.id] = msgspec.structs.replace(
                record, seq=self.seq, version=(old.version if old else 0) + 1,
                state_version=record.state_version or max(1, self.base + 1),
            )  # fmt: skip

    def delete(self, record: RecordId) -> None:
        gone = self.records.pop(record)
        self.seq += 1
        self.tombs.append((self.seq, record, gone.kind, grant_of(gone)))

    def compact(self) -> None:
        self.floor, self.tombs = self.seq, []

    def colleague(self, kind: Kind, record: RecordId, transition: str, **args: object) -> bool:
        """Somebody else acts, online."""
        command = Command(
            id=CommandId(f"colleague-{self.epoch}-{self.seq}-{transition}"), client_seq=0,
            kind=kind, record=record, transition=transition, args=args,  # type: ignore[arg-type]
            issued_at=self.now, not_after=self.now + timedelta(days=1),
        )  # fmt: skip
        result = self._judge("duty", command, None)
        return result.status is Status.APPLIED

    def back_up(self) -> None:
        self._backup = copy.deepcopy({name: getattr(self, name) for name in KEPT})

    def restore(self) -> None:
        if self._backup is None:
            return
        grants = self.grants_of
        for name, value in copy.deepcopy(dict(self._backup)).items():
            setattr(self, name, value)
        self.grants_of = grants
        number = int(self.epoch.removeprefix("epoch-")) + 1
        self.epoch, self.base = f"epoch-{number}", number * 1000
        self.window_until = self.now + timedelta(minutes=30)

    # -- the wire -------------------------------------------------------------------------------

    def session(self, user: str) -> SyncSession:
        actor = self.actors[user]
        return SyncSession(
            epoch=self.epoch, version_base=self.base, horizon=self.seq,
            grants=tuple(sorted(self.grants_of[user])), schema=SchemaRange(min=1, max=1),
            server_time=self.now,
            account=Account(
                user=user, name=actor.name, officer=actor.officer, roles=tuple(actor.roles)
            ),
        )  # fmt: skip

    def pull(self, user: str, asked: PullRequest) -> PullPage:
        mine = self.grants_of[user]
        epoch, seq, grants = msgspec.json.decode(asked.cursor, type=tuple[str, int, list[str]])
        if epoch != self.epoch or seq < self.floor:
            raise Resync
        if frozenset(grants) != mine:
            return self._page(asked.cursor, seq, mine, (), has_more=True)
        lines = self._lines(seq, mine)
        cut = min(asked.limit, len(lines))
        while 0 < cut < len(lines) and lines[cut].seq == lines[cut - 1].seq:
            cut += 1  # a page ends where a seq ends (R13)
        more = cut < len(lines)
        at = lines[cut - 1].seq if more else self.seq
        return self._page(asked.cursor, at, mine, tuple(lines[:cut]), has_more=more)

    def snapshot(
        self, user: str, grant: Grant, part: str, after: str | None, limit: int
    ) -> SnapshotPage:
        if grant not in self.grants_of[user]:
            raise Forbidden
        wanted = [
            record
            for i, record in sorted(self.records.items())
            if grant_of(record) == grant and record.is_open == (part == "open")
        ]
        page = [record for record in wanted if record.id > (after or "")][:limit]
        return SnapshotPage(
            grant=grant, as_of=self.seq, cursor=self._cursor(self.seq, self.grants_of[user]),
            epoch=self.epoch, has_more=len(page) == limit,
            after_id=page[-1].id if page else None, total=len(wanted),
            records=tuple(_raw(record) for record in page),
        )  # fmt: skip

    def push(self, user: str, request: PushRequest) -> PushAnswer:
        if request.epoch != self.epoch:
            raise Resync
        return PushAnswer(
            results=tuple(
                self._judge(user, command, request.resent.get(command.id))
                for command in request.commands
            )
        )

    # -- parts ----------------------------------------------------------------------------------

    def _lines(self, after: int, mine: frozenset[Grant]) -> list[Change]:
        lines = [
            Change(seq=r.seq, kind=r.kind, id=r.id, op=Op.PUT, record=_raw(r))
            for r in self.records.values()
            if r.seq > after and grant_of(r) in mine
        ]
        lines += [
            Change(seq=q, kind=kind, id=i, op=Op.GONE, grant=g, why="moved")
            for q, i, kind, g in self.tombs
            if q > after and g in mine
        ]
        return sorted(lines, key=lambda line: (line.seq, line.id))

    def _page(
        self, sent: str, at: int, mine: frozenset[Grant], lines: tuple[Change, ...],
        *, has_more: bool,
    ) -> PullPage:  # fmt: skip
        return PullPage(
            from_cursor=sent, cursor=self._cursor(at, mine), has_more=has_more, horizon=self.seq,
            grants=tuple(sorted(mine)), changes=lines,
            digest=None if has_more else {g: self._digest(g) for g in sorted(mine)},
        )  # fmt: skip

    def _digest(self, grant: Grant) -> object:
        x = n = 0
        for record in self.records.values():
            if grant_of(record) == grant:
                n, x = n + 1, x ^ line_digest(record.id, record.seq)
        return grant_digest(n, x)

    def _cursor(self, seq: int, mine: frozenset[Grant]) -> str:
        return msgspec.json.encode((self.epoch, seq, sorted(mine))).decode()

    def _judge(self, user: str, command: Command, resent: Resent | None) -> CommandResult:
        known = self.receipts.get(command.id)
        if known:
            return self._filtered(user, known)
        proof = resent.receipt if resent else None
        if proof and (mac(proof) != proof.mac or proof.command != command.id):
            proof = None
        held = next((c for c in command.after if not self._is_applied(c)), None)
        if held:
            return CommandResult(id=command.id, status=Status.HELD, problem=Problem(slug="held"))
        status, slug = self._stands(user, command, proof)
        if status is Status.HELD:
            return CommandResult(id=command.id, status=Status.HELD, problem=Problem(slug="held"))
        if status is not Status.APPLIED:
            return self._ended(user, command, status, slug)
        return self._carried(user, command, proof, resent)

    def _is_applied(self, command: CommandId) -> bool:
        known = self.receipts.get(command)
        return known is not None and known.status is Status.APPLIED

    def _stands(self, user: str, command: Command, proof: Receipt | None) -> tuple[Status, str]:
        target, expect = self.records.get(command.record), command.expect
        in_window = self.window_until is not None and self.now < self.window_until
        if proof is None and self.now > command.not_after:
            return Status.EXPIRED, "expired"
        if expect is None:
            return Status.APPLIED, ""
        if expect.absent is True:
            return (Status.CONFLICT, "exists") if target else (Status.APPLIED, "")
        if target is None:
            return (Status.HELD if in_window else Status.GONE), "gone"
        if grant_of(target) not in self.grants_of[user]:
            return Status.REFUSED, "grant-revoked"
        if target.state_version != expect.state_version:
            is_early = in_window and (proof or target.state_version < self.base)
            return (Status.HELD if is_early else Status.CONFLICT), "version"
        return Status.APPLIED, ""

    def _carried(
        self, user: str, command: Command, proof: Receipt | None, resent: Resent | None
    ) -> CommandResult:
        at = proof.applied_at if proof else self.now
        actor = self.actors[user]
        rules = Context(
            now=at, actor=msgspec.structs.replace(actor, grants=self.grants_of[user]),
            calendar=WorkCalendar(), policy=Policy(), rows=self.rows,
        )  # fmt: skip
        outcome = judge(command, self.records.get(command.record), rules)
        assert not isinstance(outcome, Undecided)
        if isinstance(outcome, Refusal):
            return self._ended(user, command, Status.REFUSED, outcome.slug)
        told = digest([[(r.id, str(r.state)) for r in outcome.written], len(outcome.effects)])
        if proof and told != proof.digest:
            return self._ended(user, command, Status.CONFLICT, "replay-differs")
        self.seq += 1
        images, versions = [], {}
        for record in outcome.written:
            stamped = self._stamped(command, record, proof, at, actor)
            self.records[record.id] = stamped
            versions[record.id] = stamped.state_version
            images.append(_raw(stamped))
        self.applied[command.id] += 1
        in_doubt = resent is not None
        self._carry_out(command, outcome.effects, in_doubt=in_doubt)
        receipt = Receipt(
            command=command.id, fingerprint=digest(command), user=user, epoch=self.epoch,
            seq=self.seq, applied_at=at, digest=told, versions=versions, mac="",
        )  # fmt: skip
        self.receipts[command.id] = CommandResult(
            id=command.id, status=Status.APPLIED, seq=self.seq, records=tuple(images),
            applied_at=at, receipt=msgspec.structs.replace(receipt, mac=mac(receipt)),
        )  # fmt: skip
        return self._filtered(user, self.receipts[command.id])

    def _carry_out(self, command: Command, effects: Iterable[Effect], *, in_doubt: bool) -> None:
        """The provider deduplicates by key; what is in doubt is looked up first."""
        for index, _ in enumerate(effects):
            if not (in_doubt and self.effects[command.id, index]):
                self.effects[command.id, index] += 1

    def _stamped(
        self, command: Command, record: Record, proof: Receipt | None, at: datetime, actor: Actor
    ) -> Record:
        old = self.records.get(record.id)
        before = old.state_version if old else 0
        row = KINDS[command.kind].transition(command.transition)
        moves = old is None or str(old.state) != str(record.state)
        is_target = record.id == command.record and row is not None
        moves = moves or (is_target and row is not None and row.moves is Moves.WORKFLOW)
        version = before
        if moves:
            told = proof.versions.get(record.id, 0) if proof else 0
            version = told if told > before else max(before, self.base) + 1
            named = self.states.setdefault((record.id, version), str(record.state))
            if named != str(record.state):
                self.complaints.append("I15 one version, two states")
        entry = LogEntry(
            at=at, actor=actor.user, actor_name=actor.name, name=command.transition,
            from_state=str(old.state) if old else None, to_state=str(record.state),
            command=command.id,
        )  # fmt: skip
        return msgspec.structs.replace(
            record, seq=self.seq, version=(old.version if old else 0) + 1, state_version=version,
            log=(*(old.log if old else ()), entry)[-50:],
        )  # fmt: skip

    def _ended(self, user: str, command: Command, status: Status, slug: str) -> CommandResult:
        self.receipts[command.id] = CommandResult(
            id=command.id, status=status, problem=Problem(slug=slug)
        )
        result = self._filtered(user, self.receipts[command.id])
        target = self.records.get(command.record)
        if status is Status.CONFLICT and target and grant_of(target) in self.grants_of[user]:
            return msgspec.structs.replace(result, current=_raw(target))
        return result

    def _filtered(self, user: str, result: CommandResult) -> CommandResult:
        """Receipts are filtered by the reader's present grants (R14)."""
        seen = tuple(raw for raw in result.records if _grant(raw) in self.grants_of[user])
        return msgspec.structs.replace(result, records=seen)

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...]:
        return tuple(
            record
            for _, record in sorted(self.records.items())
            if record.kind is fact.kind
            and getattr(record, fact.by.value) == value
            and (fact.closed or record.is_open)
        )


class _Head(msgspec.Struct):
    kind: Kind
    scope: str


def _raw(record: Record) -> msgspec.Raw:
    return msgspec.Raw(canonical(record))


def _grant(raw: msgspec.Raw) -> Grant:
    head = msgspec.json.decode(raw, type=_Head)
    return grant_for(head.scope, KINDS[head.kind].group)


AnswerT = TypeVar("AnswerT")


def crossed(answer: AnswerT, kind: type[AnswerT]) -> AnswerT:
    """As it comes out of the network."""
    return msgspec.json.decode(msgspec.json.encode(answer), type=kind)
