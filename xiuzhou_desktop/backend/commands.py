"""Commands: each judged and carried out in one transaction with one seq (sync.md §4.4 *Judge*).

    lock → epoch → receipt? answer it → after → not_after → grant → expect → facts → judge →
        records, effects, receipt, one seq

A final result is recorded and never changes. HELD is not: nothing was executed, the client asks
again. Inside the window after a restore a command that would fail for something which another
workstation has yet to bring back is held, too (R22).
"""

import re
from datetime import datetime

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.problems import (
    RIGHTS,
    ProblemError,
    command_problem,
    refusal_problem,
)
from xiuzhou_desktop.backend.receipt_proof import fingerprint, is_proof, outcome_digest
from xiuzhou_desktop.backend.store import Tables, TableStore, codec
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.backend.store.opening import Opening, Wanted
from xiuzhou_desktop.backend.store.persons import Person, in_service
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.records import BLOB
from xiuzhou_desktop.backend.written import Occasion, carry_out
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Receipt, Resent, Status
from xiuzhou_desktop.domain.canonical import FloatInCanonicalError, canonical
from xiuzhou_desktop.domain.command import Command, Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.kinds import KINDS, RULING
from xiuzhou_desktop.domain.workflow import Actor, Context

# no canonical form: a float, an instant without zone or out of range, nesting beyond any use
UNSAYABLE = (FloatInCanonicalError, ValueError, OverflowError, RecursionError)
ADMINISTRATIVE = RULING | {Kind.OFFICER}  # each change is in the audit, too
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Sender(Struct, frozen=True, kw_only=True):
    """Who sends a batch, from which workstation, under which epoch."""

    user: str
    client_id: str | None
    epoch: str


class Judged(Struct, frozen=True, kw_only=True):
    """What became of a command; `is_new` False: the stored answer to an earlier send."""

    result: StoredResult
    is_new: bool


class EndingError(Exception):
    """A command ends here without being applied.

    `awaited`: what it failed for may come back while clients send again what a restore lost.
    """

    def __init__(self, status: Status, slug: str, awaited: str = "", **facts: str) -> None:
        super().__init__(status, slug)
        self.status = status
        self.problem = command_problem(slug, dict(facts))
        self.is_awaited = bool(awaited)


class _Case(Struct, frozen=True, kw_only=True):
    """One command, the transaction it is judged in, and who sent it: a person, or an actor within
    the backend.
    """

    tables: Tables
    command: Command
    user: str
    client_id: str | None
    actor: Actor | None
    person: Person | None
    resent: Resent | None
    now: datetime
    found: Opening

    @property
    def meta(self) -> Meta:
        """The feed's state."""
        return self.found.meta

    def actor_on(self, target: Record | None) -> Actor:
        """Who acts on this record; None: on one yet to be made."""
        if self.person is not None:
            return self.person.actor(grant_of(target) if target else None)
        if self.actor is None:
            raise AssertionError("a command without a sender")
        return self.actor

    def note(self, act: str, detail: str) -> None:
        """A row of the audit about the command's record."""
        self.tables.note(
            Note(at=self.now, who=self.user, act=act, subject=self.command.record, detail=detail)
        )

    def result(self, status: Status, problem: Problem, fingerprint: str = "") -> StoredResult:
        """An answer that applies nothing."""
        return StoredResult(
            id=self.command.id, user=self.user, client_id=self.client_id,
            record=self.command.record, fingerprint=fingerprint, status=status, at=self.now,
            problem=problem,
        )  # fmt: skip


class Desk:
    """Carries out commands: of officers' batches, timers, effects and devices alike."""

    def __init__(self, store: TableStore, clock: BusinessClock) -> None:
        self._store = store
        self._clock = clock

    def execute(self, sender: Sender, command: Command, resent: Resent | None = None) -> Judged:
        """A person's command in a transaction of its own. Raises ProblemError for what concerns the
        whole batch.
        """
        with self._store.writing() as tables:
            found = tables.opening(_wanted(command, sender.user))
            if sender.epoch != found.meta.epoch:
                raise ProblemError("epoch-mismatch")
            case = _Case(
                tables=tables, command=command, user=sender.user,
                client_id=sender.client_id, actor=None, resent=resent, now=self._clock.now(),
                found=found, person=in_service(found.person),
            )  # fmt: skip
            return self._answer(case)

    def execute_as(
        self,
        tables: Tables,
        actor: Actor,
        command: Command,
        resent: Resent | None = None,
    ) -> Judged:
        """A command of the backend itself, inside the caller's transaction."""
        case = _Case(
            tables=tables, command=command, user=actor.user, client_id=None, actor=actor,
            resent=resent, now=self._clock.now(), person=None,
            found=tables.opening(_wanted(command, None)),
        )  # fmt: skip
        return self._answer(case)

    def _answer(self, case: _Case) -> Judged:
        try:
            _refuse_foreign_ids(case)
            mark = fingerprint(self._store.mac_key, case.command)
        except EndingError as ending:
            return Judged(result=case.result(ending.status, ending.problem), is_new=True)
        except UNSAYABLE as error:
            problem = command_problem("bad-argument", {"detail": str(error)})
            return Judged(result=case.result(Status.REFUSED, problem), is_new=True)
        known = case.found.known
        if known is None:
            return Judged(result=self._judge(case, mark), is_new=True)
        if (known.fingerprint, known.user) == (mark, case.user):
            return Judged(result=known, is_new=False)
        return Judged(
            result=case.result(Status.REFUSED, command_problem("key-reused"), mark), is_new=True
        )

    def _judge(self, case: _Case, mark: str) -> StoredResult:
        proof = self._proof(case)
        try:
            _refuse_unready(case, proof)
            target = _target(case)
            _refuse_foreign_blobs(case)
            occasion = self._occasion(case, mark, proof, target)
            outcome = self._outcome(case, occasion, target)
        except EndingError as ending:
            return _end(case, ending, mark, proof)
        carried = carry_out(occasion, outcome, target)
        _keep_sealed(case)
        if case.command.kind in ADMINISTRATIVE:
            case.note(f"{case.command.kind}.{case.command.transition}", outcome.written[0].title)
        result = StoredResult(
            id=case.command.id, user=case.user, client_id=case.client_id,
            record=case.command.record, fingerprint=mark, status=Status.APPLIED, at=occasion.at,
            seq=carried.seq, images=carried.images, receipt=carried.receipt,
        )  # fmt: skip
        case.tables.save_result(result)
        return result

    def _proof(self, case: _Case) -> Receipt | None:
        """The receipt of a command that was applied before a restore, if it is ours."""
        brought = case.resent.receipt if case.resent else None
        if brought is None or brought.epoch == case.meta.epoch:
            return None
        is_ours = is_proof(self._store.mac_key, brought, case.command, case.user)
        return brought if is_ours else None

    def _occasion(
        self, case: _Case, mark: str, proof: Receipt | None, target: Record | None
    ) -> Occasion:
        actor = case.actor_on(target)
        return Occasion(
            tables=case.tables, mac_key=self._store.mac_key, meta=case.meta, command=case.command,
            fingerprint=mark, actor=actor, at=proof.applied_at if proof else case.now,
            around=case.found.around, proof=proof,
            in_doubt=case.resent is not None and case.resent.first_epoch != case.meta.epoch,
        )  # fmt: skip

    def _outcome(self, case: _Case, occasion: Occasion, target: Record | None) -> Outcome:
        around = occasion.around
        context = Context(
            now=occasion.at, actor=occasion.actor, calendar=around.calendar, policy=around.policy,
            rows=case.tables.answer_fact, custodies=around.custodies,
        )  # fmt: skip
        judgement = judge(case.command, target, context)
        if isinstance(judgement, Refusal):
            raise _refused(judgement)
        if not isinstance(judgement, Outcome):
            raise AssertionError("the backend knows every fact")
        _refuse_outsider(case, judgement, target)
        _refuse_foreign_touch(case, judgement)
        _refuse_second(case, judgement, target)
        _refuse_overlong(judgement)
        if occasion.proof and outcome_digest(judgement) != occasion.proof.digest:
            raise EndingError(Status.CONFLICT, "replay-differs")
        return judgement


def _wanted(command: Command, user: str | None) -> Wanted:
    return Wanted(command=command.id, record=command.record, user=user)


def _keep_sealed(case: _Case) -> None:
    """What the form takes and no record shows."""
    row = KINDS[case.command.kind].transition(case.command.transition)
    sealed = row.sealed_args(case.command.args) if row else {}
    if sealed:
        case.tables.keep_sealed(case.command.record, sealed)


def _refuse_foreign_ids(case: _Case) -> None:
    """Persons make UUIDv7; derived ids (v8) are the backend's and the judge's, so that nobody
    forges a spawned record.
    """
    if case.person is None:
        return
    if not UUID7.fullmatch(case.command.id):
        raise EndingError(Status.REFUSED, "bad-argument", detail="id")
    is_made = case.command.expect is not None and case.command.expect.absent is True
    if is_made and not UUID7.fullmatch(case.command.record):
        raise EndingError(Status.REFUSED, "bad-argument", detail="record")


def _refuse_unready(case: _Case, proof: Receipt | None) -> None:
    for cause in case.command.after:
        if not case.tables.is_applied(cause):
            raise EndingError(Status.HELD, "held", by=cause)
    if proof is None and case.now > case.command.not_after:
        raise EndingError(Status.EXPIRED, "expired")


def _target(case: _Case) -> Record | None:
    """The record as the officer saw it; None where it is to be made."""
    command, expect = case.command, case.command.expect
    target = case.found.target
    if target is not None and target.kind is not command.kind:
        raise EndingError(Status.REFUSED, "bad-argument", detail="kind")
    if target is not None and case.person and grant_of(target) not in case.person.grants:
        raise EndingError(Status.REFUSED, "grant-revoked")
    if expect is None:
        raise EndingError(Status.REFUSED, "bad-argument", detail="expect")
    if expect.absent is True:
        if target is not None:
            raise EndingError(Status.CONFLICT, "exists")
        return None
    if target is None:
        is_buried = case.tables.was_erased(command.record)
        raise EndingError(Status.GONE, "gone", awaited="" if is_buried else command.record)
    _refuse_other_version(case, target)
    return target


def _refuse_foreign_blobs(case: _Case) -> None:
    """A person names a file that he uploaded, or that he may read; another's is as good as not
    here: held until its bytes come, so that nobody learns what exists.
    """
    if case.person is None:
        return
    told = canonical({"args": case.command.args, "fields": case.command.fields}).decode()
    for blob in sorted({*BLOB.findall(told), *case.command.blobs}):
        is_readable = case.person.grants.intersection(case.tables.blob_grants(blob))
        if not is_readable and not case.tables.was_sent_by(blob, case.user):
            raise EndingError(Status.HELD, "held", blob=blob)


def _refuse_other_version(case: _Case, target: Record) -> None:
    expect = case.command.expect
    wanted = expect.state_version if expect else None
    if target.state_version == wanted:
        return
    is_lost = isinstance(wanted, int) and target.state_version < wanted < case.meta.version_base
    raise EndingError(
        Status.CONFLICT, "version", awaited=target.id if is_lost else "", state=str(target.state)
    )


def _refuse_outsider(case: _Case, outcome: Outcome, target: Record | None) -> None:
    """What a person makes must lie where that person holds a role that may make it."""
    if target is not None or case.person is None:
        return
    row = KINDS[case.command.kind].transition(case.command.transition)
    there = case.person.actor(grant_of(outcome.written[0]))
    if row is None or not there.roles & row.roles:
        raise EndingError(Status.REFUSED, "grant-revoked")


def _refuse_foreign_touch(case: _Case, outcome: Outcome) -> None:
    """Facts look behind a person's grants, writing does not: a town's officer changes no record of
    another town, such as the parent of a duplicate.
    """
    for one in outcome.written[1:] if case.person else ():
        old = case.tables.find_with_grant(one.id)
        if old is not None and case.person and old.grant not in case.person.grants:
            raise EndingError(Status.REFUSED, "grant-revoked")


def _refuse_second(case: _Case, outcome: Outcome, target: Record | None) -> None:
    """A source's own id names one record (a setting's name, an officer's user)."""
    new = outcome.written[0]
    if target is not None or new.source is None or new.external_id is None:
        return
    if case.tables.find_external(new.source, new.external_id) is not None:
        raise EndingError(Status.CONFLICT, "exists", external_id=new.external_id)


def _refuse_overlong(outcome: Outcome) -> None:
    """What does not fit its column is no code, key or id of this district."""
    for one in outcome.written:
        for name, longest in codec.LIMITS.items():
            value = getattr(one, name)
            if value is not None and len(value) > longest:
                raise EndingError(Status.REFUSED, "bad-argument", detail=name)


def _refused(refusal: Refusal) -> EndingError:
    is_conflict = refusal.slug == "field-conflict"
    ending = EndingError(Status.CONFLICT if is_conflict else Status.REFUSED, refusal.slug)
    ending.problem = refusal_problem(refusal)
    return ending


def _end(case: _Case, ending: EndingError, mark: str, proof: Receipt | None) -> StoredResult:
    """The recorded end; HELD, and what a replay may yet change in the window, is not recorded."""
    result = case.result(ending.status, ending.problem, mark)
    if ending.status is Status.HELD:
        return result
    is_replay = proof is not None and ending.status is not Status.EXPIRED
    if case.meta.is_replaying(case.now) and (is_replay or ending.is_awaited):
        return case.result(Status.HELD, command_problem("held", {"by": None}), mark)
    if case.person is not None and ending.problem.slug in RIGHTS:
        tried = f"{case.command.kind}.{case.command.transition}"
        case.note("command-refused", f"{tried}: {ending.problem.slug}")
    case.tables.save_result(result)
    return result
