"""The live lane.

Lossy, coalesced, never records (architecture.md rule 10). `GET /v1/live` (SSE), `POST /v1/live`.
"""

from datetime import datetime
from enum import StrEnum

from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId


class Health(StrEnum):
    """How a camera's picture is now."""

    ONLINE = "online"
    OFFLINE = "offline"
    FROZEN = "frozen"
    FAULT = "fault"


class CameraHealth(Struct, frozen=True, kw_only=True):
    """SSE event `camera`."""

    camera: RecordId
    health: Health
    since: datetime


class LeaseState(Struct, frozen=True, kw_only=True):
    """SSE event `lease`: who holds the claim on a record; `holder` None = free."""

    kind: Kind
    record: RecordId
    holder: str | None
    holder_name: str | None = None
    until: datetime | None = None


class LiveAct(StrEnum):
    """What a workstation may say upwards; online only, never in the journal."""

    CLAIM = "claim"
    RENEW = "renew"
    RELEASE = "release"
    BREAK = "break"
    HEALTH = "health"


class LiveSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /v1/live`."""

    act: LiveAct
    kind: Kind
    record: RecordId
    health: Health | None = None
