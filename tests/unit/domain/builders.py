"""A district small enough for a test: records in a dict, judged by the real judge and applied."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from xiuzhou_desktop.domain.command import Command, FieldChange, Judgement, Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, CategoryCode, CommandId, RecordId, SubjectKey
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.officer import Certificate, OfficerBody, OfficerState
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor, Context, Fact, FactKey, Role

MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 08:30 in Xiuzhou, a Monday
BLOB = "sha256:" + "a" * 64
HERE = Place(lon_e7=1_207_090_000, lat_e7=307_633_000)
COLUMN = {
    FactKey.ID: "id",
    FactKey.SUBJECT: "subject_key",
    FactKey.PARENT: "parent_id",
    FactKey.AREA: "area",
}


def rid(number: int) -> RecordId:
    """A record id."""
    return RecordId(f"00000000-0000-7000-8000-{number:012d}")


FIRST, SECOND, LAPSED = rid(901), rid(902), rid(903)


def an_actor(*roles: Role, officer: RecordId | None = FIRST) -> Actor:
    """Somebody in the district with these roles."""
    return Actor(
        user="duty", name="王敏", officer=officer, roles=frozenset(roles),
        grants=grants_for([(role, DISTRICT) for role in roles]),
    )  # fmt: skip


DUTY, SUPERVISOR = an_actor(Role.DUTY_OFFICER), an_actor(Role.SUPERVISOR)
SYSTEM, DEVICE = an_actor(Role.SYSTEM, officer=None), an_actor(Role.DEVICE, officer=None)
ADMINISTRATOR = an_actor(Role.ADMINISTRATOR)


def a_flag(state: FlagState = FlagState.DETECTED, **body: object) -> Record:
    """A parking flag of 08:30; `body` replaces fields of it."""
    fields = FlagBody(
        captured_at=MORNING, plate="浙FD8K31", plate_colour="blue", address="中山西路"
    )
    return Record(
        kind=Kind.FLAG, id=rid(1), state=state.value, category=CategoryCode("05-05"), place=HERE,
        subject_key=SubjectKey("plate:浙FD8K31/blue"), priority=3, opened_at=MORNING,
        due_at=MORNING + timedelta(minutes=30), title="浙FD8K31 中山西路",
        body=msgspec.structs.replace(fields, **body),
    )  # fmt: skip


def an_officer(record: RecordId, until: date) -> Record:
    """An officer whose certificate is valid up to that day."""
    certificate = Certificate(number="11-0001", valid_from=date(2024, 1, 1), valid_to=until)
    return Record(
        kind=Kind.OFFICER, id=record, state=OfficerState.ACTIVE.value, opened_at=MORNING,
        title="李强", body=OfficerBody(user="li", name="李强", certificates=(certificate,)),
    )  # fmt: skip


class District:
    """Records and a clock; `do` judges one command and applies its outcome."""

    def __init__(self, *records: Record) -> None:
        officers = (
            an_officer(FIRST, date(2027, 12, 31)),
            an_officer(SECOND, date(2027, 12, 31)),
            an_officer(LAPSED, date(2026, 11, 22)),
        )
        self.records = {record.id: record for record in (*officers, *records)}
        self.now = MORNING
        self.policy = Policy()
        self.calendar = WorkCalendar()
        self.count = 0
        self.last: Judgement | None = None

    def context(self, actor: Actor) -> Context:
        """What the judge is told."""
        return Context(
            now=self.now, actor=actor, calendar=self.calendar, policy=self.policy, rows=self.rows,
            custodies=tuple(r for r in self.records.values() if r.kind is Kind.CUSTODY),
        )  # fmt: skip

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...] | None:
        """The answer to a fact, as the backend gives it."""
        return tuple(
            record
            for record in self.records.values()
            if record.kind is fact.kind
            and getattr(record, COLUMN[fact.by]) == value
            and (fact.closed or record.is_open)
        )

    def judge(self, actor: Actor, what: tuple[Kind, RecordId, str], **args: object) -> Judgement:
        """Judge without applying; `fields` of the command travel as the argument `_fields`."""
        kind, record, transition = what
        fields = args.pop("_fields", {})
        self.count += 1
        command = Command(
            id=CommandId(f"00000000-0000-7000-9000-{self.count:012d}"), client_seq=self.count,
            kind=kind, record=record, transition=transition, issued_at=self.now,
            not_after=self.now + timedelta(days=1), args=args,  # type: ignore[arg-type]
            fields={name: FieldChange(base=None, new=new) for name, new in fields.items()},  # type: ignore[attr-defined]
        )  # fmt: skip
        return judge(command, self.records.get(record), self.context(actor))

    def do(self, actor: Actor, what: tuple[Kind, RecordId, str], **args: object) -> Record:
        """Apply it; it must be allowed. Returns the target as it is now."""
        outcome = self.judge(actor, what, **args)
        assert isinstance(outcome, Outcome), outcome
        self.apply(outcome)
        return self.records[what[1]]

    def apply(self, outcome: Outcome) -> None:
        """Store what was written."""
        self.last = outcome
        for record in outcome.written:
            self.records[record.id] = record

    def refuse(self, actor: Actor, what: tuple[Kind, RecordId, str], **args: object) -> Refusal:
        """It must be refused."""
        refusal = self.judge(actor, what, **args)
        assert isinstance(refusal, Refusal), refusal
        return refusal

    def of(self, kind: Kind) -> Record:
        """The one record of that kind."""
        (found,) = [record for record in self.records.values() if record.kind is kind]
        return found

    def later(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)


def flag(transition: str) -> tuple[Kind, RecordId, str]:
    """A transition of the one flag."""
    return Kind.FLAG, rid(1), transition


def body(record: Record) -> FlagBody:
    """The flag's body."""
    assert isinstance(record.body, FlagBody)
    return record.body


def notified(*, minutes_later: int = 15) -> District:
    """A flag whose notice was delivered, that many minutes ago."""
    district = District(a_flag())
    district.do(DUTY, flag("confirm"))
    district.do(SYSTEM, flag("notice_sent"), provider_id="p-1")
    district.do(SYSTEM, flag("notice_delivered"))
    district.later(minutes_later)
    return district


def with_second_frame(**measured: object) -> District:
    """A second look that is due, with a picture taken now."""
    district = notified()
    at = district.now.isoformat()
    district.do(DUTY, flag("second_frame"), at=at, blob=BLOB, **measured)
    return district


def arrived() -> District:
    """A patrol on the spot."""
    district = District(a_flag(still=BLOB))
    district.do(DUTY, flag("send_onsite"))
    task = district.of(Kind.TASK).id
    district.do(DUTY, (Kind.TASK, task, "accept"))
    district.do(DUTY, (Kind.TASK, task, "arrive"), lon_e7=HERE.lon_e7 + 5000, lat_e7=HERE.lat_e7)
    return district
