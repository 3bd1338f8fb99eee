"""The six platforms 一主五副, and how the link to each is: `GET /v1/platforms`."""

from datetime import datetime, timedelta
from enum import StrEnum

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import Scope

DEVICES_LOOK_BACK = timedelta(
    hours=24
)  # a device that was silent for longer is not said to be there


class Link(StrEnum):
    """`degraded`: its devices are heard, none of its workstations."""

    ONLINE = "online"
    DEGRADED = "degraded"
    OFFLINE = "offline"


class PlatformLink(Struct, frozen=True, kw_only=True):
    """One platform. `heard_at`: when a workstation of somebody who holds a role there last asked
    anything; None: never. `device_at`: the newest flag of a device there within
    DEVICES_LOOK_BACK; None: not one.
    """

    scope: Scope
    link: Link
    heard_at: datetime | None
    device_at: datetime | None


class Platforms(Struct, frozen=True, kw_only=True):
    """The district's hub first, then the towns."""

    platforms: tuple[PlatformLink, ...]
