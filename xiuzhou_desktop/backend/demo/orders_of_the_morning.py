"""Orders that the shift finds open: one that a superior follows up (督办), citizens' by 12345, a
leader's note, at every stage of domain.md §2.1.

A plan is a table row: where and what, who gave it, and the deeds done since, each some minutes
after the one before.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.flag_course import Gallery
from xiuzhou_desktop.backend.demo.ledger import Deed, Ledger
from xiuzhou_desktop.backend.demo.people import BY_SCOPE, CLERK, DUTY, DUTY2, SUPERVISOR, Person
from xiuzhou_desktop.backend.demo.pictures import SMALL_WIDTH, Shot
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import pick
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState, Health, SituationKind
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.flag_body import Channel
from xiuzhou_desktop.domain.ids import RecordId, Scope, derived_id
from xiuzhou_desktop.domain.order_body import SourceLevel
from xiuzhou_desktop.domain.workcalendar import LOCAL

MORNING_HOUR = 8
SUPERVISED = frozenset({"suspend", "extend", "escalate"})
HOTLINE = "12345 政务热线"
UNITS = {
    "330411002": "新城中队", "330411003": "嘉北中队", "330411004": "塘汇中队",
    "330411005": "高照中队", "330411101": "王江泾镇综合行政执法队",
    "330411103": "油车港镇综合行政执法队", "330411104": "新塍镇综合行政执法队",
    "330411105": "王店镇综合行政执法队", "330411106": "洪合镇综合行政执法队",
}  # fmt: skip


class Plan(NamedTuple):
    """One order: days ago and minute of the day; area, category, words; deeds (name, minutes)."""

    came: tuple[int, int]
    area: str
    category: str
    text: str
    given: tuple[SourceLevel, Channel, str | None]
    deeds: tuple[tuple[str, int], ...] = ()
    priority: int | None = None


def _hotline() -> tuple[SourceLevel, Channel, str | None]:
    return (SourceLevel.HOTLINE, Channel.CITIZEN, HOTLINE)


def _clock(hours: int, minutes: int) -> int:
    return hours * 60 + minutes


TO_DISPATCH = (("verify", 6), ("file", 2), ("dispatch", 4))
TO_START = (*TO_DISPATCH, ("accept", 11), ("start", 16))
LEADER = (SourceLevel.DISTRICT, Channel.LEADER_NOTE, "区政府办公室")
PLANS: tuple[Plan, ...] = (
    Plan((0, _clock(8, 6)), "330411002", "05-04",
         "市民反映早餐店把桌椅摆上人行道，婴儿车过不去。", _hotline()),
    Plan((0, _clock(8, 22)), "330411005", "01-04",
         "市民反映路口遗留大量落叶和泥水，电动车打滑。", _hotline(), (), 2),
    Plan((0, _clock(8, 19)), "330411104", "05-01",
         "市民反映菜场门口流动摊贩占道，公交车进站困难。", _hotline()),
    Plan((0, _clock(8, 22)), "330411003", "04-04",
         "市民反映污水井满溢，气味大，已流到人行道。", _hotline()),
    Plan((0, _clock(8, 25)), "330411101", "05-05",
         "市民反映厂门口大货车停在路口挡住视线。", _hotline()),
    Plan((0, _clock(8, 24)), "330411002", "02-03",
         "主次干道沿街立柱广告有安全隐患，请排查并反馈。", LEADER, (), 2),
    Plan((0, _clock(8, 10)), "330411005", "01-02",
         "市民反映小区外垃圾桶满溢三天无人清运。", _hotline(), TO_DISPATCH[:1]),
    Plan((0, _clock(8, 8)), "330411106", "03-04",
         "渣土车沿线洒落泥块约两百米。", (SourceLevel.TOWN, Channel.PATROL, None), TO_DISPATCH[:2]),
    Plan((0, _clock(7, 5)), "330411002", "05-07",
         "市民反映店铺把纸箱堆在盲道上。", _hotline(), TO_DISPATCH),
    Plan((1, _clock(16, 48)), "330411004", "02-01",
         "楼道口和变电箱上贴满小广告。", _hotline(), (*TO_DISPATCH, ("accept", 20))),
    Plan((1, _clock(16, 5)), "330411105", "01-06",
         "绿地内有大量塑料袋和饮料瓶。", _hotline(), TO_START),
    Plan((1, _clock(15, 20)), "330411002", "01-03",
         "围墙外积存装修垃圾约两方。", (SourceLevel.CITY, Channel.SUPERIOR, "市智慧城管中心"),
         (*TO_START, ("feedback", 95))),
    Plan((1, _clock(14, 30)), "330411003", "05-06",
         "地铁口共享单车淤积，占满通道。", _hotline(),
         (*TO_START, ("feedback", 70), ("reply", 12), ("check", 5))),
    Plan((1, _clock(14, 2)), "330411103", "03-02",
         "工地夜间进出车辆未冲洗，路面起尘。", _hotline(), (*TO_DISPATCH, ("return_", 25))),
    Plan((1, _clock(9, 40)), "330411005", "02-02",
         "店招损坏，灯箱铁皮外翘。", _hotline(),
         (*TO_START, ("feedback", 60), ("reply", 9), ("check", 14), ("rework", 6))),
    Plan((2, _clock(10, 12)), "330411002", "01-01",
         "屋顶私搭彩钢棚，邻居反映遮光。", _hotline(), (*TO_START, ("suspend", 240))),
)  # fmt: skip
REASONS: Mapping[str, str] = {
    "return_": "该工地由市住建部门监管，请改派。",
    "rework": "照片仍可见铁皮外翘，请重新处置。",
    "suspend": "当事人申请复核，等待规划部门书面认定。",
    "escalate": "群众连续三日投诉，市局督办，今日上午办结并书面回复。",
}


class OrderCourse(Struct, frozen=True, kw_only=True):
    """One order's way."""

    world: World
    gallery: Gallery
    plan: Plan
    id: RecordId
    camera: Camera
    opened_at: datetime
    external_id: str

    @property
    def begins(self) -> datetime:
        """When it is entered, a little after it came."""
        return self.opened_at + timedelta(seconds=40)

    def next_deed(self, ledger: Ledger, after: datetime) -> Deed | None:
        """The next row of its plan."""
        order = ledger.records.get(self.id)
        if order is None:
            return self._report()
        done = sum(1 for entry in order.log if entry.name != "alarm") - 1
        if done >= len(self.plan.deeds):
            return None
        name, minutes = self.plan.deeds[done]
        at = after + timedelta(minutes=minutes, seconds=7 * done + 11)
        return self._deed(self._person(name, at), at, name, self._args(name, at))

    def _report(self) -> Deed:
        level, channel, ordered_by = self.plan.given
        args: dict[str, Json] = {
            "category": self.plan.category, "address": self.camera.place,
            "channel": channel.value, "source_level": level.value, "ordered_by": ordered_by,
            "area": self.plan.area, "lon_e7": round(self.camera.point.lon * 1e7),
            "lat_e7": round(self.camera.point.lat * 1e7), "description": self.plan.text,
            "reporter_masked": _masked(self) if level is SourceLevel.HOTLINE else None,
            "priority": self.plan.priority, "source": level.value,
            "external_id": self.external_id, "reported_at": format_instant(self.opened_at),
        }  # fmt: skip
        return self._deed(self._person("report", self.begins), self.begins, "report", args)

    def _args(self, name: str, at: datetime) -> dict[str, Json]:
        match name:
            case "dispatch":
                return {"unit": UNITS[self.plan.area]}
            case "feedback":
                return {"photos": self._photos(at), "text": "已到场清理完毕，现场照片见附件。"}
            case "reply":
                return {"text": "已安排处置完毕，感谢您的反映。"}
            case "suspend":
                return {"reason": REASONS[name], "until": format_instant(at + timedelta(days=5))}
            case "return_" | "rework" | "escalate":
                return {"reason": REASONS[name]}
            case _:
                return {}

    def _photos(self, at: datetime) -> list[Json]:
        """What the place looks like then."""
        name = self.gallery.name_of(Shot(self.camera.no, at, SMALL_WIDTH))
        return [name] if name is not None else []

    def _person(self, name: str, at: datetime) -> Person:
        if name == "report" and self.plan.given[1] is not Channel.PATROL:
            return CLERK
        if name in SUPERVISED:
            return SUPERVISOR
        town = BY_SCOPE.get(Scope(self.plan.area))
        if town is not None:
            return town
        return DUTY if at.astimezone(LOCAL).hour >= MORNING_HOUR else DUTY2

    def _deed(self, person: Person, at: datetime, name: str, args: dict[str, Json]) -> Deed:
        return Deed(
            at=at, actor=person.actor(), kind=Kind.ORDER, record=self.id, transition=name,
            args=args,
        )  # fmt: skip


def order_courses(world: World, gallery: Gallery) -> Iterator[OrderCourse]:
    """Every open order's way."""
    for number, plan in enumerate(PLANS, 1):
        day = world.midnight - timedelta(days=plan.came[0])
        opened = day + timedelta(minutes=plan.came[1], seconds=13 * number % 60)
        yield _course(world, gallery, plan, (f"{opened:%Y%m%d}-{number:04d}", opened))
    yield _from_above(world, gallery)


def _from_above(world: World, gallery: Gallery) -> OrderCourse:
    """The superior's order of the world's script, under way and followed up."""
    told = next(one for one in world.situations if one.kind is SituationKind.SUPERIOR_ORDER)
    order = told.order
    if order is None:
        raise LookupError("the script lacks the superior's order")
    plan = Plan(
        (0, 0), world.camera(order.camera).area, order.category, order.text,
        (SourceLevel.CITY, Channel.SUPERIOR, order.ordered_by),
        (("verify", 2), ("file", 1), ("dispatch", 2), ("accept", 5), ("start", 8), ("escalate", 9)),
    )  # fmt: skip
    course = _course(world, gallery, plan, (order.number, order.issued_at))
    return OrderCourse(
        world=world, gallery=gallery, plan=plan, id=course.id, opened_at=order.issued_at,
        camera=world.camera(order.camera), external_id=order.number,
    )  # fmt: skip


def _course(world: World, gallery: Gallery, plan: Plan, named: tuple[str, datetime]) -> OrderCourse:
    number, opened = named
    here = [
        camera
        for camera in world.cameras
        if camera.area == plan.area
        and camera.state is CameraState.ACCEPTED
        and world.health(camera.no, world.opening) is Health.ONLINE
    ]
    return OrderCourse(
        world=world, gallery=gallery, plan=plan, id=derived_id("order", plan.given[0], number),
        camera=pick(here, world.seed, "order", number), opened_at=opened, external_id=number,
    )  # fmt: skip


def _masked(course: OrderCourse) -> str:
    surname = pick(("沈", "陆", "朱", "徐", "吴", "钱"), course.world.seed, course.external_id)
    called = pick(("先生", "女士"), course.world.seed, course.external_id, "called")
    return f"{surname}{called}"
