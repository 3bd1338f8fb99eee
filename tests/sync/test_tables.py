"""The memory store answers as the SQL store does: one machine writes to both and asks both."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.sync.backing import MemoryBacking, SqlBacking
from tests.sync.campaign import sql_folder
from tests.unit.domain.builders import BLOB, MORNING, a_flag, rid
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Tables
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.store.effects import EffectState, Origin
from xiuzhou_desktop.backend.store.leases import Lease
from xiuzhou_desktop.backend.store.opening import Wanted
from xiuzhou_desktop.backend.store.receipts import Image, StoredResult
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.command import Effect, EffectKind
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record
from xiuzhou_desktop.domain.ids import CommandId, Scope, SubjectKey
from xiuzhou_desktop.domain.workflow import Fact, FactKey, Role

EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
NUMBERS = st.integers(1, 6)
SCOPES = st.sampled_from(["330411103", "330411104"])
MINUTES = st.integers(-20, 20).map(lambda m: MORNING + timedelta(minutes=m))
GRANTS = ("330411103:dispatch", "330411104:dispatch")
FACTS = [
    Fact(kind=Kind.FLAG, by=by, key=lambda *_: None, closed=closed)
    for by in FactKey
    for closed in (True, False)
]
STATES = st.sampled_from(list(EffectState))


class FailError(Exception):
    """A transaction that ends badly."""


def told(job: Callable[[], object]) -> object:
    """What a call answers, or which problem it raises."""
    try:
        return job()
    except ProblemError as error:
        return error.slug


def a_result(number: int, at: datetime) -> StoredResult:
    return StoredResult(
        id=rid(number), user="duty", record=rid(1), fingerprint="f", at=at, seq=number,
        status=Status.APPLIED if number % 2 else Status.REFUSED,
        images=(Image(grant=GRANTS[0], doc="{}"),), problem=Problem(slug="state"),
    )  # fmt: skip


class BothStores(RuleBasedStateMachine):  # noqa: PLR0904 - a rule for each thing to write
    """Every step is written to both; what both answer is compared after each."""

    def __init__(self) -> None:
        super().__init__()
        self.backings = MemoryBacking(), SqlBacking(sql_folder())
        memory, sql = (one.store for one in self.backings)
        with sql.reading() as tables:
            self.born = tables.meta()
        memory.rows.meta = self.born
        self.in_debt: set[int] = set()

    def both(self, job: Callable[[Tables], object]) -> object:
        """The same job in a transaction of each."""
        answers = []
        for one in self.backings:
            with one.store.writing() as tables:
                answers.append(told(lambda t=tables: job(t)))
        assert answers[0] == answers[1]
        return answers[0]

    def both_read(self, job: Callable[[Tables], object]) -> None:
        """The same job in a snapshot of each, which may know what was read before."""
        answers = []
        for one in self.backings:
            with one.store.reading() as tables:
                answers.append(job(tables))
        assert answers[0] == answers[1]

    # -- writing ----------------------------------------------------------------------------------

    @rule(number=NUMBERS, scope=SCOPES, at=MINUTES, closed=st.booleans(), timer=st.booleans())
    def write(self, number: int, scope: str, at: datetime, closed: bool, timer: bool) -> None:
        entry = LogEntry(
            at=at, actor="duty", actor_name="王敏", name="confirm", to_state="CONFIRMED",
            command=CommandId(rid(number)),
        )  # fmt: skip
        new = msgspec.structs.replace(
            a_flag(note=BLOB if number == 1 else None), id=rid(number), scope=Scope(scope),
            opened_at=at, closed_at=at if closed else None, source="seen",
            external_id=str(number), parent_id=rid(number + 1), log=(entry,),
            subject_key=SubjectKey(f"plate:{number % 2}"),
        )  # fmt: skip

        def job(tables: Tables) -> object:
            old = tables.find(new.id)
            stamped = msgspec.structs.replace(new, seq=tables.take_seq(), version=1)
            doc = tables.write(old, stamped, at if timer else None)
            tables.count_changes([(old, stamped)])
            tables.append_log([(stamped, entry)])
            return doc, tables.next_number("XZ-F", at)

        self.both(job)

    @rule(number=NUMBERS, at=MINUTES)
    def erase(self, number: int, at: datetime) -> None:
        def job(tables: Tables) -> object:
            old = tables.find(rid(number))
            return tables.erase(old, tables.take_seq(), at) if old else None

        self.both(job)

    @rule(number=NUMBERS, scope=SCOPES)
    def fail(self, number: int, scope: str) -> None:
        """All or nothing."""
        for one in self.backings:
            try:
                with one.store.writing() as tables:
                    new = msgspec.structs.replace(
                        a_flag(), id=rid(number), scope=Scope(scope), seq=tables.take_seq()
                    )
                    tables.write(tables.find(new.id), new, None)
                    raise FailError
            except FailError:
                continue

    @rule(number=NUMBERS, at=MINUTES)
    def judge(self, number: int, at: datetime) -> None:
        def job(tables: Tables) -> object:
            known = tables.is_known(rid(number))
            return known or tables.save_result(a_result(number, at))

        self.both(job)

    @rule(number=NUMBERS, at=MINUTES, state=STATES)
    def owe(self, number: int, at: datetime, state: EffectState) -> None:
        origin = Origin(command=CommandId(rid(number)), record=rid(1), at=at)
        wanted = [Effect(kind=EffectKind.SMS, args={"template": "notice"})]

        if number not in self.in_debt:
            self.in_debt.add(number)
            self.both(lambda t: t.owe(origin, wanted, state))

    @rule(number=NUMBERS, state=STATES, at=MINUTES, how=st.integers(0, 4))
    def move_effect(self, number: int, state: EffectState, at: datetime, how: int) -> None:
        def job(tables: Tables) -> object:
            found = [one for one in self._owed(tables) if one.command == rid(number)]
            acts = (
                lambda one: tables.mark_effect(one, state),
                lambda one: tables.end_effect(one, state),
                lambda one: tables.postpone_effect(one, at), tables.mark_told,
                lambda _: tables.doubt_effects(),
            )  # fmt: skip
            return [acts[how](one) for one in found]

        self.both(job)

    @rule(at=MINUTES)
    def forget(self, at: datetime) -> None:
        def job(tables: Tables) -> object:
            floor = tables.bury_no_longer_than(at)
            tables.raise_floor(floor or 0)
            return floor, tables.forget_results(at)

        self.both(job)

    @rule(number=NUMBERS, at=st.none() | MINUTES)
    def set_timer(self, number: int, at: datetime | None) -> None:
        self.both(lambda t: t.set_timer(rid(number), at))

    @rule(holder=st.sampled_from("ab"), at=MINUTES)
    def lease(self, holder: str, at: datetime) -> None:
        lease = Lease(name="timers", holder=holder, until=at + timedelta(minutes=5))
        self.both(lambda t: (t.holds_lease(lease), t.take_lease(lease, at)))

    @rule(scopes=st.sets(SCOPES))
    def allow(self, scopes: set[str]) -> None:
        roles = tuple((Role.DUTY_OFFICER, Scope(one)) for one in sorted(scopes))
        for one in self.backings:
            one.allow("duty", roles, None)

    @rule(floor=st.integers(0, 9))
    def raise_floor(self, floor: int) -> None:
        self.both(lambda t: t.raise_floor(floor))

    # -- asking -----------------------------------------------------------------------------------

    @invariant()
    def same(self) -> None:
        self.both(lambda t: [t.meta(), told(lambda: t.person("duty")), self._owed(t)])
        self.both(lambda t: t.digests([*GRANTS, "nobody"]))
        self.both_read(lambda t: t.digests([*GRANTS, "nobody"]))
        self.both(lambda t: t.due_timers(MORNING, 3))
        self.both(lambda t: [self._of_record(t, rid(number)) for number in range(1, 7)])

    @rule(seq=st.integers(0, 12), limit=st.integers(1, 5), after=st.integers(0, 6))
    def page(self, seq: int, limit: int, after: int) -> None:
        for grants in (GRANTS, GRANTS[:1]):
            self.both(lambda t, g=grants: t.changes_after(seq, g, limit))
            self.both_read(lambda t, g=grants: t.changes_after(max(seq, t.meta().floor), g, limit))
        for part in (0, 1):
            self.both(lambda t, p=part: t.snapshot_page(GRANTS[0], p, rid(after), limit))
        self.both(lambda t: t.changed_after(Kind.FLAG, seq))

    @rule(number=NUMBERS)
    def facts(self, number: int) -> None:
        for fact in FACTS:
            for value in (rid(number), f"plate:{number % 2}", "nobody"):
                self.both(lambda t, f=fact, v=value: t.answer_fact(f, v))

    def _of_record(self, tables: Tables, record: str) -> object:
        found: Record | None = tables.find(record)
        first = tables.opening(Wanted(command=record, record=record, user="duty"))
        assert first.meta == tables.meta()
        return (
            first.known, first.target, first.person, first.around,
            found, tables.find_doc(record), tables.find_with_grant(record),
            tables.was_erased(record), tables.is_known(record), tables.is_applied(record),
            tables.result_of(record), tables.find_external("seen", record[-1]),
            grant_of(found) if found else None,
        )  # fmt: skip

    def _owed(self, tables: Tables) -> list[object]:
        late = MORNING + timedelta(days=1)
        untold = tables.untold_effects(50, None)
        later = [one for after in untold for one in tables.untold_effects(50, after)]
        return [*tables.waiting_effects(late, 50), *untold, *later]


BothStores.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
TestBothStores = BothStores.TestCase


def test_a_blob_is_named_alike() -> None:
    for one in (MemoryBacking(), SqlBacking(sql_folder())):
        with one.store.writing() as tables:
            assert tables.blob_grants(BLOB) == ()
            assert tables.was_sent_by(BLOB, "duty") and not tables.was_sent_by(BLOB, "nobody")
