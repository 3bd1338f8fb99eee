"""The ledger of publication as it stands when the demonstration opens, and what its portal shows.

    the closed period's decisions     every one published in time
    decisions of the last two weeks   one of each trouble that a clerk knows (STORIES)

All of it is judged: a notice that is published here went through both signatures.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.demo.ledger import Deed, Ledger
from xiuzhou_desktop.backend.demo.past_cases import (
    CaseDays,
    closed_case,
    next_workday,
)
from xiuzhou_desktop.backend.demo.people import CLERK, REVIEWER
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import dice
from xiuzhou_desktop.backend.publication.ledger import publication_id
from xiuzhou_desktop.backend.publication.portal import Shown
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure
from xiuzhou_desktop.domain.case_dates import local_day
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.party import AgeClass, PartyType
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.publication_body import (
    PublicationBody,
    PublicationState,
    source_digest,
)
from xiuzhou_desktop.domain.workcalendar import LOCAL, WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor
from xiuzhou_desktop.domain.writing import body_of, with_body, with_columns

FILED_DAYS_BEFORE = 27  # from filing to decision of the recent ones
HIDDEN_CALL = "店员电话1 3 8/5734.0021，"  # no rule knows this form: only the second scan does
LOST_BEFORE = timedelta(minutes=25)  # the portal lost it this morning
REFUSAL = "接口返回 503，已试 5 次"


class Story(NamedTuple):
    """One recent decision: how many working days ago it was made, and which acts followed."""

    workdays_ago: int
    acts: tuple[str, ...] = ()
    is_citizen: bool = True
    is_minor: bool = False
    facts: str = ""


SIGNED = ("mask", "confirm")
STORIES: tuple[Story, ...] = (
    Story(8),
    Story(7, (*SIGNED, "fail"), is_citizen=False),
    Story(6, ("mask",)),
    Story(5, facts=HIDDEN_CALL),
    Story(4, ("mask", "return_")),
    Story(3, is_citizen=False),
    Story(1),
    Story(9, (*SIGNED, "list", "miss")),
    Story(8, (*SIGNED, "list_twice"), is_citizen=False),
    Story(6, ("list",)),
    Story(10, (*SIGNED, "list", "retract", "unlist")),
    Story(9, (*SIGNED, "list", "retract", "unlist"), is_citizen=False),
    Story(7, is_minor=True),
)


def recent_cases(world: World, policy: Policy, calendar: WorkCalendar) -> Iterator[Record]:
    """The decisions of the stories, served and not yet closed; the province is their master."""
    chance = dice(world.seed, "recent decisions", world.date.isoformat())
    for place, story in enumerate(STORIES, 1):
        decided = workdays_before(calendar, world.date, story.workdays_ago)
        filed = datetime.combine(decided - timedelta(days=FILED_DAYS_BEFORE), time(9, 20), LOCAL)
        days = CaseDays(
            filed=filed, notice=next_workday(calendar, decided - timedelta(days=11)),
            decided=decided, served=decided, paid=decided,
        )  # fmt: skip
        number = f"XZ-A-{local_day(filed):%Y%m%d}-{900 + place:04d}"
        shop = chance.choice(world.shops)
        case = closed_case(chance, policy, (number, Procedure.ORDINARY, days), shop)
        yield _unfinished(case, story, shop.name)


def _unfinished(case: Record, story: Story, shop: str) -> Record:
    body = body_of(case, CaseBody)
    is_company = not story.is_citizen
    name = shop if is_company else "王小明" if story.is_minor else body.party_name
    if body.party_type is PartyType.ORGANISATION and not is_company:
        name = "王建国"
    case = with_body(
        case, master=CaseMaster.PROVINCIAL, paid_fen=0, paid_on=None, party_name=name,
        party_type=PartyType.ORGANISATION if is_company else PartyType.CITIZEN,
        party_uscc=body.party_uscc if is_company else None,
        party_age=None if is_company else AgeClass.MINOR if story.is_minor else AgeClass.ADULT,
        facts=f"{story.facts}{body.facts}",
    )  # fmt: skip
    title = case.title.split(" · ")[0]
    served = msgspec.structs.replace(
        case.log[-1], at=_start(body.decided_on), name="serve", from_state=CaseState.DECIDED.value,
        to_state=CaseState.SERVED.value,
    )  # fmt: skip
    return with_columns(
        case, state=CaseState.SERVED.value, closed_at=None, log=(served,),
        title=f"{title} · {name}", due_at=None,
    )  # fmt: skip


def publish(
    ledger: Ledger, past: Iterable[Record], recent: Iterable[Record], opening: datetime
) -> tuple[Shown, ...]:
    """Enact the ledger's history; returns what the portal shows."""
    ledger.take((*past, *recent))
    shown: list[Shown] = []
    for case in past:
        shown += _enact(ledger, case, (*SIGNED, "list"), opening)
    for case, story in zip(recent, STORIES, strict=True):
        shown += _enact(ledger, case, () if story.is_minor else story.acts, opening)
    return tuple(shown)


def _enact(
    ledger: Ledger, case: Record, acts: tuple[str, ...], opening: datetime
) -> Iterator[Shown]:
    body = body_of(case, CaseBody)
    record = publication_id(case.id, body.decision_no or "")
    at = _start(body.decided_on)
    ledger.enact(
        Deed(at=at, actor=SYSTEM, kind=Kind.PUBLICATION, record=record, transition="owe",
             args={"case": case.id})
    )  # fmt: skip
    for act in acts:
        at = opening - LOST_BEFORE if act == "miss" else _next_moment(ledger.calendar, at, opening)
        transition, actor, args = _deed(act, at, body)
        ledger.enact(
            Deed(at=at, actor=actor, kind=Kind.PUBLICATION, record=record, transition=transition,
                 args=args)
        )  # fmt: skip
    publication = ledger.records[record]
    if publication.state == PublicationState.PUBLISHED and body.master is CaseMaster.PROVINCIAL:
        own = body_of(publication, PublicationBody)
        for copy in range(own.listed):
            receipt = f"{own.receipt}-{copy}" if copy else str(own.receipt)
            yield Shown(decision_no=own.decision_no, receipt=receipt, at=own.listed_at or at)


def _deed(act: str, at: datetime, case: CaseBody) -> tuple[str, Actor, dict[str, Json]]:
    """An act of a story as a transition with its actor and arguments."""
    receipt = "ZW" + "".join(filter(str.isdigit, case.decision_no or ""))
    listed: dict[str, Json] = {"at": format_instant(at), "receipt": receipt}
    told: dict[str, tuple[str, Actor, dict[str, Json]]] = {
        "mask": ("mask", CLERK.actor(), {"source": source_digest(case)}),
        "confirm": ("confirm", REVIEWER.actor(), {}),
        "return_": ("return_", REVIEWER.actor(), {"reason": "事实中的店员称谓需一并遮盖"}),
        "list": ("list", SYSTEM, listed),
        "list_twice": ("list", SYSTEM, listed | {"count": 2}),
        "miss": ("miss", SYSTEM, {}),
        "fail": ("fail", SYSTEM, {"cause": "refused", "detail": REFUSAL}),
        "retract": ("retract", CLERK.actor(), {"public_reason": "决定书文字更正，重新公示前撤回"}),
        "unlist": ("unlist", SYSTEM, {}),
    }
    return told[act]


def _next_moment(calendar: WorkCalendar, at: datetime, opening: datetime) -> datetime:
    """The next working morning, but always before the demonstration opens."""
    day = calendar.add_workdays(local_day(at), 1)
    morning = datetime.combine(day, time(9, 35), LOCAL)
    latest = opening - timedelta(minutes=1)
    return morning if morning < latest else at + (latest - at) / 2


def _start(decided: date | None) -> datetime:
    """When the decision of that day was handed over."""
    return datetime.combine(decided or date.min, time(16, 40), LOCAL)


def workdays_before(calendar: WorkCalendar, day: date, count: int) -> date:
    """The working day that lies so many working days before."""
    while count > 0:
        day -= timedelta(days=1)
        count -= calendar.is_workday(day)
    return day
