"""One platform: name and link, when it was last heard of, and who keeps it until when and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from plugins.platforms.standing import Delivery, Standing
from ui.theme.chips import Chip, ChipState
from ui.theme.style import draw_ring
from ui.theme.textrun import Ink
from ui.theme.theme import colour, px
from ui.theme.type import Face, Weight
from ui.widgets import Banner, BannerTone, ChipLabel, ElidedText, Text, wrapped
from xiuzhou_desktop.domain.ids import Scope

ROWS = 3
TITLE = Ink("text1", Face.TITLE, Weight.BOLD)
LABEL, VALUE = Ink("text2", Face.LABEL), Ink("text1")
KEPT_LOOKS = {
    Delivery.SENT: ("shield-check", BannerTone.PAST),
    Delivery.PENDING: ("cloud-up", BannerTone.PENDING),
    Delivery.REFUSED: ("circle-x", BannerTone.REFUSED),
}


class PlatformCard(QFrame):
    """Shows one standing; a click chooses it."""

    chosen = Signal(str)

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope, self._is_chosen = scope, False
        self.setProperty("surface", "card")
        self._name, self._chip = Text("", TITLE), ChipLabel(Chip(ChipState.PLAIN, ""))
        self._labels = tuple(Text("", LABEL) for _ in range(ROWS))
        self._values = tuple(ElidedText("", VALUE) for _ in range(ROWS))
        self.kept = Banner("shield-check", "", "", BannerTone.PAST)
        self._why = wrapped("", VALUE)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._chip)
        facts = QGridLayout()
        facts.setColumnStretch(1, 1)
        facts.setHorizontalSpacing(px(12))
        facts.setVerticalSpacing(px(6))
        for row, (label, value) in enumerate(zip(self._labels, self._values, strict=True)):
            facts.addWidget(label, row, 0)
            facts.addWidget(value, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(10))
        column.addLayout(head)
        column.addLayout(facts)
        column.addWidget(self.kept)
        column.addWidget(self._why)
        column.addStretch(1)

    def show_standing(self, standing: Standing) -> None:
        """As it is now."""
        self._name.setText(standing.name)
        self._chip.set_chip(standing.chip)
        for place, (label, value) in enumerate(standing.facts):
            self._labels[place].setText(label)
            self._values[place].set_text(value)
        self.kept.set_look(*KEPT_LOOKS[standing.delivery])
        self.kept.set_texts(standing.kept)
        self.kept.setVisible(bool(standing.kept))
        self._why.setText(standing.why)
        self._why.setVisible(bool(standing.why))
        spoken = [standing.chip.text, *(" ".join(one) for one in standing.facts)]
        self.setAccessibleName(standing.name)
        spoken += [one for one in (standing.kept, standing.why) if one]
        self.setAccessibleDescription(" · ".join(spoken))

    def set_chosen(self, chosen: Scope) -> None:
        """Whether it is the one that keys act on."""
        self._is_chosen = chosen == self.scope
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.scope)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_chosen:
            draw_ring(QPainter(self), self.rect(), colour("focus"))
