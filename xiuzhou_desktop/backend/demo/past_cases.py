"""The closed period's penalty cases: as many as the district says it had, each a record, so that
every figure about them is a count.

They were handled before this system: the body holds what was done with its days, the log begins
with the closing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from xiuzhou_desktop.backend.demo.case_plans import ZJ_SR
from xiuzhou_desktop.backend.demo.demo_date import reporting_period
from xiuzhou_desktop.backend.demo.people import CLERK, DUTY, DUTY2, PATROLS
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import dice
from xiuzhou_desktop.backend.demo.world.things import Shop
from xiuzhou_desktop.domain.areas import scope_of
from xiuzhou_desktop.domain.case_body import (
    CaseBody,
    CaseState,
    DocumentKind,
    IssuedDocument,
    Penalty,
    PenaltyKind,
    Procedure,
    Service,
    ServiceMethod,
)
from xiuzhou_desktop.domain.case_dates import end_of, local_day
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.case_steps import document_number
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record, Struct
from xiuzhou_desktop.domain.fields import FEN_PER_YUAN
from xiuzhou_desktop.domain.ids import (
    AreaCode,
    CategoryCode,
    CommandId,
    SubjectKey,
    derived_id,
)
from xiuzhou_desktop.domain.party import AgeClass, PartyType
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import LOCAL, WorkCalendar

GENERAL, FAST_TRACK = 611, 157  # 一般程序 of the period, 简案快办 among them (domain.md §1)
LONGEST_DAYS = 70  # none is filed so late that it could not be closed within the period
ORGANISATION_SHARE = 0.4
MATTERS: dict[str, tuple[str, str, tuple[int, ...], int]] = {
    "05-04": ("越门经营", f"{ZJ_SR}第十七条", (100, 200, 300, 500, 800), 44),
    "05-07": ("乱堆物料", f"{ZJ_SR}第十二条", (200, 300, 500, 1_000, 2_000), 18),
    "01-02": ("暴露垃圾", f"{ZJ_SR}第三十二条", (100, 200, 300, 500), 16),
    "05-01": ("占道经营", f"{ZJ_SR}第十六条", (20, 30, 50), 12),
    "03-04": ("道路遗撒", f"{ZJ_SR}第二十二条", (1_000, 2_000, 3_000, 5_000), 10),
}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马沈顾钱"
GIVEN = "建国明华丽芳伟强军敏静磊洋艳勇杰娟涛超霞平刚桂英"
TAKES = {Procedure.ORDINARY: (16, 40), Procedure.FAST_TRACK: (4, 8)}  # days from filing to decision


class CaseDays(Struct, frozen=True, kw_only=True):
    """When a case took its steps."""

    filed: datetime
    notice: date
    decided: date
    served: date
    paid: date


def past_cases(world: World, policy: Policy, calendar: WorkCalendar) -> Iterator[Record]:
    """All of them, in the order in which they were filed, numbered by the day."""
    start, end = reporting_period(world.date)
    chance = dice(world.seed, "cases", world.date.isoformat())
    days = (end - start).days - LONGEST_DAYS
    filed = sorted(_moment(chance, start, days) for _ in range(GENERAL))
    fast = frozenset(chance.sample(range(GENERAL), FAST_TRACK))
    numbers: Counter[str] = Counter()
    for place, at in enumerate(filed):
        series = f"XZ-A-{local_day(at):%Y%m%d}"
        numbers[series] += 1
        number = f"{series}-{numbers[series]:04d}"
        procedure = Procedure.FAST_TRACK if place in fast else Procedure.ORDINARY
        times = _days(chance, at, procedure, calendar)
        yield closed_case(chance, policy, (number, procedure, times), chance.choice(world.shops))


def _moment(chance: Random, start: datetime, days: int) -> datetime:
    day = start + timedelta(days=chance.randrange(days))
    return day + timedelta(hours=chance.randrange(8, 17), minutes=chance.randrange(60))


def _days(
    chance: Random, filed: datetime, procedure: Procedure, calendar: WorkCalendar
) -> CaseDays:
    shortest, longest = TAKES[procedure]
    decided = next_workday(
        calendar, local_day(filed) + timedelta(chance.randrange(shortest, longest))
    )
    before = 2 if procedure is Procedure.FAST_TRACK else 9
    notice = next_workday(calendar, decided - timedelta(days=before + 2))
    served = calendar.add_workdays(decided, chance.randrange(1, 4))
    return CaseDays(
        filed=filed, notice=max(notice, local_day(filed)), decided=decided, served=served,
        paid=min(served + timedelta(days=chance.randrange(14)), decided + timedelta(days=15)),
    )  # fmt: skip


def next_workday(calendar: WorkCalendar, day: date) -> date:
    """The day itself, or the first working day behind it."""
    return day if calendar.is_workday(day) else calendar.add_workdays(day, 1)


def closed_case(
    chance: Random, policy: Policy, known: tuple[str, Procedure, CaseDays], shop: Shop
) -> Record:
    """A case that went the whole way, under its number, procedure and days."""
    number, procedure, days = known
    category = chance.choices(tuple(MATTERS), [one[3] for one in MATTERS.values()])[0]
    record_id, area = derived_id("past-case", number), AreaCode(shop.area)
    body = _body(chance, policy, category, known, shop)
    closed = datetime.combine(days.paid, time(16, 30), LOCAL)
    is_company = body.party_type is PartyType.ORGANISATION
    return Record(
        kind=Kind.CASE, id=record_id, number=number, scope=scope_of(area),
        state=CaseState.CLOSED.value, category=CategoryCode(category), area=area,
        subject_key=SubjectKey(f"uscc:{shop.uscc}") if is_company else None,
        place=Place(lon_e7=round(shop.point.lon * 1e7), lat_e7=round(shop.point.lat * 1e7)),
        priority=3, source="past", opened_at=days.filed, closed_at=closed,
        title=f"{MATTERS[category][0]} · {body.party_name}", body=body, version=12,
        state_version=12, assignee=chance.choice((DUTY, DUTY2)).user,
        log=(
            LogEntry(
                at=closed, actor=CLERK.user, actor_name=CLERK.name, name="close",
                from_state=CaseState.PAID.value, to_state=CaseState.CLOSED.value,
                command=CommandId(derived_id("past", record_id)),
            ),
        ),
    )  # fmt: skip


def _body(
    chance: Random,
    policy: Policy,
    category: str,
    known: tuple[str, Procedure, CaseDays],
    shop: Shop,
) -> CaseBody:
    number, procedure, days = known
    words, basis, fines, _ = MATTERS[category]
    is_company = chance.random() < ORGANISATION_SHARE
    party = shop.name if is_company else _citizen(chance)
    fine = chance.choice(fines) * FEN_PER_YUAN
    penalty = Penalty(kind=PenaltyKind.FINE, fine_fen=fine)
    provincial = policy.master_of(category) is CaseMaster.PROVINCIAL
    decision = document_number(DocumentKind.DECISION, number)
    return CaseBody(
        master=policy.master_of(category), procedure=procedure, basis=basis,
        provincial_no=f"浙嘉秀罚立〔{days.filed.year}〕{number[-13:]}" if provincial else None,
        officers=(chance.choice((DUTY, DUTY2)).officer, chance.choice(PATROLS[:2]).officer),
        facts=f"当事人在{shop.address}{words}，经责令限期改正，逾期未改正",
        party_name=party,
        party_type=PartyType.ORGANISATION if is_company else PartyType.CITIZEN,
        party_uscc=shop.uscc if is_company else None,
        party_masked_id=None if is_company else "330411********002*",
        party_age=None if is_company else AgeClass.ADULT, occurred_on=local_day(days.filed),
        filed_at=days.filed, decide_by=end_of(local_day(days.filed) + timedelta(policy.case_days)),
        proposed=penalty, notified=penalty, notice_on=days.notice, received_on=days.notice,
        admitted_on=days.notice if procedure is Procedure.FAST_TRACK else None,
        waived_on=days.notice, penalty=penalty, decided_on=days.decided, decision_no=decision,
        documents=(
            IssuedDocument(kind=DocumentKind.NOTICE, dated=days.notice,
                           number=document_number(DocumentKind.NOTICE, number)),
            IssuedDocument(kind=DocumentKind.DECISION, number=decision, dated=days.decided),
        ),
        service=Service(method=ServiceMethod.IN_PERSON, served_on=days.served),
        pay_by=days.served + timedelta(days=policy.payment_days), paid_fen=fine, paid_on=days.paid,
    )  # fmt: skip


def _citizen(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.randrange(1, 3)))
