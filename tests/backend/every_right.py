"""Records and commands for asking every cell of the rights: one record of each kind in each state
and scope, and for each cell the command that tries it.

Everything is asked in earnest (lawful_ways.py). Whoever has the right acts on a record of his own,
which then has moved; whoever lacks it is sent to one that many are sent to, and that nobody has
moved in the end.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count, product

import msgspec
import uuid_utils

from tests.backend.district import OTHER_TOWN, TOWN
from tests.backend.lawful_ways import (
    CHAIR,
    FIRST,
    PICTURE,
    SECOND,
    Tried,
    a_record,
    tried,
)
from tests.backend.process import report
from xiuzhou_desktop.domain.areas import SHARED, TOWNS
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId, Scope, SubjectKey, derived_id
from xiuzhou_desktop.domain.kinds import KINDS, SPECS
from xiuzhou_desktop.domain.officer import Certificate, OfficerBody
from xiuzhou_desktop.domain.rights import PERSONS, Right, may_act, rights, scopes_of
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.workflow import Role, Transition

SCOPES = (DISTRICT, TOWN, OTHER_TOWN)  # the other towns are like these: a test of their own
HELD_IN = (DISTRICT, TOWN)
KEPT = [town for town in TOWNS if town not in SCOPES]  # taken over: nobody here acts in them
AREA = {DISTRICT: "330411002", TOWN: TOWN, OTHER_TOWN: OTHER_TOWN}
ROUTE = [[1_207_090_000, 307_633_000], [1_207_190_000, 307_633_000]]
A_WHILE = timedelta(minutes=5)
_number = count(1)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Who tries what where, and whether he may."""

    role: Role
    held_in: Scope
    right: Right
    lies_in: Scope

    @property
    def user(self) -> str:
        return f"{self.role}-{self.held_in}"

    @property
    def is_allowed(self) -> bool:
        return may_act(self.role, self.held_in, self.right, self.lies_in)

    @property
    def row(self) -> Transition:
        found = KINDS[self.right.kind].transition(self.right.transition)
        assert found is not None
        return found

    @property
    def way(self) -> Tried:
        """The record that is his to move, and how."""
        return tried(self.right, self.lies_in, self.user, datetime.now(UTC) - A_WHILE)


def cells() -> Iterator[Cell]:
    """All of them: role × scope it is held in × transition × scope of the record."""
    for right, role, held_in in product(rights(), PERSONS, HELD_IN):
        for lies_in in scopes_of(right.kind):
            if lies_in in {*SCOPES, SHARED}:
                yield Cell(role=role, held_in=held_in, right=right, lies_in=lies_in)


def every_record(at: datetime) -> Iterator[Record]:
    """One of each kind in each state and scope, and one for each cell that is allowed; three
    officers; a picture that everybody may read.
    """
    for spec in SPECS:
        for state, scope in product(spec.states, scopes_of(spec.kind)):
            yield a_record(spec.kind, state, _id(spec.kind, state, scope), scope=scope, at=at)
    for cell in cells():
        if cell.is_allowed and not cell.row.creates:
            way = cell.way
            yield from (way.record, *way.beside)
    valid = Certificate(number="1", valid_from=date(2020, 1, 1), valid_to=date(2099, 1, 1))
    for one in (FIRST, SECOND, CHAIR):
        body = OfficerBody(user=one, name="李强", certificates=(valid,))
        yield Record(kind=Kind.OFFICER, id=one, state="ACTIVE", opened_at=at, body=body)
    yield Record(
        kind=Kind.SETTING, id=derived_id("setting", "picture"), state="RETIRED", opened_at=at,
        scope=scopes_of(Kind.SETTING)[0], closed_at=at,
        body=SettingBody(name="sms_templates", value={}, note=PICTURE),
    )  # fmt: skip


def command_of(cell: Cell) -> dict[str, object]:
    """The JSON of the command that tries it."""
    right, row = cell.right, cell.row
    named = {"kind": right.kind.value, "transition": right.transition}
    if row.creates:
        return report(args=_made_with(cell), **named)
    way = cell.way
    anybodys = _id(right.kind, min(row.sources), cell.lies_in)
    return report(
        record=way.record.id if cell.is_allowed else anybodys, expect={"state_version": 1},
        args=msgspec.to_builtins(way.args), **named,
    )  # fmt: skip


def _id(kind: Kind, state: StrEnum, scope: Scope) -> RecordId:
    return derived_id("right", kind, state.value, scope)


def _made_with(cell: Cell) -> Mapping[str, object]:
    """Arguments that make such a record in that scope."""
    scope = cell.lies_in
    area, new = AREA.get(scope, scope), f"N{next(_number)}"
    subject = SubjectKey("plate:浙F12345/yellow")
    days = {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    case = {"title": new, "category": "05-05", "facts": "停放", "area": area}
    made: dict[tuple[Kind, str], dict[str, object]] = {
        (Kind.CAMERA, "register"): {"short_no": new, "area": area},
        (Kind.FLAG, "report"): {
            "category": "05-05", "address": new, "channel": "phone", "area": area,
        },
        (Kind.ORDER, "report"): {
            "category": "01-02", "address": new, "channel": "citizen", "area": area,
        },
        (Kind.EXEMPTION, "grant"): {
            "type": "market", "permit_no": new, "title": new, "area": area,
            "subject_key": "shop:甲", **days,
        },
        (Kind.CASE, "register_lead"): case,
        (Kind.CASE, "record_on_the_spot"): {
            **case, "second_officer": SECOND, "document_no": new, "party_name": "张三",
        },
        (Kind.EVIDENCE, "record"): {
            "type": "photo", "blob": PICTURE, "title": new,
            "captured_at": datetime.now(UTC).isoformat(),
            "flag": _id(Kind.FLAG, KINDS[Kind.FLAG].state("ARRIVED"), scope),
        },
        (Kind.EVIDENCE, "announce"): {
            "type": "photo", "awaited": "cd" * 32, "workstation": "desk-1", "title": new,
            "captured_at": datetime.now(UTC).isoformat(),
            "case": _id(Kind.CASE, KINDS[Kind.CASE].state("INVESTIGATING"), scope),
        },
        (Kind.PARTY, "register"): {"type": "citizen", "name": new, "scope": scope},
        (Kind.OFFICER, "enrol"): {"user": new, "name": new, "scope": scope},
        (Kind.SETTING, "define"): {"name": "looks_before_onsite", "value": 3},
        (Kind.CUSTODY, "take_over"): {
            "town": KEPT[cell.role is Role.SUPERVISOR], "reason": new,
            "until": (datetime.now(UTC) + timedelta(hours=12)).isoformat(),
        },
        (Kind.VEHICLE, "register"): {
            "plate": f"浙F{uuid_utils.uuid4().hex[:5].upper()}", "plate_colour": "yellow",
            "type": "muck", "area": area,
        },
        (Kind.PERMIT, "grant"): {
            "permit_no": new, "company": "甲", "site": "乙", "disposal_site": "丙", "area": area,
            "trucks": [subject], "route": ROUTE,
            "windows": [[0, 1440]], **days,
        },
    }  # fmt: skip
    return made.get((cell.right.kind, cell.right.transition), {})
