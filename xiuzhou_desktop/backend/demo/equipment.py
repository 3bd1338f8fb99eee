"""What stands before the shift begins: settings, cameras with their legal metadata, exemptions."""

from datetime import date, datetime, timedelta

from xiuzhou_desktop.backend.demo.ledger import Deed
from xiuzhou_desktop.backend.demo.people import ADMIN, SUPERVISOR, Person
from xiuzhou_desktop.backend.demo.reports import WATCHED_M, ring_around
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import unit
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState, Permit, Shop
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.exemption import ExemptionType
from xiuzhou_desktop.domain.ids import RecordId, derived_id
from xiuzhou_desktop.geo import destination

SETTINGS: dict[str, tuple[Json, str]] = {
    "jurisdictions": ({"05-05": "嘉兴市公安局交通警察支队秀洲大队"}, "机动车道违停的处罚权"),
    "due_soon_min": (5, "值班台提示"),
    "case_master_of": (
        {"05-04": "local", "05-01": "local", "05-07": "local", "01-02": "local"},
        "市容类案件由本系统办理，其余以省统一行政处罚办案系统为准",
    ),
}
NOTICE_WORDS = (
    "【秀洲综合执法】{subject}：{time}在{place}涉嫌{category}。请自收到本短信起{minutes}分钟内自行改正；"
    "逾期未改正的，将到现场处理。如有异议可回复本短信陈述、申辩。编号{number}。咨询 12345。"
)
SETTINGS_DAYS_AGO, SET_AGAIN_DAYS_AGO = 410, 46
PLANNED_DAYS_AGO = 40
REVIEW_AFTER = timedelta(days=7)  # legal and technical review, after acceptance
PUBLISH_AFTER = timedelta(days=21)
CALIBRATED_FOR = timedelta(days=365)
GAP_SHARE = 0.07  # cameras whose metadata lack something: their pictures are only a lead
MARKET_RADIUS_M = 45.0
OUTDOOR_HOURS = (17 * 60, 22 * 60)
LOADING_HOURS = (9 * 60 + 30, 11 * 60)
PERMITTED_SHOPS = 6
VALID_BEFORE, VALID_AFTER = timedelta(days=75), timedelta(days=104)


def settings(opening: datetime) -> list[Deed]:
    """What the district has set for itself, and what it has set again since."""
    at, again = (opening - timedelta(days=n) for n in (SETTINGS_DAYS_AGO, SET_AGAIN_DAYS_AGO))
    named: dict[str, tuple[Json, str]] = SETTINGS | {
        "holidays": ([f"{opening.year + 1}-01-01"], "元旦先行录入，全年安排待国务院公布"),
        "sms_templates": ({"notice": "{subject}：{time}在{place}涉嫌{category}。"}, "试用"),
    }
    first = [
        _deed(ADMIN, at + timedelta(minutes=place), (Kind.SETTING, derived_id("setting", name)),
              "define", name=name, value=value, note=note)
        for place, (name, (value, note)) in enumerate(named.items())
    ]  # fmt: skip
    words: Json = {"notice": NOTICE_WORDS}
    record = (Kind.SETTING, derived_id("setting", "sms_templates"))
    note = "法制科审定，加咨询电话"
    return [*first, _deed(ADMIN, again, record, "set", value=words, note=note)]


def cameras(world: World) -> list[Deed]:
    """Every video point, as it was registered."""
    return [_camera(world, camera) for camera in world.cameras]


def exemptions(world: World) -> list[Deed]:
    """Market, outdoor trade in the evening, a loading window, an ambulance."""
    deeds = [_market(world, permit) for permit in world.permits]
    permitted = sorted(world.shops, key=lambda shop: unit(world.seed, "outdoor", shop.id))
    deeds += [_outdoor(world, shop, n) for n, shop in enumerate(permitted[:PERMITTED_SHOPS], 1)]
    deeds.append(_loading(world))
    deeds.append(
        _exemption(
            world, "秀急 120-04", type=ExemptionType.AMBULANCE.value, title="区急救站 救护车",
            area="330411002", subject_key="plate:浙F120JX/blue",
        )
    )  # fmt: skip
    return deeds


def _camera(world: World, camera: Camera) -> Deed:
    at = _registered_at(world, camera)
    args: dict[str, Json] = {
        "short_no": camera.no, "state": camera.state.value, "gb_id": camera.gb_id,
        "name": camera.name, "area": camera.area, "address": camera.place,
        "lon_e7": round(camera.point.lon * 1e7), "lat_e7": round(camera.point.lat * 1e7),
        "heading_deg": camera.bearing_deg, "batch": camera.batch.value,
        "installed_on": camera.installed_on, "presets": ["默认"],
        "zones": [
            {"name": zone.name, "category": zone.category,
             "polygon_e4": [list(point) for point in zone.polygon], "shop": None}
            for zone in camera.zones
        ],
        **_legal(world, camera),
    }  # fmt: skip
    record = derived_id("camera", camera.no)
    return _deed(ADMIN, at, (Kind.CAMERA, record), "register", **args)


def _registered_at(world: World, camera: Camera) -> datetime:
    """On the day of its last progress, before the demo day whatever that is."""
    day = camera.accepted_on or camera.installed_on
    latest = world.opening - timedelta(days=1)
    if day is None:
        return world.opening - timedelta(days=PLANNED_DAYS_AGO)
    at = datetime.combine(date.fromisoformat(day), latest.timetz()) + timedelta(hours=1)
    return min(at, latest)


def _legal(world: World, camera: Camera) -> dict[str, Json]:
    """Metadata of APL 41: complete for most, with a gap for some."""
    if camera.state is not CameraState.ACCEPTED or camera.accepted_on is None:
        return {}
    accepted = date.fromisoformat(camera.accepted_on)
    today = world.date
    has_gap = unit(world.seed, "gap", camera.no) < GAP_SHARE
    calibrated = today - timedelta(days=int(unit(world.seed, "calibrated", camera.no) * 300))
    until = today - timedelta(days=12) if has_gap else calibrated + CALIBRATED_FOR
    return {
        "legal_review_on": (accepted + REVIEW_AFTER).isoformat(),
        "tech_review_on": (accepted + REVIEW_AFTER).isoformat(),
        "calibration_until": until.isoformat(), "sign_ok": True,
        "published_on": (accepted + PUBLISH_AFTER).isoformat(),
        "publish_url": f"https://gov.example/xiuzhou/cameras/{camera.gb_id}",
    }  # fmt: skip


def _market(world: World, permit: Permit) -> Deed:
    camera = world.camera(permit.camera)
    middle = destination(camera.point, camera.bearing_deg, WATCHED_M)
    ring: list[Json] = [[*corner] for corner in ring_around(middle, MARKET_RADIUS_M)]
    hours = [_minutes(text) for text in permit.hours]
    return _exemption(
        world, permit.number, type=ExemptionType.MARKET.value, title=permit.name,
        area=camera.area, categories=[permit.category], from_min=hours[0], to_min=hours[1],
        zone=ring, valid_from=permit.valid_on[0], valid_to=permit.valid_on[1],
        holder="新塍镇市场服务中心",
    )  # fmt: skip


def _outdoor(world: World, shop: Shop, number: int) -> Deed:
    return _exemption(
        world, f"秀许外摆 {world.date.year}-{number:03d}", type=ExemptionType.OUTDOOR_ZONE.value,
        title=f"{shop.name} 夜间外摆", area=shop.area, subject_key=f"shop:{shop.id}",
        categories=["05-04"], from_min=OUTDOOR_HOURS[0], to_min=OUTDOOR_HOURS[1],
        holder=shop.name,
    )  # fmt: skip


def _loading(world: World) -> Deed:
    """A window for lorries in front of the longest row of shops."""
    camera = next(one for one in world.cameras if one.area == "330411005")
    middle = destination(camera.point, camera.bearing_deg, WATCHED_M)
    ring: list[Json] = [[*corner] for corner in ring_around(middle, MARKET_RADIUS_M)]
    return _exemption(
        world, f"秀许装卸 {world.date.year}-007", type=ExemptionType.LOADING.value,
        title=f"{camera.place} 装卸货时段", area=camera.area, categories=["05-05"],
        from_min=LOADING_HOURS[0], to_min=LOADING_HOURS[1], zone=ring,
    )  # fmt: skip


def _exemption(world: World, number: str, **args: Json) -> Deed:
    record = derived_id("exemption", number)
    told: dict[str, Json] = {
        "permit_no": number,
        "valid_from": (world.date - VALID_BEFORE).isoformat(),
        "valid_to": (world.date + VALID_AFTER).isoformat(),
    }
    at = world.opening - VALID_BEFORE - timedelta(days=4)
    return _deed(SUPERVISOR, at, (Kind.EXEMPTION, record), "grant", **(told | args))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _deed(
    person: Person, at: datetime, what: tuple[Kind, RecordId], does: str, /, **args: Json
) -> Deed:
    kind, record = what
    return Deed(at=at, actor=person.actor(), kind=kind, record=record, transition=does, args=args)
