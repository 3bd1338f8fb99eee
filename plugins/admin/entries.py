"""One line of a section as text: a row of a setting, an account, or a record. Nothing is computed
when it is painted.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from plugins.admin.sections import OF_KIND, OF_SETTING, AdminSection, Pane
from plugins.admin.words import Words
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, RecordView
from xiuzhou_desktop.contract.administration import AccountLine
from xiuzhou_desktop.contract.sessions import EnrolmentLine, SessionLine
from xiuzhou_desktop.documents.sms_text import TEMPLATES, words_of
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.exemption import ExemptionBody
from xiuzhou_desktop.domain.officer import Certificate, OfficerBody
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.setting_parts import Part, parts
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.workcalendar import LOCAL, is_announced
from xiuzhou_desktop.domain.writing import body_of

SOON = timedelta(days=30)  # a certificate or calibration that ends within it is said to end
Facts = tuple[tuple[str, str], ...]
Shown = tuple[tuple[str, ...], Facts]


class Entry(Struct, frozen=True, kw_only=True):
    """A line. `setting`: to which it belongs; `part` None: it has no rows yet. `view`: its record,
    or that of its setting; None where the default holds. `pane`: what it shows beside its words.
    """

    key: str
    title: str
    cells: tuple[str, ...]
    facts: Facts = ()
    warning: str | None = None
    chip: Chip | None = None
    view: RecordView | None = None
    setting: str | None = None
    part: Part | None = None
    pane: Pane | None = None
    account: AccountLine | None = None
    workstation: EnrolmentLine | None = None


class World(Struct, frozen=True, kw_only=True):
    """What the lines are made from."""

    rules: Rules
    settings: Mapping[str, RecordView]
    accounts: tuple[AccountLine, ...]
    sessions: tuple[SessionLine, ...]
    workstations: tuple[EnrolmentLine, ...]
    words: Words
    now: datetime

    def holding(self, name: str) -> Json:
        """The value of a setting that holds now; of templates, with those that ship."""
        value = to_json(self.rules.value(name))
        if name == "sms_templates" and isinstance(value, dict):
            return {one: words_of(one, self.rules.policy) for one in TEMPLATES} | value
        return value

    def sessions_of(self, user: str) -> tuple[SessionLine, ...]:
        """Where somebody is signed in."""
        return tuple(one for one in self.sessions if one.user == user)

    @property
    def today(self) -> date:
        """The day of the local calendar."""
        return self.now.astimezone(LOCAL).date()


def entries_of(section: AdminSection, world: World) -> tuple[Entry, ...]:
    """The lines of a section that lists no records."""
    if section.name in _OF_SERVER:
        return _OF_SERVER[section.name](world)
    made = [one for name in section.settings for one in _rows(name, world)]
    return (*made, *(_announced(world) if "holidays" in section.settings else ()))


def record_entry(view: RecordView, world: World) -> Entry:
    """The line of a record."""
    record = view.record
    (cells, facts), warning = _SHOWN[record.kind](view, world), _WARNS[record.kind](view, world)
    state = world.words.standing(record)
    return Entry(
        key=record.id, title=record.title, cells=cells, warning=warning, view=view,
        facts=((world.words.label("state"), state), *facts), chip=_chip(view, world.words),
        pane=OF_KIND[record.kind].pane,
    )  # fmt: skip


def _rows(name: str, world: World) -> tuple[Entry, ...]:
    """The rows of a setting; a table without any still has a line, to which some can be added."""
    found = parts(name, world.holding(name))
    return tuple(_part(part, world) for part in found) or (_no_rows(name, world),)


def _no_rows(name: str, world: World) -> Entry:
    words, view = world.words, world.settings.get(name)
    cells = (words.setting(name), words.nothing, words.say("no_rows"), words.source(view))
    return Entry(
        key=name, title=words.setting(name), cells=cells, setting=name, view=view,
        facts=((words.label("value"), words.say("no_rows.long")),),
        chip=_chip(view, words) if view else None,
    )  # fmt: skip


def _part(part: Part, world: World) -> Entry:
    view, words = world.settings.get(part.setting), world.words
    held = view if view is not None and _is_set(part, view) else None
    body = body_of(held.record, SettingBody) if held else None
    name, key = words.setting(part.setting), words.key(part)
    value, source = words.value(part), words.source(held)
    facts = [(words.label("value"), value), (words.label("source"), source)]
    if body is not None and body.note:
        facts.append((words.label("note"), body.note))
    return Entry(
        key=f"{part.setting}/{part.key}", title=words.titled(name, key),
        cells=(name, key, value, source), facts=tuple(facts), setting=part.setting, part=part,
        pane=OF_SETTING[part.setting].pane, view=view,
        chip=_chip(view, words) if view else None,
    )  # fmt: skip


def _is_set(part: Part, view: RecordView) -> bool:
    """Whether the district has said it; a template that ships may stand beside one that is set."""
    value = body_of(view.record, SettingBody).value
    ships = isinstance(value, Mapping) and part.key not in value
    return view.record.is_open and not ships


def _announced(world: World) -> tuple[Entry, ...]:
    """The year's holidays and make-up days, so that who adds one sees what stands."""
    calendar, words = world.rules.calendar, world.words
    year = world.today.year
    found = []
    for day in calendar.exceptions(year):
        if day in calendar.holidays | calendar.workdays:
            continue
        kind = "made_up" if calendar.is_workday(day) else "holiday"
        cells = (
            words.say(f"day.{kind}"), words.day(day), "", words.say("source.announced"),
        )  # fmt: skip
        facts = ((words.label("source"), words.say("source.announced.long", year=year)),)
        found.append(
            Entry(key=day.isoformat(), title=words.day(day), cells=cells, facts=facts)
        )  # fmt: skip
    if not is_announced(year + 1):
        said = words.say("source.estimated", year=year + 1)
        found.append(Entry(key="estimated", title=said, cells=("", said, "", ""), warning=said))
    return tuple(found)


def _accounts(world: World) -> tuple[Entry, ...]:
    return tuple(_account(one, world) for one in world.accounts)


def _account(one: AccountLine, world: World) -> Entry:
    words = world.words
    roles = words.roles(one.held)
    state = words.say("account.disabled" if one.disabled else "account.active")
    facts = [(words.label("user"), one.user), (words.label("roles"), roles)]
    if one.made_at is not None:
        facts.append((words.label("made"), words.stamp(one.made_at)))
    for session in world.sessions_of(one.user):
        at = words.say("session", place=session.workstation, at=words.stamp(session.renewed_at))
        facts.append((words.label("session"), at))
    return Entry(
        key=one.user, title=words.titled(one.name, one.user),
        cells=(one.user, one.name, roles, state),
        facts=(*facts, (words.label("state"), state)), account=one,
    )  # fmt: skip


def _workstations(world: World) -> tuple[Entry, ...]:
    return tuple(_workstation(one, world) for one in world.workstations)


def _workstation(one: EnrolmentLine, world: World) -> Entry:
    words, since = world.words, one.enrolled_at
    if since is not None:
        told = words.say("workstation.enrolled", at=words.stamp(since))
    else:
        until = words.stamp(one.invited_until) if one.invited_until else "—"
        told = words.say("workstation.invited", at=until)
    facts = [(words.label("workstation"), one.workstation), (words.label("state"), told)]
    for session in world.sessions:
        if session.workstation == one.workstation:
            at = words.say("session", place=session.user, at=words.stamp(session.renewed_at))
            facts.append((words.label("session"), at))
    return Entry(
        key=one.workstation, title=one.workstation, cells=(one.workstation, told),
        facts=tuple(facts), workstation=one,
    )  # fmt: skip


def _officer(view: RecordView, world: World) -> Shown:
    body, words = body_of(view.record, OfficerBody), world.words
    last = _last(body)
    number = last.number if last else words.nothing
    valid = words.say("until", day=last.valid_to.isoformat()) if last else words.nothing
    facts = tuple(
        (words.say("certificate", number=one.number),
         words.say("span", start=one.valid_from.isoformat(), end=one.valid_to.isoformat()))
        for one in body.certificates
    )  # fmt: skip
    cells = (body.name, body.unit, number, valid)
    return cells, ((words.label("unit"), body.unit or words.nothing), *facts)


def _last(body: OfficerBody) -> Certificate | None:
    return max(body.certificates, key=lambda one: one.valid_to, default=None)


def _officer_warning(view: RecordView, world: World) -> str | None:
    last = _last(body_of(view.record, OfficerBody))
    return None if last is None else _ending("certificate", last.valid_to, world)


def _ending(what: str, until: date, world: World) -> str | None:
    """What has ended, or soon will."""
    left = (until - world.today).days
    if left < 0:
        return world.words.say(f"ended.{what}", days=-left)
    return world.words.say(f"ends.{what}", days=left) if until <= world.today + SOON else None


def _exemption(view: RecordView, world: World) -> Shown:
    body, words, record = body_of(view.record, ExemptionBody), world.words, view.record
    hours = words.hours(body.from_min, body.to_min)
    valid = words.say("span", start=body.valid_from.isoformat(), end=body.valid_to.isoformat())
    whom = record.subject_key or words.say("zone", count=len(body.zone))
    facts = (
        (words.label("type"), words.option("ExemptionType", body.type.value)),
        (words.label("permit"), body.permit_no),
        (words.label("holder"), body.holder or words.nothing),
        (words.label("hours"), hours), (words.label("valid"), valid),
        (words.label("categories"), words.categories(body.categories)),
        (words.label("whom"), whom),
    )  # fmt: skip
    return (record.title, body.permit_no, hours, words.say("until", day=body.valid_to)), facts


def _exemption_warning(view: RecordView, world: World) -> str | None:
    return _ending("exemption", body_of(view.record, ExemptionBody).valid_to, world)


def _camera(view: RecordView, world: World) -> Shown:
    body, words, record = body_of(view.record, CameraBody), world.words, view.record
    until = body.calibration_until
    calibrated = words.say("until", day=until.isoformat()) if until else words.nothing
    reviewed = body.legal_review_on.isoformat() if body.legal_review_on else words.nothing
    facts = (
        (words.label("gb_id"), body.gb_id or words.nothing),
        (words.label("address"), body.address or words.nothing),
        (words.label("area"), words.area(record.area)),
        (words.label("zones"), str(len(body.zones))), (words.label("reviewed"), reviewed),
        (words.label("calibrated"), calibrated),
    )  # fmt: skip
    return (body.short_no, body.name or body.address, words.area(record.area), calibrated), facts


def _camera_warning(view: RecordView, world: World) -> str | None:
    until = body_of(view.record, CameraBody).calibration_until
    return None if until is None else _ending("calibration", until, world)


def _chip(view: RecordView, words: Words) -> Chip | None:
    if not view.pending:
        return None
    if view.pending[-1].status in NEEDS_A_PERSON:
        return Chip(ChipState.REFUSED, words.say("chip.refused"))
    return Chip(ChipState.PENDING, words.say("chip.pending"))


_OF_SERVER: Mapping[str, Callable[[World], tuple[Entry, ...]]] = {
    "accounts": _accounts, "workstations": _workstations,
}  # fmt: skip
_SHOWN: Mapping[Kind, Callable[[RecordView, World], Shown]] = {
    Kind.OFFICER: _officer, Kind.EXEMPTION: _exemption, Kind.CAMERA: _camera,
}  # fmt: skip
_WARNS: Mapping[Kind, Callable[[RecordView, World], str | None]] = {
    Kind.OFFICER: _officer_warning, Kind.EXEMPTION: _exemption_warning,
    Kind.CAMERA: _camera_warning,
}  # fmt: skip
