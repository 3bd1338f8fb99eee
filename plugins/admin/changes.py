"""What may be changed in a line: each with the form that asks for it, and what it becomes.

Change ── form, values ──► the person ──► plan(args) ─► Draft        through the engine
                                                       AccountSay   to the server alone
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from plugins.admin.change import Change, Confirm, EndSession, Given, always
from plugins.admin.enrolling import new_workstation, of_workstation
from plugins.admin.entries import Entry, World
from plugins.admin.sections import AdminSection
from plugins.admin.words import BY_CATEGORY, OF_DAY, unit_of
from ui.records import UNDO_S, Choice
from xiuzhou_desktop.client.views import Draft, RecordView
from xiuzhou_desktop.contract.administration import AccountAct, AccountLine, AccountSay
from xiuzhou_desktop.documents.sms_text import TEMPLATES
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.camera import Install, RetireCamera, UpdateCamera
from xiuzhou_desktop.domain.camera_body import CameraState
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.domain.exemption import (
    AmendExemption,
    ExemptionBody,
    ExemptionState,
    GrantExemption,
    Revoke,
)
from xiuzhou_desktop.domain.fields import Line
from xiuzhou_desktop.domain.ids import Scope
from xiuzhou_desktop.domain.officer import (
    Certify,
    CorrectOfficer,
    Enrol,
    OfficerBody,
    OfficerState,
)
from xiuzhou_desktop.domain.setting_parts import (
    CODE,
    VALUE,
    Shape,
    asked,
    form_of,
    shape_of,
    with_part,
    without_part,
)
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of

PEOPLE = tuple(role for role in Role if role not in (Role.SYSTEM, Role.DEVICE))


class AccountForm(Args, frozen=True, kw_only=True):
    """A new account; the server draws its first password."""

    user: Line
    name: Line
    role: Role
    scope: Scope


class RoleForm(Args, frozen=True, kw_only=True):
    """A role in a scope."""

    role: Role
    scope: Scope


def changes_of(entry: Entry, world: World) -> tuple[Change, ...]:
    """What may be done with a line, most usual first."""
    if entry.account is not None:
        return _of_account(entry.account, world)
    if entry.workstation is not None:
        return of_workstation(entry.workstation.workstation)
    if entry.part is not None:
        return _of_part(entry, world)
    if entry.view is not None and entry.view.record.kind in _OF_RECORD:
        return _OF_RECORD[entry.view.record.kind](entry.view, world)
    return ()


def new_in(section: AdminSection, entry: Entry | None, world: World) -> Change | None:
    """What Ctrl+N adds to a section; to which setting, the selected line says."""
    if section.settings:
        name = entry.setting if entry and entry.setting else section.settings[0]
        return None if shape_of(name) is Shape.ONE else _new_part(name, world)
    return _NEW[section.name](world) if section.name in _NEW else None


# settings


def _of_part(entry: Entry, world: World) -> tuple[Change, ...]:
    part = entry.part
    if part is None:
        return ()
    name, holding = part.setting, world.holding(part.setting)
    what = {"what": entry.title}
    found = [_edit_part(entry, world)]
    if shape_of(name) is not Shape.ONE:
        found.append(
            Change(
                text="admin.change.remove_part",
                named=what, kind=Kind.SETTING, form=Confirm,
                plan=lambda said: _assigned(world, name, without_part(name, holding, part.key),
                                            said),
            )
        )  # fmt: skip
    if entry.view is not None and entry.view.record.is_open:
        view = entry.view
        found.append(
            Change(
                text="admin.change.default",
                named={"what": world.words.setting(name)}, kind=Kind.SETTING, form=Confirm,
                plan=lambda _said: draft_on(view, "unset", {}),
            )
        )  # fmt: skip
    return tuple(found)


def _edit_part(entry: Entry, world: World) -> Change:
    part = entry.part
    if part is None:
        raise TypeError("a line that is no row of a setting")
    name, holding = part.setting, world.holding(part.setting)
    return Change(
        text="admin.change.edit_part",
        named={"what": entry.title}, kind=Kind.SETTING, form=form_of(name), values=asked(part),
        skip=(CODE,), choices=_part_choices(name, world), labels=_labels(name, world),
        plan=lambda said: _assigned(world, name, with_part(name, holding, part.key, said), said),
    )  # fmt: skip


def _new_part(name: str, world: World) -> Change:
    holding = world.holding(name)
    return Change(
        text="admin.change.new_part",
        named={"what": world.words.setting(name)}, kind=Kind.SETTING, form=form_of(name),
        choices=_part_choices(name, world), labels=_labels(name, world),
        plan=lambda said: _assigned(world, name, with_part(name, holding, None, said), said),
    )  # fmt: skip


def _part_choices(name: str, world: World) -> dict[str, Sequence[Choice]]:
    if name == "sms_templates":
        return {CODE: [Choice(one, world.words.say(f"template.{one}")) for one in TEMPLATES]}
    if name in BY_CATEGORY - {"categories"}:
        field = "value" if shape_of(name) is Shape.LIST else CODE
        return {field: _categories(world)}
    return {}


def _labels(name: str, world: World) -> dict[str, str]:
    """What the form calls the value of a row: with its unit, but for a time of day."""
    unit = None if name in OF_DAY else unit_of(name)
    return {VALUE: world.words.say(f"asked.{unit}")} if unit else {}


def _categories(world: World) -> list[Choice]:
    return [
        Choice(code, world.words.say("coded", code=code, name=world.words.category(code)))
        for code in world.rules.policy.categories
    ]


def _assigned(world: World, name: str, value: Json, said: Given) -> Draft:
    """The setting at that value: defined where it had none."""
    args = {"value": value, "note": said.get("note") or ""}
    view = world.settings.get(name)
    if view is None:
        return Draft(
            kind=Kind.SETTING, record=None, transition="define", args={"name": name, **args},
            hold_s=UNDO_S,
        )  # fmt: skip
    return draft_on(view, "set", args)


def draft_on(view: RecordView, transition: str, args: Given) -> Draft:
    """A command on what the screen shows."""
    return Draft(
        kind=view.record.kind, record=view.record.id, transition=transition, args=args,
        hold_s=UNDO_S, seen=view.seen,
    )  # fmt: skip


# accounts


def _of_account(one: AccountLine, world: World) -> tuple[Change, ...]:
    turn = AccountAct.ENABLE if one.disabled else AccountAct.DISABLE
    granting = Change(
        text="admin.change.grant", kind=Kind.OFFICER, form=RoleForm, choices=_where(world),
        plan=lambda said: _say(AccountAct.GRANT, one.user, said),
    )  # fmt: skip
    revoking = tuple(
        Change(
            text="admin.change.revoke", kind=Kind.OFFICER, form=Confirm, skip=("note",),
            named={"role": world.words.roles((have,))},
            plan=always(AccountSay(act=AccountAct.REVOKE, user=one.user, role=have.role,
                                    scope=have.scope)),
        )
        for have in one.held
    )  # fmt: skip
    ending = tuple(
        Change(
            text="admin.change.end_session", kind=Kind.OFFICER, form=Confirm, skip=("note",),
            named={"place": session.workstation}, plan=always(EndSession(session=session.id)),
        )
        for session in world.sessions_of(one.user)
    )  # fmt: skip
    plain = tuple(
        Change(
            text=f"admin.change.{act.value}", kind=Kind.OFFICER, form=Confirm, skip=("note",),
            plan=always(AccountSay(act=act, user=one.user)),
        )
        for act in (AccountAct.RESET, turn)
    )  # fmt: skip
    return granting, *revoking, *plain, *ending


def _say(act: AccountAct, user: str, said: Given) -> AccountSay:
    role, scope = said.get("role"), said.get("scope")
    return AccountSay(
        act=act, user=user, name=str(said.get("name") or ""),
        role=Role(str(role)) if role else None, scope=Scope(str(scope)) if scope else None,
    )  # fmt: skip


def _where(world: World) -> dict[str, Sequence[Choice]]:
    return {
        "role": [Choice(role.value, world.words.role(role.value)) for role in PEOPLE],
        "scope": [Choice(str(scope), world.words.area(scope)) for scope in SCOPES],
    }


def _new_account(world: World) -> Change:
    return Change(
        text="admin.change.add", kind=Kind.OFFICER, form=AccountForm, choices=_where(world),
        plan=lambda said: _say(AccountAct.ADD, str(said["user"]), said),
    )  # fmt: skip


# records


def _of_officer(view: RecordView, world: World) -> tuple[Change, ...]:
    if view.record.state == OfficerState.DISABLED:
        return (_plain(view, "enable"),)
    body = body_of(view.record, OfficerBody)
    known = _given(body, CorrectOfficer)
    without = tuple(
        Change(
            text="admin.change.withdraw", kind=Kind.OFFICER, form=Confirm, skip=("note",),
            named={"number": one.number},
            plan=always(draft_on(view, "correct", _without(known, one.number))),
        )
        for one in body.certificates
    )  # fmt: skip
    return (
        _filled(view, "certify", Certify, {}),
        _filled(view, "correct", CorrectOfficer, known, skip=("certificates",)),
        *without, _plain(view, "disable"),
    )  # fmt: skip


def _without(known: Given, number: str) -> dict[str, Json]:
    listed = known["certificates"]
    kept = [one for one in listed if one["number"] != number] if isinstance(listed, list) else []
    return {**known, "certificates": kept}


def _of_exemption(view: RecordView, world: World) -> tuple[Change, ...]:
    if view.record.state == ExemptionState.REVOKED:
        return (_plain(view, "restore"),)
    record = view.record
    known = _given(body_of(record, ExemptionBody), AmendExemption) | {
        "title": record.title, "area": record.area, "subject_key": record.subject_key,
    }  # fmt: skip
    amended = Change(
        text="transition.exemption.amend", kind=Kind.EXEMPTION, form=AmendExemption, values=known,
        skip=("zone", "permit_no"), choices={"area": _areas(world)},
        plan=lambda said: draft_on(view, "amend", said),
    )  # fmt: skip
    drawn = msgspec.structs.replace(amended, text="admin.change.draw", is_drawn=True)
    return amended, drawn, _filled(view, "revoke", Revoke, {})


def _of_camera(view: RecordView, world: World) -> tuple[Change, ...]:
    record = view.record
    if record.state == CameraState.RETIRED:
        return ()
    known = _given(record.body, UpdateCamera) | {
        "state": record.state, "area": record.area,
        "lon_e7": record.place.lon_e7 if record.place else None,
        "lat_e7": record.place.lat_e7 if record.place else None,
    }  # fmt: skip
    skip = ("short_no", "state", "lon_e7", "lat_e7", "zones")
    update = _filled(view, "update", UpdateCamera, known, skip=skip)
    next_step = {
        CameraState.PLANNED: (_filled(view, "install", Install, {}),),
        CameraState.INSTALLED: (_plain(view, "accept"),),
    }.get(CameraState(record.state), ())
    return (*next_step, update, _filled(view, "retire", RetireCamera, {}))


def _plain(view: RecordView, transition: str) -> Change:
    return Change(
        text=f"transition.{view.record.kind.value}.{transition}", kind=view.record.kind,
        form=Confirm, skip=("note",), plan=lambda _said: draft_on(view, transition, {}),
    )  # fmt: skip


def _filled(
    view: RecordView, transition: str, form: type[Args], known: Given, skip: tuple[str, ...] = ()
) -> Change:
    return Change(
        text=f"transition.{view.record.kind.value}.{transition}", kind=view.record.kind, form=form,
        values=known, skip=skip, plan=lambda said: draft_on(view, transition, said),
    )  # fmt: skip


def _given(body: object, form: type[Args]) -> dict[str, Json]:
    """The particulars that a form asks for, as they stand."""
    plain = to_json(body)
    held = plain if isinstance(plain, dict) else {}
    return {name: held[name] for name in form.__struct_fields__ if name in held}


def _areas(world: World) -> list[Choice]:
    return [Choice(code, area.name) for code, area in world.rules.policy.areas.items()]


def _created(kind: Kind, transition: str) -> Callable[[Given], Draft]:
    return lambda said: Draft(
        kind=kind, record=None, transition=transition, args=said, hold_s=UNDO_S
    )


def _new_officer(world: World) -> Change:
    return Change(
        text="transition.officer.enrol", kind=Kind.OFFICER, form=Enrol,
        choices={"scope": _where(world)["scope"]}, plan=_created(Kind.OFFICER, "enrol"),
    )  # fmt: skip


def _new_exemption(world: World) -> Change:
    return Change(
        text="transition.exemption.grant", kind=Kind.EXEMPTION, form=GrantExemption,
        skip=("zone",), choices={"area": _areas(world)}, is_drawn=True,
        plan=_created(Kind.EXEMPTION, "grant"),
    )  # fmt: skip


_OF_RECORD: Mapping[Kind, Callable[[RecordView, World], tuple[Change, ...]]] = {
    Kind.OFFICER: _of_officer, Kind.EXEMPTION: _of_exemption, Kind.CAMERA: _of_camera,
}  # fmt: skip
_NEW: Mapping[str, Callable[[World], Change]] = {
    "accounts": _new_account, "officers": _new_officer, "exemptions": _new_exemption,
    "workstations": new_workstation,
}  # fmt: skip
