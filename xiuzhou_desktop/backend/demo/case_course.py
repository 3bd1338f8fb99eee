"""How a planned case came to where the shift finds it: its acts, by whom, each some days after the
one before; the province's answers; and the evidence, with its pictures and papers.

    lead ─ file ─ investigate ─ evidence ─ party ─ facts ─ review ─ notice ─ … as the plan says
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.demo.case_plans import PAPERED, PLANS, CasePlan, Citizen
from xiuzhou_desktop.backend.demo.flag_course import Gallery
from xiuzhou_desktop.backend.demo.ledger import Deed
from xiuzhou_desktop.backend.demo.people import CLERK, DUTY, EVERYBODY, REVIEWER, SUPERVISOR, Person
from xiuzhou_desktop.backend.demo.pictures import SMALL_WIDTH, Shot
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState, Health
from xiuzhou_desktop.documents import Paragraph, Sheet
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.case_body import CaseState
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.fields import FEN_PER_YUAN
from xiuzhou_desktop.domain.ids import RecordId, derived_id
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.resident_id import CHECKS, WEIGHTS
from xiuzhou_desktop.domain.workcalendar import LOCAL

MORNING = time(9, 20)
BETWEEN_ACTS = timedelta(minutes=7)
ANSWERS_AFTER = timedelta(minutes=3)
HEARING_YUAN = 50_000
PEOPLE = {person.user: person for person in EVERYBODY}


class Step(NamedTuple):
    """An act, so many days after the one before, by whom."""

    act: str
    days: int
    by: Person


OPENING = (
    Step("register_lead", 0, DUTY), Step("file", 1, DUTY), Step("investigate", 0, DUTY),
    Step("evidence", 0, DUTY), Step("name_party", 1, SUPERVISOR), Step("establish", 0, DUTY),
)  # fmt: skip
ENDING = (
    Step("serve", 1, CLERK), Step("urge", 20, CLERK), Step("record_payment", 1, CLERK),
    Step("close", 0, CLERK),
)  # fmt: skip
REVIEWED = (
    Step("finish_investigation", 1, DUTY), Step("submit_review", 0, DUTY),
    Step("pass_review", 1, REVIEWER), Step("send_notice", 0, DUTY),
    Step("notice_received", 1, CLERK),
)  # fmt: skip
RETURNED = (
    *OPENING, Step("finish_investigation", 1, DUTY), Step("submit_review", 0, DUTY),
    Step("return_review", 1, REVIEWER),
)  # fmt: skip
COURSES: Mapping[str, tuple[Step, ...]] = {
    "ordinary": (*OPENING, *REVIEWED, Step("decide", 9, SUPERVISOR), *ENDING),
    "argued": (
        *OPENING, *REVIEWED, Step("make_statement", 3, CLERK), Step("answer_statement", 1, DUTY),
        Step("submit_review", 1, DUTY),
    ),
    "heard": (
        *OPENING, *REVIEWED, Step("request_hearing", 2, CLERK), Step("set_hearing", 1, DUTY),
    ),
    "fast": (
        *OPENING, Step("admit", 0, DUTY), Step("fast_track", 0, DUTY),
        Step("finish_investigation", 0, DUTY), Step("send_notice", 1, DUTY),
        Step("notice_received", 0, CLERK), Step("waive_statement", 0, CLERK),
        Step("decide", 1, SUPERVISOR), Step("serve", 1, CLERK), Step("record_payment", 1, CLERK),
        Step("close", 0, CLERK),
    ),
    "fast_reviewed": (
        *OPENING, Step("admit", 0, DUTY), Step("fast_track", 0, DUTY),
        Step("finish_investigation", 1, DUTY), Step("submit_review", 0, DUTY),
    ),
    "recused": (
        *OPENING, Step("ask_recusal", 1, CLERK), Step("settle_recusal", 1, SUPERVISOR),
    ),
}  # fmt: skip
ENDS = {"return_review": RETURNED, "settle_recusal": COURSES["recused"]}
MIRRORED = {
    "file": CaseState.FILED, "send_notice": CaseState.NOTICE_SENT, "decide": CaseState.DECIDED,
    "serve": CaseState.SERVED, "record_payment": CaseState.PAID, "close": CaseState.CLOSED,
}  # fmt: skip


def case_deeds(world: World, gallery: Gallery, policy: Policy) -> Iterator[Deed]:
    """The deeds of all planned cases."""
    for number, plan in enumerate(PLANS, 1):
        yield from _Course(world, gallery, policy, plan, number).deeds()


def papers(world: World) -> Mapping[str, Sheet]:
    """The written evidence of the planned cases, by its key."""
    return {
        plan.key: _survey(plan, day)
        for plan in PLANS
        for step, day in _dated(world, plan)
        if step.act == "evidence" and plan.key in PAPERED
    }


class _Course:
    """One case's deeds."""

    def __init__(
        self, world: World, gallery: Gallery, policy: Policy, plan: CasePlan, number: int
    ) -> None:
        self._world, self._gallery, self._plan, self._number = world, gallery, plan, number
        self._is_provincial = policy.master_of(plan.category) is CaseMaster.PROVINCIAL
        self._case = derived_id("case", "demo", plan.key)
        self._party = derived_id("party", "demo", plan.key)

    def deeds(self) -> Iterator[Deed]:
        """From the lead to where the shift finds it."""
        steps = _dated(self._world, self._plan)
        for place, (step, day) in enumerate(steps):
            moment = datetime.combine(day, MORNING, LOCAL) + place * BETWEEN_ACTS
            left = (len(steps) - place) * BETWEEN_ACTS
            yield from self._of(step, min(moment, self._world.opening - left), day)

    def _of(self, step: Step, at: datetime, day: date) -> Iterator[Deed]:
        if step.act == "evidence":
            yield from self._evidence(at)
            return
        if step.act == "name_party":
            yield self._register(at - timedelta(minutes=2))
        args = self._args(step.act, day.isoformat()) | dict(self._plan.but.get(step.act, {}))
        yield self._deed(step.by, at, step.act, args)
        is_last = step.act == self._plan.until and self._plan.is_pending
        if self._is_provincial and step.act in MIRRORED and not is_last:
            yield self._mirror(step.act, at + ANSWERS_AFTER, day)

    def _deed(self, by: Person, at: datetime, act: str, args: Mapping[str, Json]) -> Deed:
        return Deed(at=at, actor=by.actor(), kind=Kind.CASE, record=self._case, transition=act,
                    args=args)  # fmt: skip

    def _args(self, act: str, day: str) -> dict[str, Json]:
        plan = self._plan
        second = PEOPLE[plan.second].officer
        penalty: dict[str, Json] = {"kind": "fine", "fine_fen": plan.fine_yuan * FEN_PER_YUAN}
        told: Mapping[str, dict[str, Json]] = {
            "register_lead": {
                "title": plan.title, "category": plan.category, "area": plan.area,
                "facts": plan.facts, "occurred_on": day,
            },
            "file": {"second_officer": second, "basis": plan.basis},
            "name_party": {"party": self._party},
            "establish": {"facts": plan.facts, "basis": plan.basis, **penalty},
            "admit": {"signed_on": day},
            "send_notice": {"dated": day, "hearing_told": plan.fine_yuan >= HEARING_YUAN},
            "notice_received": {"received_on": day},
            "make_statement": {"text": "货物系临时周转，半小时内即搬入店内。", "made_on": day},
            "answer_statement": {
                "is_accepted": False, "answer": "现场笔录和两次取证显示摆放超过两小时，不予采纳。",
            },
            "waive_statement": {"signed_on": day},
            "request_hearing": {"requested_on": day},
            "set_hearing": {"told_on": day, "chair": REVIEWER.officer},
            "decide": {"dated": day, "is_sealed": True, "names_remedies": True, **penalty},
            "serve": {"method": "in_person", "served_on": day, "receipt": "当事人签收"},
            "urge": {"urged_on": day},
            "record_payment": {"amount_fen": plan.fine_yuan * FEN_PER_YUAN, "paid_on": day},
            "ask_recusal": {"officer": second, "reason": "与当事人系近亲属"},
            "settle_recusal": {"officer": second, "is_granted": True},
        }  # fmt: skip
        return told.get(act, {})

    def _register(self, at: datetime) -> Deed:
        party = self._plan.party
        args: dict[str, Json] = {"name": party.name, "address": party.address}
        if isinstance(party, Citizen):
            args |= {"type": "citizen", "resident_id": _whole(party.first_17)}
        else:
            args |= {"type": "organisation", "uscc": party.uscc}
        return Deed(
            at=at, actor=SUPERVISOR.actor(), kind=Kind.PARTY, record=self._party,
            transition="register", args=args,
        )  # fmt: skip

    def _mirror(self, act: str, at: datetime, day: date) -> Deed:
        number = f"浙嘉秀罚立〔{day.year}〕{self._number:05d}"
        args: dict[str, Json] = {
            "state": MIRRORED[act].value, "at": format_instant(at), "provincial_no": number,
        }  # fmt: skip
        return Deed(at=at, actor=SYSTEM, kind=Kind.CASE, record=self._case, transition="mirror",
                    args=args)  # fmt: skip

    def _evidence(self, at: datetime) -> Iterator[Deed]:
        """The camera's still, the officers' photograph and their written record."""
        camera = _camera(self._world, self._plan.camera_area, self._number)
        seen = at - timedelta(minutes=50)
        found: tuple[tuple[str, str, str | None, datetime, bool], ...] = (
            ("still", f"抓拍 {camera.no}", self._still(camera, seen), seen, True),
            ("photo", "现场照片", self._still(camera, at - timedelta(minutes=20)),
             at - timedelta(minutes=20), False),
            ("survey", "现场勘验笔录", self._paper(), at, False),
        )  # fmt: skip
        for place, (form, title, blob, taken, is_cameras) in enumerate(found):
            if blob is None:
                continue
            record = derived_id("evidence", "demo", self._plan.key, form)
            args: dict[str, Json] = {
                "type": form, "title": title, "blob": blob, "captured_at": format_instant(taken),
                "case": self._case,
            }  # fmt: skip
            if is_cameras:
                args["camera"] = derived_id("camera", camera.no)
            yield self._held(record, at + place * timedelta(seconds=40), "record", args)
            yield self._held(record, at + timedelta(minutes=4, seconds=place), "review", {})

    def _paper(self) -> str | None:
        return self._gallery.paper(self._plan.key) if self._plan.key in PAPERED else None

    def _held(self, record: RecordId, at: datetime, act: str, args: Mapping[str, Json]) -> Deed:
        return Deed(
            at=at, actor=DUTY.actor(), kind=Kind.EVIDENCE, record=record, transition=act, args=args
        )

    def _still(self, camera: Camera, at: datetime) -> str | None:
        return self._gallery.name_of(Shot(camera.no, at.replace(second=0, microsecond=0),
                                          SMALL_WIDTH))  # fmt: skip


def _steps(plan: CasePlan) -> tuple[Step, ...]:
    steps = ENDS.get(plan.until, COURSES[plan.kind])
    names = [step.act for step in steps]
    last = len(names) - names[::-1].index(plan.until)
    return tuple(step for step in steps[:last] if plan.until == "urge" or step.act != "urge")


def _dated(world: World, plan: CasePlan) -> tuple[tuple[Step, date], ...]:
    """Each act with its day; the last lies `idle_days` before the demo day."""
    steps = _steps(plan)
    day = world.date - timedelta(days=plan.idle_days + sum(step.days for step in steps))
    found = []
    for step in steps:
        day += timedelta(days=step.days)
        found.append((step, day))
    return tuple(found)


def _camera(world: World, area: str, number: int) -> Camera:
    """A camera of that area that gives pictures; not always the same one."""
    fit = [
        one
        for one in world.cameras
        if one.area == area
        and one.state is CameraState.ACCEPTED
        and world.health(one.no, world.opening) is Health.ONLINE
    ]
    return fit[number % 3]


def _whole(first_17: str) -> str:
    total = sum(int(char) * weight for char, weight in zip(first_17, WEIGHTS, strict=True))
    return first_17 + CHECKS[total % 11]


def _survey(plan: CasePlan, day: date) -> Sheet:
    """现场勘验笔录."""
    return Sheet(
        issuer="嘉兴市秀洲区综合行政执法局", title="现场检查（勘验）笔录", number=plan.title,
        dated=day, watermark="演示",
        paragraphs=(
            Paragraph(text=f"当事人：{plan.party.name}", is_flush=True),
            Paragraph(text=f"地址：{plan.party.address}", is_flush=True),
            Paragraph(text=f"检查情况：{plan.facts}。执法人员出示执法证，当事人在场，现场拍照取证。"),
            Paragraph(text=f"执法人员：{DUTY.name}、{PEOPLE[plan.second].name}", is_flush=True),
        ),
    )  # fmt: skip
