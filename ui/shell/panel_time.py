"""The time of one panel: its clock, and what its frame wears while it shows the past: a full border
and a band 回看 14:20:11."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.shell.clock import PanelClock
from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.type import Face, Weight
from ui.widgets import IconLabel, Text
from xiuzhou_desktop.plugin_api.manifest import ClockUse
from xiuzhou_desktop.plugin_api.view_clock import View, ViewMode

BORDER_PX = 2  # as in the style sheet's rule for `past`


class PastBand(QFrame):
    """Which instant a panel shows; acts are refused while it stands."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.setProperty("bar", "panel")
        text = place.text
        self._instant = Text("", Ink("accent", Face.BODY, Weight.BOLD))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(IconLabel("history", "accent"))
        row.addWidget(self._instant)
        row.addWidget(Text(text("shell.past.no_acts"), Ink("text2", Face.LABEL)))
        row.addStretch(1)

    def say(self, view: View) -> None:
        at = self._place.names.instant(view.at, self._place.clock.now())
        self._instant.setText(self._place.text("shell.past.at", at=at))


class PanelTime(QObject):
    """Where a panel is in time, and how its frame shows it. `band` goes on top of the frame."""

    def __init__(self, frame: QFrame, place: Workplace, use: ClockUse) -> None:
        super().__init__(frame)
        self._frame, self.use = frame, use
        self.clock = PanelClock(place.clock, self)
        self.band = PastBand(place)
        self.band.hide()
        if use is ClockUse.FOLLOWS:
            self.clock.move_along()
        self.clock.changed.connect(self._moved)

    def toggle_moved(self) -> None:
        """Q: send this panel where the view clock is, or leave it live."""
        if self.clock.is_moved:
            self.clock.stay_live()
        else:
            self.clock.move_along()

    def show(self) -> None:
        """Dress the frame as the clock stands; once a second while it runs, too."""
        is_past = self.clock.view_at is not None
        self.band.setVisible(is_past)
        self.band.say(self.clock.view)
        if is_past == (self._frame.property("past") == "true"):
            return
        self._frame.setProperty("past", "true" if is_past else "false")
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)
        edge = BORDER_PX if is_past else 0
        self._frame.layout().setContentsMargins(edge, edge, edge, edge)

    def _moved(self, view: View) -> None:
        """What was sent to the past on purpose comes back with the clock."""
        if self.use is ClockUse.ASKED and view.mode is ViewMode.LIVE:
            self.clock.stay_live()
        self.show()
