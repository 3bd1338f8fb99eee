"""The lowest line, 28 px: 链路 | 数据 | 发件箱 | 时钟 | 视频 | 守望 … 角色·范围 | 工作站 | 校时.

守望 is what hinders the work, with its remedy, the most urgent first, all of it in the tool tip.
Below 1500 px of width 视频, 工作站 and 校时 leave the bar for the tool tip of 角色·范围.
"""

import time

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from ui.shell.status_texts import (
    clock_text,
    data_text,
    link_text,
    outbox_text,
    person_text,
    skew_text,
    watch_text,
)
from ui.shell.sync_pace import SyncPace
from ui.shell.workplace import Workplace
from ui.theme.theme import px, theme
from ui.widgets import StatusField, StatusText
from xiuzhou_desktop.client.watch import Concern

HEIGHT_PX = 28
WIDE_PX = 1500


class StatusBar(QFrame):
    """How the links stand, who works here."""

    outbox_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._pace = SyncPace()
        self.setProperty("bar", "status")
        self.link, self.data, self.outbox = StatusField(), StatusField(), StatusField()
        self.clock, self.video = StatusField(), StatusField()
        self.person, self.workstation, self.skew = StatusField(), StatusField(), StatusField()
        self.watch = StatusField()
        self.watch.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.watch.clicked.connect(self.outbox_wanted)
        self.watch.hide()
        self.link.clicked.connect(self.retry_wanted)
        self.outbox.clicked.connect(self.outbox_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for field in (self.link, self.data, self.outbox, self.clock, self.video):
            row.addWidget(field)
        row.addWidget(self.watch, 100)
        row.addStretch(1)
        for field in (self.person, self.workstation, self.skew):
            row.addWidget(field)
        theme().changed.connect(self._measure)
        self._measure()
        self.refresh()

    def refresh(self) -> None:
        """Say what holds now; once a second and with every batch of news."""
        place, now = self._place, self._place.clock.now()
        link, outbox, text = place.engine.link, place.engine.outbox_summary, place.text
        signed = place.engine.signed
        left_s = self._pace.seconds_left(link, time.monotonic())
        self.link.set_status(link_text(link, outbox.pending, now, text, left_s))
        self.data.set_status(data_text(link, now, text))
        self.outbox.set_status(outbox_text(outbox, text))
        self.clock.set_status(clock_text(place.clock.view, now, text))
        count = place.around.media.open_count
        key = "shell.video.open" if count else "shell.video.none"
        self.video.set_status(StatusText(text=text(key, count=count)))
        self.person.set_status(person_text(signed, text))
        workstation = text("shell.workstation", name=signed.workstation)
        self.workstation.set_status(StatusText(text=workstation))
        self.skew.set_status(skew_text(link, text))
        tips = (self.workstation, self.skew, self.video)
        self.person.setToolTip("\n".join(_said(field.status()) for field in tips))

    def show_concerns(self, concerns: tuple[Concern, ...]) -> None:
        """The most urgent one in the bar, all in its tool tip."""
        said = [watch_text(one, self._place.text) for one in concerns]
        self.watch.setVisible(bool(said))
        if said:
            self.watch.set_status(said[0])
            self.watch.setToolTip("\n".join(_said(one) for one in said))

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= px(WIDE_PX)
        for field in (self.video, self.workstation, self.skew):
            field.setVisible(is_wide)


def _said(status: StatusText) -> str:
    return " ".join(part for part in (status.strong, status.text, status.trouble) if part)
