"""An earlier version put back: what it was is asked of the server's past, and becomes a command.

the record's log ─► up to nine versions ─► the one chosen, as it stood ─► set · correct · …
"""

from collections.abc import Callable, Mapping

from plugins.admin.change import Change, Confirm
from plugins.admin.changes import draft_on
from plugins.admin.words import Words
from ui.widgets import Answer
from xiuzhou_desktop.client.views import RecordQuery, RecordView
from xiuzhou_desktop.domain.camera import UpdateCamera
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Args, Kind, LogEntry, Record
from xiuzhou_desktop.domain.exemption import AmendExemption, ExemptionState
from xiuzhou_desktop.domain.officer import CorrectOfficer
from xiuzhou_desktop.domain.setting import SettingState
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Engine

MOST = 9
Act = tuple[str, dict[str, Json]]


def versions(view: RecordView) -> tuple[LogEntry, ...]:
    """What made each version before the present one, newest first."""
    return tuple(reversed(view.record.log[:-1]))[:MOST]


def answers(found: tuple[LogEntry, ...], kind: Kind, words: Words) -> list[Answer]:
    """The versions to choose from."""
    return [
        Answer(
            title=words.say("version", at=words.stamp(one.at), name=one.actor_name),
            note=one.reason or words.transition(kind, one.name),
        )
        for one in found
    ]


async def as_it_stood(engine: Engine, view: RecordView, entry: LogEntry) -> Record | None:
    """The record right after that act. Raises client.errors.Unavailable."""
    record = view.record
    query = RecordQuery(kinds=(record.kind,), ids=(record.id,), at=entry.at)
    page = await engine.query(query)
    return page.views[0].record if page.views else None


def put_back(view: RecordView, then: Record, words: Words) -> Change:
    """The change that makes the record what it was."""
    transition, args = _ACTS[view.record.kind](view.record, then)

    def plan(said: Mapping[str, Json]) -> object:
        note = {"note": said.get("note") or ""} if transition == "set" else {}
        return draft_on(view, transition, {**args, **note})

    return Change(
        text="admin.change.put_back", kind=view.record.kind, form=Confirm, plan=plan,
        skip=() if transition == "set" else ("note",),
        named={"what": words.titled(view.record.title, words.standing(then))},
    )  # fmt: skip


def _setting(_now: Record, then: Record) -> Act:
    if then.state == SettingState.RETIRED:
        return "unset", {}
    return "set", {"value": body_of(then, SettingBody).value}


def _officer(_now: Record, then: Record) -> Act:
    return "correct", _told(then, CorrectOfficer)


def _exemption(now: Record, then: Record) -> Act:
    if now.state == ExemptionState.REVOKED:
        return "restore", {}
    told = {"title": then.title, "area": then.area, "subject_key": then.subject_key}
    return "amend", _told(then, AmendExemption) | told


def _camera(_now: Record, then: Record) -> Act:
    place = then.place
    told = {
        "state": then.state, "area": then.area, "lon_e7": place.lon_e7 if place else None,
        "lat_e7": place.lat_e7 if place else None,
    }  # fmt: skip
    return "update", _told(then, UpdateCamera) | told


def _told(then: Record, form: type[Args]) -> dict[str, Json]:
    plain = to_json(then.body)
    held = plain if isinstance(plain, dict) else {}
    return {name: held[name] for name in form.__struct_fields__ if name in held}


_ACTS: Mapping[Kind, Callable[[Record, Record], Act]] = {
    Kind.SETTING: _setting, Kind.OFFICER: _officer, Kind.EXEMPTION: _exemption,
    Kind.CAMERA: _camera,
}  # fmt: skip
