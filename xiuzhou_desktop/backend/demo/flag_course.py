"""How one detection goes on, deed by deed, until the shift opens: what the state asks for next, by
whom and when.

    detect ─► confirm | dismiss | attach ─► notice_sent ─► notice_delivered | notice_failed
           ─► second_frame ─► find_corrected | find_present | find_undetermined
           ─► accept ─► arrive ─► correct_on_site | leave | penalise_simple | file | transfer
           ─► close

The truth is the world's: who is found gone at the second look is gone in the picture.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.demo.ledger import Deed, Ledger
from xiuzhou_desktop.backend.demo.people import BY_SCOPE, DETECTOR, DUTY, DUTY2, Person
from xiuzhou_desktop.backend.demo.pictures import FRAME_WIDTH, STILL_WIDTH, Shot
from xiuzhou_desktop.backend.demo.reports import arguments_of, flag_id, report_of
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import between, pick
from xiuzhou_desktop.backend.demo.world.things import Detection, Health, Innocence
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.flag_body import (
    DismissCategory,
    FlagBody,
    FlagState,
    LookCause,
    OnsiteOutcome,
    TransferTo,
)
from xiuzhou_desktop.domain.ids import RecordId, Scope, derived_id
from xiuzhou_desktop.domain.notice_body import NoticeFailure, NoticeState
from xiuzhou_desktop.domain.workcalendar import LOCAL

S = FlagState
SHIFT_HOUR = 8  # who has the morning is there by then; the night officer stays till half past
UPLOAD_S = 5
FRAMES = 10
FINE_FEN = 100_00
ON_THE_SPOT = {
    Innocence.LOADING: DismissCategory.NO_VIOLATION,
    Innocence.DRIVER_PRESENT: DismissCategory.NO_VIOLATION,
    Innocence.INSIDE_THRESHOLD: DismissCategory.WRONG_OBJECT,
    Innocence.COLLECTION_POINT: DismissCategory.WRONG_OBJECT,
}


class Gallery(Protocol):
    """Names of pictures as blobs."""

    def name_of(self, shot: Shot) -> str | None:
        """The blob; None where the camera gives none."""
        ...

    def paper(self, key: str) -> str:
        """The blob of a written record."""
        ...


class Contact(StrEnum):
    """What becomes of the notice."""

    REACHED = "reached"
    FAILED = "failed"


class FlagCourse(Struct, frozen=True, kw_only=True):
    """One flag's way. `until`: the deed after which the shift finds it; `times`: deeds whose
    instant is given; `end`: how it ends on the spot, where it is not left to chance.
    """

    world: World
    gallery: Gallery
    found: Detection
    until: str | None = None
    times: Mapping[str, datetime] = {}
    contact: Contact = Contact.REACHED
    end: str | None = None
    is_obstructed: bool = False
    attach_to: RecordId | None = None
    reply: str | None = None
    delay_s: int = 0  # how much later than usual it was judged
    has_still: bool = True
    width: int = STILL_WIDTH
    has_strip: bool = False

    @property
    def id(self) -> RecordId:
        """The flag's record."""
        return flag_id(self.found.external_id)

    @property
    def begins(self) -> datetime:
        """When the report comes in."""
        return self.found.captured_at + timedelta(seconds=UPLOAD_S)

    def next_deed(self, ledger: Ledger, after: datetime) -> Deed | None:
        """What is done next, now that the last was done at `after`; None: nothing."""
        flag = ledger.records.get(self.id)
        if flag is None:
            return self._detect()
        if self.until in {entry.name for entry in flag.log}:
            return None
        step = _STEPS.get(S(flag.state))
        return step(self, ledger, flag, after) if step else None

    def deed(self, name: str, after: datetime, within_s: tuple[int, int], **args: Json) -> Deed:
        """An officer's deed on the flag, some seconds later, or when it is told to be."""
        at = self.at(name, after, within_s)
        return Deed(
            at=at, actor=self.officer(at).actor(), kind=Kind.FLAG, record=self.id,
            transition=name, args=args,
        )  # fmt: skip

    def by_system(
        self, name: str, after: datetime, within_s: tuple[int, int], **args: Json
    ) -> Deed:
        """The backend's own deed."""
        return Deed(
            at=self.at(name, after, within_s), actor=SYSTEM, kind=Kind.FLAG, record=self.id,
            transition=name, args=args,
        )  # fmt: skip

    def at(self, name: str, after: datetime, within_s: tuple[int, int]) -> datetime:
        """When it is done."""
        if name in self.times:
            return self.times[name]
        seconds = between(*within_s, self.world.seed, name, self.found.external_id)
        return after + timedelta(seconds=int(seconds))

    def officer(self, at: datetime) -> Person:
        """Who is at the desk for this place at that time."""
        town = BY_SCOPE.get(Scope(self.world.camera(self.found.camera).area))
        if town is not None:
            return town
        return DUTY if at.astimezone(LOCAL).hour >= SHIFT_HOUR else DUTY2

    def _detect(self) -> Deed:
        shot = Shot(self.found.camera, self.found.captured_at, self.width)
        pictures: dict[str, Json] = {
            "still": self.gallery.name_of(shot) if self.has_still else None,
            "frames": self._strip() if self.has_strip else [],
        }
        args = arguments_of(report_of(self.world, self.found), pictures)
        return Deed(
            at=self.begins, actor=DETECTOR, kind=Kind.FLAG, record=self.id, transition="detect",
            args=args,
        )  # fmt: skip

    def _strip(self) -> list[Json]:
        """Frames from before it came until the picture itself."""
        frames: list[Json] = []
        step = timedelta(seconds=self.found.dwell_s * 1.15 / (FRAMES - 1))
        for back in reversed(range(FRAMES)):
            at = self.found.captured_at - back * step
            name = self.gallery.name_of(Shot(self.found.camera, at, FRAME_WIDTH))
            if name is not None:
                frames.append({"at": format_instant(at), "blob": name})
        return frames


def _verdict(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    body, after = _body(flag), after + timedelta(seconds=course.delay_s)
    if course.attach_to is not None:
        return course.deed("attach", after, (50, 110), parent=course.attach_to)
    if body.exemption is not None:
        return course.deed("dismiss", after, (40, 160), category=DismissCategory.EXEMPT.value)
    if course.found.is_true:
        return course.deed("confirm", after, (45, 190))
    innocent = course.found.innocent
    category = ON_THE_SPOT[innocent] if innocent else DismissCategory.NO_VIOLATION
    return course.deed("dismiss", after, (40, 160), category=category.value)


def _notice(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    body = _body(flag)
    notice = ledger.records[body.notice] if body.notice else None
    start = max(after, body.held_until) if body.held_until else after
    if flag.subject_key is None:
        return course.by_system(
            "notice_failed", start, (2, 6), cause=NoticeFailure.NO_CONTACT.value
        )
    if course.contact is Contact.FAILED:
        return course.by_system(
            "notice_failed", start, (30, 45), cause=NoticeFailure.SMS_FAILED.value,
            detail="号码不在服务区",
        )  # fmt: skip
    if notice is not None and notice.state == NoticeState.SENT:
        return course.by_system("notice_delivered", after, (18, 30))
    return course.by_system("notice_sent", start, (1, 4))


def _look(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    body = _body(flag)
    if course.reply and body.statement is None:
        return course.by_system("reply", after, (90, 150), text=course.reply)
    if body.look_from is None:
        return None
    if body.second_frame is None:
        return _second_frame(course, max(after, body.look_from))
    if course.is_obstructed and body.looks == 0:
        cause = LookCause.OBSTRUCTED.value
        return course.deed("find_undetermined", after, (60, 100), cause=cause)
    if not body.second_frame.usable:
        return course.deed("find_undetermined", after, (40, 120))
    is_there = course.world.is_present(course.found.stay, body.second_frame.at)
    return course.deed("find_present" if is_there else "find_corrected", after, (40, 120))


def _second_frame(course: FlagCourse, due: datetime) -> Deed:
    at = course.at("second_frame", due, (20, 45))
    camera = course.found.camera
    blob = course.gallery.name_of(Shot(camera, at, course.width))
    if blob is None:
        return course.by_system("find_undetermined", due, (20, 45), cause=LookCause.OFFLINE.value)
    is_frozen = course.world.health(camera, at) is Health.FROZEN
    return course.by_system(
        "second_frame", due, (20, 45), at=format_instant(at), blob=blob,
        camera=derived_id("camera", camera), pts_advanced=True, clock_changed=not is_frozen,
    )  # fmt: skip


def _dispatched(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    if course.end == "transfer":
        to = TransferTo.TRAFFIC_POLICE.value
        return course.deed("transfer", after, (120, 240), to=to, note="机动车道违停,属交警管辖")
    return _on_task(course, flag, "accept", course.at("accept", after, (70, 260)))


def _accepted(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    place = flag.place
    fix: dict[str, Json] = {"lon_e7": place.lon_e7, "lat_e7": place.lat_e7} if place else {}
    return _on_task(course, flag, "arrive", course.at("arrive", after, (300, 840)), fix)


def _arrived(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    at = course.at("on_site", after, (180, 420))
    other = DUTY if course.officer(at) is not DUTY else DUTY2
    if course.end == "penalise_simple":
        return course.deed(
            "penalise_simple", after, (180, 420), second_officer=other.officer,
            document_no=f"秀综执简〔{at.year}〕第 0412 号", fine_fen=FINE_FEN,
            party_name="钱志强", facts="当场查获,当事人无异议并签字。",
        )  # fmt: skip
    if course.end == "file":
        return course.deed(
            "file", after, (180, 420), second_officer=other.officer,
            facts="责令限期改正期满后经现场检查仍未改正。",
        )  # fmt: skip
    if not course.world.is_present(course.found.stay, at):
        return course.deed("leave", after, (180, 420))
    outcome = pick(tuple(OnsiteOutcome), course.world.seed, course.found.external_id)
    return course.deed("correct_on_site", after, (180, 420), outcome=outcome.value)


def _settled(course: FlagCourse, ledger: Ledger, flag: Record, after: datetime) -> Deed | None:
    return course.deed("close", after, (200, 500))


def _on_task(
    course: FlagCourse,
    flag: Record,
    name: str,
    at: datetime,
    args: Mapping[str, Json] | None = None,
) -> Deed | None:
    task = _body(flag).task
    if task is None:
        return None
    return Deed(
        at=at, actor=course.officer(at).actor(), kind=Kind.TASK, record=task, transition=name,
        args=args or {},
    )  # fmt: skip


def _body(flag: Record) -> FlagBody:
    if not isinstance(flag.body, FlagBody):
        raise TypeError(flag.kind.value)
    return flag.body


_Step = Callable[[FlagCourse, Ledger, Record, datetime], Deed | None]
_STEPS: dict[FlagState, _Step] = {
    S.DETECTED: _verdict,
    S.CONFIRMED: _notice,
    S.L1_NOTIFIED: _look,
    S.UNDETERMINED: _look,
    S.L3_DISPATCHED: _dispatched,
    S.ACCEPTED: _accepted,
    S.ARRIVED: _arrived,
    S.CORRECTED_ON_SITE: _settled,
    S.LEFT: _settled,
}
