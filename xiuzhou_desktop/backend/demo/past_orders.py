"""The closed period's orders: as many as the district says it had, each a record, so that every
figure about them is a count.

They come from the platform before this one: what was done stands in the body with its times, the
log begins with the closing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from xiuzhou_desktop.backend.demo.demo_date import reporting_period
from xiuzhou_desktop.backend.demo.orders_of_the_morning import HOTLINE, UNITS
from xiuzhou_desktop.backend.demo.people import DUTY, DUTY2
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import dice
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState
from xiuzhou_desktop.domain.areas import scope_of
from xiuzhou_desktop.domain.categories import CATEGORIES
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record, Struct
from xiuzhou_desktop.domain.flag_body import Channel
from xiuzhou_desktop.domain.ids import AreaCode, CategoryCode, CommandId, derived_id
from xiuzhou_desktop.domain.order_body import OrderBody, OrderState, SourceLevel
from xiuzhou_desktop.domain.workcalendar import WorkCalendar

ORDERS = 18_675  # 派单 of the period, all of them dealt with (domain.md §1 row 1)
LAST_DAYS = 3  # none comes so late that it could not be closed within the period
ON_TIME_SHARE = 0.962
SOURCES: tuple[tuple[SourceLevel, Channel, str | None, int], ...] = (
    (SourceLevel.HOTLINE, Channel.CITIZEN, HOTLINE, 46),
    (SourceLevel.TOWN, Channel.PATROL, None, 22),
    (SourceLevel.DISTRICT, Channel.SUPERIOR, "区智慧城管中心", 17),
    (SourceLevel.CITY, Channel.SUPERIOR, "市智慧城管中心", 13),
    (SourceLevel.PROVINCE, Channel.SUPERIOR, "省平台交办", 2),
)
CATEGORY_SHARES = {
    "05-05": 24, "05-04": 17, "05-06": 9, "05-07": 8, "05-01": 7, "01-02": 10, "01-03": 5,
    "01-04": 7, "01-06": 3, "02-01": 3, "02-02": 2, "02-03": 1, "03-02": 1, "03-04": 2, "04-04": 1,
}  # fmt: skip
HOUR_SHARES = (0, 0, 0, 0, 0, 0, 1, 4, 9, 12, 11, 8, 4, 6, 9, 9, 8, 6, 4, 3, 3, 2, 1, 0)
WORDS = {
    "05-05": "机动车违停", "05-04": "店外经营", "05-06": "非机动车乱停放", "05-07": "堆放物料",
    "05-01": "流动摊贩占道", "01-02": "暴露垃圾", "01-03": "积存渣土", "01-04": "路面不洁",
    "01-06": "绿地脏乱", "02-01": "乱贴小广告", "02-02": "店招破损", "02-03": "占道广告牌",
    "03-02": "工地扬尘", "03-04": "道路遗撒", "04-04": "下水道堵塞",
}  # fmt: skip


class _Times(Struct, frozen=True, kw_only=True):
    category: str
    came: datetime
    dispatched: datetime
    due: datetime
    closed: datetime
    is_estimated: bool


def past_orders(world: World, calendar: WorkCalendar) -> Iterator[Record]:
    """All of them in the order in which they came."""
    start, end = reporting_period(world.date)
    chance = dice(world.seed, "orders", world.date.isoformat())
    days = (end - start).days - LAST_DAYS
    came = sorted(_moment(chance, start, days) for _ in range(ORDERS))
    places = [one for one in world.cameras if one.state is CameraState.ACCEPTED]
    for number, at in enumerate(came, 1):
        yield _order(chance, (number, chance.choice(places)), _times(chance, at, end, calendar))


def _moment(chance: Random, start: datetime, days: int) -> datetime:
    hour = chance.choices(range(24), HOUR_SHARES)[0]
    day = start + timedelta(days=chance.randrange(days))
    return day + timedelta(hours=hour, seconds=chance.randrange(3600))


def _times(chance: Random, came: datetime, end: datetime, calendar: WorkCalendar) -> _Times:
    category = chance.choices(tuple(CATEGORY_SHARES), tuple(CATEGORY_SHARES.values()))[0]
    dispatched = came + timedelta(seconds=chance.randrange(240, 1500))
    due = calendar.due_at(dispatched, CATEGORIES[category].limit)
    room = (due.at - dispatched).total_seconds()
    share = chance.uniform(0.25, 0.97)
    if chance.random() > ON_TIME_SHARE:
        share = chance.uniform(1.05, 1.9)
    closed = min(dispatched + timedelta(seconds=int(room * share)), end - timedelta(minutes=1))
    return _Times(
        category=category, came=came, dispatched=dispatched, due=due.at, closed=closed,
        is_estimated=due.is_estimated,
    )  # fmt: skip


def _order(chance: Random, named: tuple[int, Camera], times: _Times) -> Record:
    number, camera = named
    level, channel, ordered_by, _ = chance.choices(SOURCES, [one[3] for one in SOURCES])[0]
    category = times.category
    external = f"{times.came:%Y%m%d}-{number:05d}"
    record_id = derived_id("order", level, external)
    area, unit = AreaCode(camera.area), UNITS[camera.area]
    return Record(
        kind=Kind.ORDER, id=record_id, scope=scope_of(area), state=OrderState.CLOSED.value,
        category=CategoryCode(category), area=area, assignee=unit,
        place=Place(lon_e7=round(camera.point.lon * 1e7), lat_e7=round(camera.point.lat * 1e7)),
        priority=CATEGORIES[category].priority, source=level.value, external_id=external,
        opened_at=times.came, due_at=times.due, closed_at=times.closed, title=camera.place,
        body=_body(times, (level, channel, ordered_by), (f"{camera.place}{WORDS[category]}", unit)),
        log=(_closing(record_id, times, chance),), version=9, state_version=9,
    )  # fmt: skip


def _body(
    times: _Times, given: tuple[SourceLevel, Channel, str | None], told: tuple[str, str]
) -> OrderBody:
    level, channel, ordered_by = given
    words, unit = told
    done = times.dispatched + (times.closed - times.dispatched) * 0.8
    at_once = timedelta(minutes=3)
    is_owed = level is not SourceLevel.TOWN
    return OrderBody(
        source_level=level, channel=channel, ordered_by=ordered_by, needs_reply=is_owed,
        description=words, unit=unit, filed_at=times.dispatched - at_once,
        dispatched_at=times.dispatched, accepted_at=times.dispatched + at_once,
        first_due_at=times.due, is_estimated=times.is_estimated, feedback="已处置",
        feedback_at=done, reply="已处置完毕" if is_owed else None,
        replied_at=done if is_owed else None,
    )  # fmt: skip


def _closing(record_id: str, times: _Times, chance: Random) -> LogEntry:
    officer = chance.choice((DUTY, DUTY2))
    return LogEntry(
        at=times.closed, actor=officer.user, actor_name=officer.name, name="close",
        from_state=OrderState.CHECKING.value, to_state=OrderState.CLOSED.value,
        command=CommandId(derived_id("past", record_id)),
    )  # fmt: skip
