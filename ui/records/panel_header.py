"""The first line of a panel, 36 px: title, its own controls, counts, arrivals, age of the data,
tear-off."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.theme.textrun import Ink
from ui.theme.theme import px, theme
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, ElidedText, IconLabel, Text
from xiuzhou_desktop.plugin_api.context import Text as Sentence

HEIGHT_PX = 36
CONTROL_PX = 24


class PanelHeader(QFrame):
    """Title at the left, then what the panel adds; news and the age of the data at the right."""

    arrivals_accepted = Signal()
    tear_off_wanted = Signal()

    def __init__(self, title: str, text: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setProperty("bar", "panel")
        self._title = Text(title, Ink("text1", Face.BODY, Weight.BOLD))
        self._summary = ElidedText("", Ink("text2", Face.LABEL))
        self._arrivals = Button("", key="Home", height=CONTROL_PX)
        self._arrivals.clicked.connect(self.arrivals_accepted)
        self._arrivals.hide()
        self._stale = IconLabel("clock-exclamation", "stale")
        self._stale.hide()
        self._age = Text("", Ink("text2", Face.LABEL))
        self._tear_off = Button(
            "", icon_name="external-link", kind=ButtonKind.QUIET, height=CONTROL_PX
        )
        self._tear_off.setToolTip(text("shell.tear_off"))
        self._tear_off.setAccessibleName(text("shell.tear_off"))
        self._tear_off.clicked.connect(self.tear_off_wanted)
        self._controls = QHBoxLayout()
        self._controls.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addLayout(self._controls)
        row.addWidget(self._summary, 1)
        row.addWidget(self._arrivals)
        row.addWidget(self._stale)
        row.addWidget(self._age)
        row.addWidget(self._tear_off)
        theme().changed.connect(self._measure)
        self._measure()

    def add(self, widget: QWidget) -> None:
        """A control of the panel, after the title."""
        self._controls.addWidget(widget)

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def set_summary(self, summary: str) -> None:
        self._summary.set_text(summary)

    def set_arrivals(self, count: int) -> None:
        """How many new records wait above; 0 hides the button."""
        if count:
            self._arrivals.set_text(self._text("shell.arrivals", count=count))
        self._arrivals.setVisible(count > 0)

    def set_age(self, sentence: str, stale: str | None = None) -> None:
        """How old the data is; `stale` says so with a sign."""
        self._age.setText(stale or sentence)
        self._stale.setVisible(stale is not None)

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))
