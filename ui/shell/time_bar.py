"""The time bar, 44 px: it steers the view clock (plugin_api/view_clock.py).

    [▶ Space] [− 4× =] [2026-11-23 14:20:11] 00 ──03──▮──09── … 24 [回到实时 Ctrl+Home]

Shown while the clock is not live, and by Ctrl+T. Live, its scrubber stands at the present, and
moving it leads into the past.
"""

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QDateTimeEdit, QFrame, QHBoxLayout

from ui.records.sentences import HERE, utc
from ui.shell.scrubber import Scrubber
from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.theme import px, theme
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, Text
from xiuzhou_desktop.plugin_api.view_clock import SPEEDS, ViewMode

HEIGHT_PX, BUTTON_PX = 44, 28
LOOK_EVERY_MS = 200  # while it plays
QT_FORMAT, FORMAT = "yyyy-MM-dd HH:mm:ss", "%Y-%m-%d %H:%M:%S"


class TimeBar(QFrame):
    """Play, pace, day, instant, and the way back to live."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._clock = place, place.clock
        text = place.text
        self.setProperty("bar", "key")
        self.setAccessibleName(text("shell.time.bar"))
        self._play = Button("", key="Space", icon_name="player-play", height=BUTTON_PX)
        self._slower = Button("−", height=BUTTON_PX)
        self._pace = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        self._faster = Button("=", height=BUTTON_PX)
        self._instant = QDateTimeEdit()
        self._scrubber = Scrubber(text("shell.time.scrubber"))
        self._live = Button(
            text("shell.past.back"), key="Ctrl+Home", kind=ButtonKind.QUIET, height=BUTTON_PX
        )
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._lay_out()
        self._connect()
        self.refresh()

    def toggle_play(self) -> None:
        """Space: what is live plays from a minute ago, what runs stops."""
        mode = self._clock.view.mode
        if mode is ViewMode.PLAYING:
            self._clock.pause()
            return
        if mode is ViewMode.LIVE:
            self._clock.go_to(self._clock.now() - timedelta(minutes=1))
        self._clock.play()

    def step_speed(self, step: int) -> None:
        """Slower or faster by one of SPEEDS; it plays from then on."""
        at = SPEEDS.index(self._clock.view.speed) + step
        if self._clock.view_at is not None and 0 <= at < len(SPEEDS):
            self._clock.play(SPEEDS[at])

    def refresh(self, _view: object = None) -> None:
        """Show the clock as it stands."""
        view, text = self._clock.view, self._place.text
        plays = view.mode is ViewMode.PLAYING
        self._play.set_text(text("shell.time.pause" if plays else "shell.time.play"))
        self._play.set_icon("player-pause" if plays else "player-play")
        self._pace.setText(text("shell.time.pace", speed=f"{view.speed:g}"))
        is_live = view.mode is ViewMode.LIVE
        reason = text("shell.time.is_live") if is_live else None
        for button in (self._slower, self._faster, self._live):
            button.set_reason(reason)
        self._show_instant(view.at)
        if plays:
            self._look.start()
        else:
            self._look.stop()

    def _show_instant(self, at: datetime) -> None:
        local, now = at.astimezone(HERE), self._clock.now().astimezone(HERE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        with QSignalBlocker(self._instant), QSignalBlocker(self._scrubber):
            if not self._instant.hasFocus():
                shown = QDateTime.fromString(f"{local:{FORMAT}}", QT_FORMAT)
                self._instant.setDateTime(shown)
            passed = min(now - midnight, timedelta(days=1))
            self._scrubber.set_until(int(passed.total_seconds()))
            if not self._scrubber.isSliderDown():
                self._scrubber.setValue(int((local - midnight).total_seconds()))

    def _scrubbed(self, second: int) -> None:
        local = self._clock.view.at.astimezone(HERE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self._clock.go_to(midnight + timedelta(seconds=second))

    def _typed(self) -> None:
        given = self._instant.dateTime().toString(QT_FORMAT)
        self._clock.go_to(utc(datetime.strptime(given, FORMAT)))

    def _lay_out(self) -> None:
        text = self._place.text
        self._slower.setAccessibleName(text("action.slower"))
        self._faster.setAccessibleName(text("action.faster"))
        self._instant.setDisplayFormat(QT_FORMAT)
        self._instant.setKeyboardTracking(False)
        self._instant.setAccessibleName(text("shell.time.instant"))
        self._pace.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._play)
        row.addSpacing(8)
        for widget in (self._slower, self._pace, self._faster):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self._instant)
        row.addWidget(self._scrubber, 1)
        row.addWidget(self._live)
        theme().changed.connect(self._measure)
        self._measure()

    def _connect(self) -> None:
        self._play.clicked.connect(self.toggle_play)
        self._slower.clicked.connect(self._go_slower)
        self._faster.clicked.connect(self._go_faster)
        self._live.clicked.connect(self._clock.go_live)
        self._scrubber.valueChanged.connect(self._scrubbed)
        self._instant.editingFinished.connect(self._typed)
        self._clock.changed.connect(self.refresh)
        self._look.timeout.connect(self.refresh)

    def _go_slower(self) -> None:
        self.step_speed(-1)

    def _go_faster(self) -> None:
        self.step_speed(1)

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))
        self._pace.setMinimumWidth(px(48))
