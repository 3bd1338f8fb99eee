"""Working days and duty hours: "二/三/五/七日" are working days (行政处罚法 art. 85), 工作时 counts duty hours only."""

from .envelope import Struct


class WorkCalendar(Struct, frozen=True, kw_only=True):
    """The district's calendar: holidays and make-up workdays by date, duty hours by weekday."""

    version: int = 0
