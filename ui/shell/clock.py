"""The view clock of the window: business time from the engine, live."""

from collections.abc import Callable
from datetime import datetime


class WindowClock:
    """`plugin_api.context.Clock`."""

    def __init__(self, business_now: Callable[[], datetime]) -> None:
        self._business_now = business_now

    def now(self) -> datetime:
        return self._business_now()

    @property
    def view_at(self) -> datetime | None:
        return None
