"""The sections of the panel: what each lists, in which columns, and what its lines show beside
their words. A table, read by the column of digits, the lists, the detail and the keys alike.
"""

from collections.abc import Mapping
from enum import StrEnum

from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.setting import NAMES

CALENDAR = ("duty_hours", "holidays", "workdays", "night_from_min", "night_to_min")
LAW = (
    "jurisdictions", "case_master", "case_master_of", "fast_track_items", "review_notice",
)  # fmt: skip
TEMPLATES, AREAS = ("sms_templates",), ("areas",)
ELSEWHERE = frozenset((*CALENDAR, *LAW, *TEMPLATES, *AREAS))
LIMITS = tuple(name for name in NAMES if name not in ELSEWHERE)
Column = tuple[str, int]  # a name, and its share of the width
OF_PARTS: tuple[Column, ...] = (("setting", 26), ("key", 24), ("value", 36), ("source", 14))


class Pane(StrEnum):
    """What the detail shows of a line beside its words."""

    MAP = "map"  # its zone, which may be drawn there
    CAMERA = "camera"  # its live picture, which Space plays
    MESSAGE = "message"  # the message as its template makes it


class AdminSection(Struct, frozen=True, kw_only=True):
    """`settings`: whose rows it lists; or `kind`: whose records; or neither: what the
    server alone keeps."""

    name: str
    icon: str
    columns: tuple[Column, ...] = OF_PARTS
    settings: tuple[str, ...] = ()
    kind: Kind | None = None
    pane: Pane | None = None


SECTIONS = (
    AdminSection(
        name="accounts", icon="users",
        columns=(("user", 18), ("name", 18), ("roles", 48), ("state", 16)),
    ),
    AdminSection(
        name="officers", icon="certificate", kind=Kind.OFFICER,
        columns=(("name", 16), ("unit", 30), ("certificate", 22), ("valid", 32)),
    ),
    AdminSection(name="calendar", icon="calendar", settings=CALENDAR),
    AdminSection(name="areas", icon="map", settings=AREAS),
    AdminSection(name="limits", icon="clock", settings=LIMITS),
    AdminSection(name="templates", icon="message", settings=TEMPLATES, pane=Pane.MESSAGE),
    AdminSection(name="law", icon="gavel", settings=LAW),
    AdminSection(
        name="exemptions", icon="map-pin", kind=Kind.EXEMPTION, pane=Pane.MAP,
        columns=(("title", 34), ("permit", 24), ("hours", 18), ("valid", 24)),
    ),
    AdminSection(
        name="cameras", icon="device-cctv", kind=Kind.CAMERA, pane=Pane.CAMERA,
        columns=(("number", 14), ("name", 36), ("area", 18), ("calibrated", 32)),
    ),
    AdminSection(
        name="workstations", icon="device-desktop",
        columns=(("workstation", 40), ("enrolled", 60)),
    ),
)  # fmt: skip
BY_NAME: Mapping[str, AdminSection] = {one.name: one for one in SECTIONS}
OF_KIND: Mapping[Kind, AdminSection] = {one.kind: one for one in SECTIONS if one.kind}
OF_SETTING: Mapping[str, AdminSection] = {name: one for one in SECTIONS for name in one.settings}
