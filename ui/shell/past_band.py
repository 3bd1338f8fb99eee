"""The band over a panel that shows the past: 回看 14:20:11, and the way back to live."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, IconLabel, Text
from xiuzhou_desktop.plugin_api.view_clock import View

BUTTON_PX = 24


class PastBand(QFrame):
    """Which instant a panel shows; acts are refused while it stands."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.setProperty("bar", "panel")
        text = place.text
        self._instant = Text("", Ink("accent", Face.BODY, Weight.BOLD))
        live = Button(
            text("shell.past.back"), key="Ctrl+Home", kind=ButtonKind.QUIET, height=BUTTON_PX
        )
        live.clicked.connect(place.clock.go_live)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(12)
        row.addWidget(IconLabel("history", "accent"))
        row.addWidget(self._instant)
        row.addWidget(Text(text("shell.past.no_acts"), Ink("text2", Face.LABEL)))
        row.addStretch(1)
        row.addWidget(live)

    def tick(self, view: View) -> None:
        """Say the instant again."""
        names, now = self._place.names, self._place.clock.now()
        at = names.instant(view.at, now)
        self._instant.setText(self._place.text("shell.past.at", at=at))
