"""Sessions as an administrator sees them, and how a workstation is enrolled."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

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


Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"\S")]


class EnrolmentAct(StrEnum):
    """What an administrator does with a workstation."""

    INVITE = "invite"
    """A code, good for a day and once; a key that it had is worth nothing from now on."""
    REMOVE = "remove"
    """Off the list: its next sign-in is refused where `enrolled_only` holds."""


class EnrolmentSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/enrolments`."""

    act: EnrolmentAct
    workstation: Name


class EnrolmentLine(Struct, frozen=True, kw_only=True):
    """A workstation: enrolled since, or invited until. Both are real time."""

    workstation: str
    enrolled_at: datetime | None = None
    invited_until: datetime | None = None


class Enrolments(Struct, frozen=True, kw_only=True):
    """`GET /v1/enrolments`, by name; `code` only in the answer to an invitation."""

    enrolments: tuple[EnrolmentLine, ...]
    code: str | None = None
