"""Sessions as an administrator sees them, and how a workstation is enrolled."""

from datetime import datetime

from xiuzhou_desktop.domain.envelope import Struct


class SessionLine(Struct, frozen=True, kw_only=True):
    """Somebody signed in at a workstation. `opened_at` is None for one older than its record of
    it; all three are real time.
    """

    id: str
    user: str
    workstation: str
    opened_at: datetime | None
    renewed_at: datetime
    ends_at: datetime


class Sessions(Struct, frozen=True, kw_only=True):
    """`GET /v1/sessions`, the newest first."""

    sessions: tuple[SessionLine, ...]


class Enrol(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/workstations`: the code that an administrator gave out for one workstation."""

    code: str


class Enrolled(Struct, frozen=True, kw_only=True):
    """The workstation's name, and the key that it shows at each sign-in from now on."""

    workstation: str
    key: str
