"""The light of the hour, in steps, so that painted streets can be kept for a while."""

from datetime import datetime

from xiuzhou_desktop.backend.demo.world.brush import DAYLIGHT, Light
from xiuzhou_desktop.domain.workcalendar import LOCAL

NIGHT = Light(0.40, 0.43, 0.52)
STEPS = 8
DAWN = (5.9, 6.9)
DUSK = (16.9, 17.7)
"""First and last of the change, in local hours of late November."""


def light_at(at: datetime) -> Light:
    """What the colours are multiplied by at an instant."""
    local = at.astimezone(LOCAL)
    hour = local.hour + local.minute / 60
    share = min(_risen(hour, DAWN), 1 - _risen(hour, DUSK))
    step = round(share * STEPS) / STEPS
    if step == 1.0:
        return DAYLIGHT
    return Light(*(dark + (1.0 - dark) * step for dark in NIGHT))


def _risen(hour: float, change: tuple[float, float]) -> float:
    first, last = change
    return min(1.0, max(0.0, (hour - first) / (last - first)))
