"""What the 演示 bar asks for (contract.demo): the clock's jump, fifty flags at once, a colleague
who is quicker, a provider that fails.
"""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

import uuid_utils
from sqlalchemy import Connection, func, select

from xiuzhou_desktop.backend.demo.people import DUTY2, SOURCE
from xiuzhou_desktop.backend.demo.pictures import Pictures, Shot
from xiuzhou_desktop.backend.demo.reports import report_of
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import Detection
from xiuzhou_desktop.backend.hooks import DemoHands
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.contract.demo import DemoAct, DemoAnswer, DemoSay
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.canonical import Json, format_instant, parse_instant
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import DismissCategory, FlagBody, FlagState
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.order_body import OrderState

A_MOMENT = timedelta(milliseconds=20)  # the clock runs on while it is asked
BURST = 50
CANDIDATES = 1000
VALID_FOR = timedelta(hours=12)


class Acts:
    """The bar's buttons, in this process."""

    def __init__(self, world: World, pictures: Pictures, store: Store) -> None:
        self._world = world
        self._pictures = pictures
        self._store = store

    async def act(self, say: DemoSay, hands: DemoHands) -> DemoAnswer:
        """Do one of them."""
        made: tuple[RecordId, ...] = ()
        match say.act:
            case DemoAct.NEXT_DEADLINE:
                await self._jump(hands, say.record)
            case DemoAct.BURST:
                made = await self._burst(hands)
            case DemoAct.COLLEAGUE:
                made = await _overtake(hands, say.record)
            case DemoAct.SMS_FAILURE | DemoAct.SMS_WORKS:
                hands.sms.failing = say.act is DemoAct.SMS_FAILURE
        return DemoAnswer(server_time=hands.clock.now(), records=made)

    async def _jump(self, hands: DemoHands, wanted: RecordId | None) -> None:
        """To the limit of this record, else to the next among what is open; it is then due."""
        now = hands.clock.now()
        one = await hands.record(wanted) if wanted else None
        due = one.due_at if one and one.due_at and one.due_at > now else None
        due = due or await self._store.read(partial(_next_limit, now=now))
        if due is not None:
            hands.clock.jump(max(due, hands.clock.now() + A_MOMENT))

    async def _burst(self, hands: DemoHands) -> tuple[RecordId, ...]:
        """Fifty things that stand there now; those before one camera share one picture."""
        now = hands.clock.now()
        known = await self._store.read(_known_stays)
        seen = self._world.burst(CANDIDATES, now, format_instant(now))
        chosen = _by_camera([one for one in seen if one.stay not in known])[:BURST]
        made = await asyncio.gather(
            *(
                self._bring_in(hands, camera, tuple(some))
                for camera, some in groupby(chosen, key=lambda one: one.camera)
            )
        )
        return tuple(one for some in made for one in some)

    async def _bring_in(
        self, hands: DemoHands, camera: str, seen: tuple[Detection, ...]
    ) -> list[RecordId]:
        """What one camera sees, as soon as its picture is there; others are still rendered."""
        image = await self._pictures.still(Shot(camera, seen[0].captured_at))
        answers = [await hands.ingest(SOURCE, report_of(self._world, one), image) for one in seen]
        return [answer.record for answer in answers if answer.created]


async def _overtake(hands: DemoHands, wanted: RecordId | None) -> tuple[RecordId, ...]:
    """The colleague judges this record first, by a command like any other."""
    one = await hands.record(wanted) if wanted else None
    step = _colleagues_step(one) if one else None
    if one is None or step is None:
        return ()
    name, args = step
    now = hands.clock.now()
    command = Command(
        id=CommandId(str(uuid_utils.uuid7())), client_seq=0, kind=one.kind, record=one.id,
        transition=name,
        expect=Expect(state_version=one.state_version), args=args, issued_at=now,
        not_after=now + VALID_FOR,
    )  # fmt: skip
    result = await hands.execute(DUTY2.user, command)
    return (one.id,) if result.status is Status.APPLIED else ()


def _colleagues_step(one: Record) -> tuple[str, dict[str, Json]] | None:
    """What the colleague does with it; None where it waits for nobody's first verdict."""
    if one.kind is Kind.FLAG and one.state == FlagState.DETECTED and isinstance(one.body, FlagBody):
        is_exempt = one.body.exemption is not None
        category = DismissCategory.EXEMPT if is_exempt else DismissCategory.NO_VIOLATION
        return "dismiss", {"category": category.value}
    if one.kind is Kind.FLAG and one.state == FlagState.L1_NOTIFIED:
        return "send_onsite", {}
    if one.kind is Kind.ORDER and one.state == OrderState.REPORTED:
        return "verify", {}
    return None


def _next_limit(connection: Connection, now: datetime) -> datetime | None:
    """When the next limit of an open flag or order ends."""
    query = select(func.min(record.c.due_at)).where(
        record.c.is_open == 1, record.c.due_at > format_instant(now),
        record.c.kind.in_((Kind.FLAG.value, Kind.ORDER.value)),
    )  # fmt: skip
    found = connection.execute(query).scalar_one_or_none()
    return parse_instant(found) if found else None


def _by_camera(seen: list[Detection]) -> list[Detection]:
    """Cameras that see most first, so that fifty flags need few pictures."""
    of_camera: dict[str, list[Detection]] = defaultdict(list)
    for one in seen:
        of_camera[one.camera].append(one)
    groups = sorted(of_camera.values(), key=lambda group: (-len(group), group[0].camera))
    return [one for group in groups for one in group]


def _known_stays(connection: Connection) -> frozenset[str]:
    """Stays that have been reported today by an earlier burst or in the shift's queue."""
    query = select(record.c.external_id).where(
        record.c.source == SOURCE, record.c.is_open == 1, record.c.kind == Kind.FLAG.value
    )
    ids = (str(one).removeprefix("AI-") for one in connection.execute(query).scalars())
    return frozenset("-".join(one.split("-")[:4]) for one in ids)
