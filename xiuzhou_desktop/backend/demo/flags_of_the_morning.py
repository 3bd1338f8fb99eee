"""Which flags the shift finds, and how far each has come: the scripted situations, what the night
judged, one at every step, and the queue that waits.

    situations   eight things that the world's script holds
    STEPS        one flag at each step, chosen from what really stands there at that minute
    QUEUE        what has come in and is not judged, in the district and in three towns
    the rest     every other report since midnight, judged as far as there was time
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from xiuzhou_desktop.backend.demo.flag_course import Contact, FlagCourse, Gallery
from xiuzhou_desktop.backend.demo.pictures import SMALL_WIDTH, STILL_WIDTH
from xiuzhou_desktop.backend.demo.reports import (
    SHOWN_PLATE,
    flag_id,
    is_parking,
    priority_of,
)
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import (
    Detection,
    PriorOffence,
    Situation,
    SituationKind,
)
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.policy import Policy

log = logging.getLogger(__name__)

CANDIDATES = 400
OFFSET_S = 35  # where nothing fits at the minute itself, the nearest such step at which one does
SLACK_S = 210
EARLY_SLACK_S = 1500  # of what was settled long ago: its minute matters little
LAST_MOMENT = timedelta(seconds=10)  # before the opening: a report takes some seconds
LEAST_LEFT = timedelta(seconds=75)  # of a flag in the queue, when the shift opens
LATER_S = 190
SETTLED_BEFORE = timedelta(minutes=75)  # what is older has been dealt with
UNJUDGED_FROM = timedelta(minutes=30)
BEFORE_DELIVERY = timedelta(seconds=25)
DUPLICATE_AFTER = timedelta(minutes=7, seconds=35)
Moment = tuple[int, int, int]
Wanted = Callable[[Detection], bool]


class Chosen(Struct, frozen=True, kw_only=True):
    """One flag at a step: seen at `at`, of a car or a shop, still there (or gone) at `there_at`."""

    at: Moment
    until: str | None
    is_car: bool = True
    there_at: Moment | None = (8, 50, 0)
    gone_at: Moment | None = None
    end: str | None = None
    is_obstructed: bool = False
    reply: str | None = None
    confirm_at: Moment | None = None
    slack_s: int = SLACK_S


class Queued(NamedTuple):
    """One flag that waits: seen at `at`, in that town, held to be that urgent."""

    at: Moment
    area: str | None = None
    priority: int | None = None


STEPS: tuple[Chosen, ...] = (
    Chosen(at=(8, 28, 20), until="confirm", confirm_at=(8, 29, 48)),  # its message waits
    Chosen(at=(8, 26, 10), until="notice_sent", confirm_at=(8, 29, 20)),  # no receipt yet
    Chosen(at=(8, 15, 0), until="notice_delivered"),
    Chosen(at=(8, 16, 40), until="notice_delivered", is_car=False),
    Chosen(at=(8, 18, 50), until="reply", reply="车子抛锚，拖车十分钟内到，请稍等。"),
    Chosen(at=(8, 21, 30), until="notice_delivered"),
    Chosen(at=(8, 7, 50), until="find_undetermined", is_obstructed=True),
    Chosen(at=(8, 2, 20), until="find_corrected", there_at=None, gone_at=(8, 18, 0)),
    Chosen(at=(8, 6, 0), until="find_present"),
    Chosen(at=(8, 0, 10), until="accept"),
    Chosen(at=(7, 24, 0), until="arrive", there_at=(8, 12, 0), slack_s=600),
    Chosen(at=(7, 2, 30), until="arrive", is_car=False, there_at=(7, 58, 0), slack_s=EARLY_SLACK_S),
    Chosen(at=(7, 19, 40), until="correct_on_site", there_at=(8, 10, 0), slack_s=600),
    Chosen(
        at=(7, 12, 0),
        until="penalise_simple",
        end="penalise_simple",
        there_at=(7, 54, 0),
        slack_s=900,
    ),
    Chosen(at=(7, 37, 30), until="transfer", end="transfer", there_at=(8, 5, 0), slack_s=600),
    Chosen(
        at=(6, 34, 0),
        until="file",
        is_car=False,
        end="file",
        there_at=(7, 34, 0),
        slack_s=EARLY_SLACK_S,
    ),
)
TOWNS = ("330411101", "330411104", "330411105")
QUEUE: tuple[Queued, ...] = (
    Queued((8, 3, 10)), Queued((8, 6, 20)), Queued((8, 9, 30)), Queued((8, 11, 40)),
    Queued((8, 14, 10)), Queued((8, 16, 30)), Queued((8, 19, 0)), Queued((8, 21, 20)),
    Queued((8, 22, 50)), Queued((8, 24, 30), priority=2), Queued((8, 26, 0), priority=2),
    Queued((8, 27, 20), priority=2), Queued((8, 28, 30), priority=1),
    Queued((8, 29, 10), priority=1),
    *(Queued((8, 8 + 3 * place, 25), town) for place, town in enumerate(TOWNS)),
    *(Queued((8, 20 + 2 * place, 45), town) for place, town in enumerate(TOWNS)),
)  # fmt: skip
SHOWN_BEFORE = ((15, True), (38, True), (54, False))  # days ago, and whether it was one


class Morning:
    """Chooses once; `courses` may be asked again with another gallery."""

    def __init__(self, world: World, policy: Policy) -> None:
        self._world = world
        self._policy = policy
        self._used_stays: set[str] = set()
        self._situations = {one.kind: one for one in world.situations}
        steps = ((one, self._choose_step(n, one)) for n, one in enumerate(STEPS))
        self._steps = [(one, found) for one, found in steps if found is not None]
        queue = (self._choose_queued(n, one) for n, one in enumerate(QUEUE))
        self._queue = [found for found in queue if found is not None]
        self._late: set[str] = set()

    def judge_later(self, flags: Iterable[RecordId]) -> None:
        """Those were judged some minutes later than usual, so that no third second look waits."""
        late = set(flags)
        today = self._world.detections()
        self._late |= {one.external_id for one in today if flag_id(one.external_id) in late}

    def courses(self, gallery: Gallery) -> Iterator[FlagCourse]:
        """Every flag's way, earlier days first."""
        yield from self._earlier(gallery)
        yield from self._scripted(gallery)
        for step, found in self._steps:
            yield self._of_step(gallery, step, found)
        for found in self._queue:
            yield self._course(gallery, found, until="detect")
        yield from self._others(gallery)

    def _course(self, gallery: Gallery, found: Detection, **manner: object) -> FlagCourse:
        whole = {"world": self._world, "gallery": gallery, "found": found, **manner}
        return FlagCourse(**whole)  # type: ignore[arg-type]  # fields of FlagCourse by name

    def _scripted(self, gallery: Gallery) -> Iterator[FlagCourse]:
        for kind in (SituationKind.SECOND_LOOK_LEFT, SituationKind.SECOND_LOOK_PRESENT):
            told = self._situations[kind]
            yield self._course(
                gallery, self._detection(told), until="second_frame", has_strip=True,
                times=_times(told),
            )  # fmt: skip
        yield self._duplicate(gallery)
        failed = self._situations[SituationKind.NOTICE_FAILED]
        yield self._course(
            gallery, self._detection(failed), until="notice_failed", contact=Contact.FAILED,
            times=_times(failed),
        )  # fmt: skip
        for kind in (
            SituationKind.REPEAT_OFFENDER, SituationKind.MARKET_EXEMPT,
            SituationKind.FROZEN_CAMERA, SituationKind.FALSE_ALARM,
        ):  # fmt: skip
            found = self._detection(self._situations[kind])
            yield self._course(gallery, found, until="detect", has_strip=True)
        yield self._course(gallery, self._shown(), until="detect", has_strip=True)

    def _duplicate(self, gallery: Gallery) -> FlagCourse:
        """A second report of the car that stays, seen to be the same matter."""
        parent = self._detection(self._situations[SituationKind.SECOND_LOOK_PRESENT])
        again = msgspec.structs.replace(
            parent, external_id=f"{parent.external_id}-2",
            captured_at=parent.captured_at + DUPLICATE_AFTER,
            dwell_s=parent.dwell_s + DUPLICATE_AFTER // timedelta(seconds=1),
        )  # fmt: skip
        parent_id = flag_id(parent.external_id)
        return self._course(gallery, again, until="attach", attach_to=parent_id)

    def _earlier(self, gallery: Gallery) -> Iterator[FlagCourse]:
        """What is known of the repeat offender and of the car of the manual's pictures."""
        repeat = self._situations[SituationKind.REPEAT_OFFENDER]
        found = self._detection(repeat)
        for prior in repeat.priors:
            yield self._before(gallery, found, prior, is_true=True)
        shown = self._shown()
        for days, is_true in SHOWN_BEFORE:
            prior = PriorOffence(
                at=shown.captured_at - timedelta(days=days, minutes=41 * days),
                camera=shown.camera, external_id=f"{shown.external_id}-prior-{days}",
            )  # fmt: skip
            yield self._before(gallery, shown, prior, is_true=is_true)

    def _before(
        self, gallery: Gallery, found: Detection, prior: PriorOffence, *, is_true: bool
    ) -> FlagCourse:
        earlier = msgspec.structs.replace(
            found, external_id=prior.external_id, captured_at=prior.at, is_true=is_true
        )
        return self._course(gallery, earlier, has_still=False)

    def _of_step(self, gallery: Gallery, step: Chosen, found: Detection) -> FlagCourse:
        times = {"confirm": self._at(step.confirm_at)} if step.confirm_at else {}
        return self._course(
            gallery, found, until=step.until, end=step.end, is_obstructed=step.is_obstructed,
            reply=step.reply, times=times,
        )  # fmt: skip

    def _others(self, gallery: Gallery) -> Iterator[FlagCourse]:
        world, mine = self._world, self._shown().external_id
        scripted = {one.detection for one in world.situations} | {mine}
        for found in world.detections_between(world.midnight, world.opening):
            if found.external_id in scripted:
                continue
            waits = found.captured_at >= world.opening - UNJUDGED_FROM and self._has_time(found)
            delay = LATER_S if found.external_id in self._late else 0
            is_old = found.captured_at < world.opening - SETTLED_BEFORE
            yield self._course(
                gallery, found, until="detect" if waits else None, delay_s=delay,
                width=SMALL_WIDTH if is_old else STILL_WIDTH,
            )  # fmt: skip

    def _choose_step(self, number: int, step: Chosen) -> Detection | None:
        def fits(found: Detection) -> bool:
            here = self._is_there(found, step.there_at) if step.there_at else True
            gone = not self._is_there(found, step.gone_at) if step.gone_at else True
            kind = is_parking(found) if step.is_car else found.shop is not None
            in_district = self._world.camera(found.camera).area not in TOWNS
            calm = priority_of(self._world.seed, found) != 1  # urgent ones go to level 3 at once
            return kind and here and gone and found.is_true and in_district and calm

        return self._choose(f"step-{number}", (self._at(step.at), step.slack_s), fits)

    def _choose_queued(self, number: int, one: Queued) -> Detection | None:
        def fits(found: Detection) -> bool:
            is_here = one.area is None or self._world.camera(found.camera).area == one.area
            is_so = one.priority in (None, priority_of(self._world.seed, found))
            return is_here and is_so and self._has_time(found)

        return self._choose(f"queue-{number}", (self._at(one.at), SLACK_S), fits)

    def _choose(self, salt: str, when: tuple[datetime, int], fits: Wanted) -> Detection | None:
        """The first that fits, at the minute or as near to it as there is one."""
        at, slack_s = when
        for moment in _around(at, slack_s):
            if moment > self._world.opening - LAST_MOMENT:
                continue
            for found in self._world.burst(CANDIDATES, moment, salt):
                if found.stay not in self._used_stays and fits(found):
                    self._used_stays.add(found.stay)
                    return found
        log.warning("nothing in the world fits", extra={"wanted": salt})
        return None

    def _has_time(self, found: Detection) -> bool:
        """Whether its limit ends after the shift has opened."""
        priority = priority_of(self._world.seed, found)
        priority = priority or self._policy.category(found.category).priority
        within = self._policy.judge_within_min[str(priority)]
        due = found.captured_at + timedelta(minutes=within)
        return due >= self._world.opening + LEAST_LEFT

    def _is_there(self, found: Detection, at: Moment) -> bool:
        return self._world.is_present(found.stay, self._at(at))

    def _detection(self, told: Situation) -> Detection:
        return self._world.detection(told.detection or "")

    def _shown(self) -> Detection:
        return next(one for one in self._world.detections() if one.plate == SHOWN_PLATE)

    def _at(self, moment: Moment) -> datetime:
        hours, minutes, seconds = moment
        return self._world.midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _around(at: datetime, slack_s: int) -> Iterator[datetime]:
    yield at
    for away in range(OFFSET_S, slack_s + 1, OFFSET_S):
        yield at - timedelta(seconds=away)
        yield at + timedelta(seconds=away)


def _times(told: Situation) -> dict[str, datetime]:
    times = {"confirm": told.confirmed_at, "notice_failed": told.failed_at}
    if told.delivered_at is not None:
        times["notice_delivered"] = told.delivered_at
        times["notice_sent"] = told.delivered_at - BEFORE_DELIVERY
    return {name: at for name, at in times.items() if at is not None}
