"""Sentences that stand in the panel: a banner, the undo line, the empty state, a card. Nothing
pops up, nothing floats.
"""

from enum import StrEnum

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.icons import IconSize
from ui.theme.textrun import Ink
from ui.theme.theme import colour
from ui.theme.type import Face, Weight
from ui.widgets.buttons import Button, ButtonKind
from ui.widgets.labels import IconLabel, KeyCap, SectionTitle, Text, wrapped

BAR_PX = 3


class BannerTone(StrEnum):
    NEUTRAL = "neutral"
    REFUSED = "refused"
    FROZEN = "frozen"
    PENDING = "pending"
    PAST = "past"
    OFFLINE = "offline"


class BannerLook(msgspec.Struct, frozen=True):
    """Ground, bar at the left, icon and strong text of a banner, as tokens."""

    ground: str
    bar: str
    strong: str
    text: str
    icon: str


BANNER_LOOKS = {
    BannerTone.NEUTRAL: BannerLook("bg3", "", "text1", "text2", "text2"),
    BannerTone.OFFLINE: BannerLook("bg3", "", "text1", "text2", "offline"),
    BannerTone.REFUSED: BannerLook("bg2", "refused", "text1", "text2", "refused"),
    BannerTone.FROZEN: BannerLook(
        "frozen_band", "frozen_text", "frozen_text", "frozen_text", "frozen_text"
    ),
    BannerTone.PENDING: BannerLook("bg2", "pending", "text1", "text2", "pending"),
    BannerTone.PAST: BannerLook("bg2", "accent", "text1", "text2", "accent"),
}


class Banner(QFrame):
    """What happened, since when, what to do; with at most one button."""

    def __init__(
        self,
        icon_name: str,
        strong: str,
        text: str = "",
        tone: BannerTone = BannerTone.NEUTRAL,
        button: Button | None = None,
    ) -> None:
        super().__init__()
        self._icon = IconLabel(icon_name, size=IconSize.BAR)
        self._strong, self._text = Text(), wrapped("")
        self.set_look(icon_name, tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        flags = Qt.AlignmentFlag
        at = flags.AlignTop if button is None else flags.AlignVCenter  # on the button's line
        row.addWidget(self._icon, 0, at)
        row.addWidget(self._strong, 0, at)
        row.addWidget(self._text, 1, at)
        if button is not None:
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.set_texts(strong, text)

    def set_look(self, icon_name: str, tone: BannerTone) -> None:
        """Another sign and tone, where the same place comes to say something else."""
        self.tone, self._look = tone, BANNER_LOOKS[tone]
        self._icon.set_icon(icon_name, self._look.icon)
        self._strong.set_ink(Ink(self._look.strong, Face.BODY, Weight.BOLD))
        self._text.set_ink(Ink(self._look.text))
        self.update()

    def set_texts(self, strong: str, text: str = "") -> None:
        self._strong.setText(strong)
        self._strong.setVisible(bool(strong))
        self._text.setText(text)
        self.setAccessibleName(f"{strong} {text}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, colour(self._look.ground))
        if not self._look.bar:
            return
        pen = QPen(colour(self._look.bar), BAR_PX)
        if self._look.bar == "pending":
            pen.setDashPattern([2.0, 1.5])
        painter.setPen(pen)
        x = rect.x() + BAR_PX / 2
        painter.drawLine(int(x), int(rect.top()), int(x), int(rect.bottom()))


class UndoBar(QFrame):
    """The last act, for as long as it can be taken back. The owner counts the seconds and sets the
    text.
    """

    undo = Signal()

    def __init__(self, undo_text: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = Text("", Ink("text1"))
        self._button = Button(undo_text, key=key, kind=ButtonKind.QUIET, height=24)
        self._button.clicked.connect(self.undo)
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 4, 3)
        row.setSpacing(8)
        row.addWidget(IconLabel("arrow-back-up", "text2"))
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self.hide()

    def show_undo(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()

    def clear(self) -> None:
        self._text.clear()
        self.hide()


class EmptyState(QWidget):
    """Why there is nothing here, and the key that helps."""

    def __init__(self, text: str, key: str = "", key_text: str = "") -> None:
        super().__init__()
        self._text = wrapped(text, Ink("text2"))
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._text)
        if key:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch(1)
            row.addWidget(KeyCap(key))
            row.addWidget(Text(key_text, Ink("text2", Face.LABEL)))
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(2)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)


class Card(QFrame):
    """A section in a one px box: title, note, and a body to fill."""

    def __init__(self, title: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.title = SectionTitle(title, note)
        self.title.setVisible(bool(title))
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(self.body)
        self.setAccessibleName(title)
