"""The bar under the map: play, slower, faster, to the next event; what instant is shown.

Where it is narrow its buttons drop their words and keep icon and key.
"""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from plugins.tracks.words import Words
from ui.theme import Ink, Weight, px, theme
from ui.widgets import Button, ButtonKind, ElidedText, Text
from xiuzhou_desktop.plugin_api.view_clock import View, ViewMode

HEIGHT_PX = 48
BRIEF_BELOW_PX = 960
LEAST_PX = 560
SPEED_WORDS = {0.25: "¼×", 0.5: "½×"}


class Transport(QFrame):
    """Buttons tell; the panel acts. The view clock itself is the window's."""

    pressed = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._text = words.text
        self.setProperty("bar", "panel")
        self._buttons: list[Button] = []
        self._play = self._button("play", "Space", "player-play")
        self._speed = Text("", Ink("text1", weight=Weight.BOLD))
        self._shown = Text("", Ink("text1", weight=Weight.BOLD))
        self._period = ElidedText("", Ink("text3"))
        self._note = ElidedText("", Ink("text2"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for widget in (
            self._button("previous", "[", "player-skip-back"), self._play,
            self._button("next", "]", "player-skip-forward"),
            self._button("slower", "-", ""), self._speed, self._button("faster", "=", ""),
        ):  # fmt: skip
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self._shown)
        row.addWidget(self._period, 1)
        row.addWidget(self._note, 2)
        row.addWidget(self._button("export", "Ctrl+E", "download"))
        self._note.hide()
        theme().changed.connect(self._measure)
        self._measure()

    def show_view(self, view: View, shown: str, period: str) -> None:
        """How the clock stands and what it shows."""
        is_playing = view.mode is ViewMode.PLAYING
        is_live = view.mode is ViewMode.LIVE
        key = "live" if is_live else "pause" if is_playing else "play"
        self._name_play(self._text(f"tracks.transport.{key}"))
        self._play.set_icon("player-pause" if is_playing else "player-play")
        self._speed.setText(SPEED_WORDS.get(view.speed, f"{view.speed:g}×"))
        self._shown.setText(shown)
        self._period.set_text(period)

    def say(self, sentence: str) -> None:
        """What came of the last act."""
        self._note.set_text(sentence)
        self._note.setVisible(bool(sentence))

    def _button(self, name: str, key: str, icon: str) -> Button:
        button = Button(
            self._text(f"tracks.transport.{name}"), key=key, icon_name=icon,
            kind=ButtonKind.NORMAL, height=32,
        )  # fmt: skip
        button.clicked.connect(lambda: self.pressed.emit(name))
        self._buttons.append(button)
        return button

    def minimumSizeHint(self) -> QSize:
        return QSize(px(LEAST_PX), px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self._buttons:
            self._fit(button)

    def _name_play(self, word: str) -> None:
        if word != self._play.accessibleName():
            self._play.set_text(word)
            self._fit(self._play)

    def _fit(self, button: Button) -> None:
        """Its words, where there is room; else they are its tool tip."""
        said = button.accessibleName()
        button.setText(said if self.width() >= px(BRIEF_BELOW_PX) else "")
        button.setToolTip(said)

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))
