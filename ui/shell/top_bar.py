"""The first line, 40 px: product, workspaces, search, what is open by priority, sounds, clock,
person.

Below 1500 px of width the workspaces become one menu.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QWidget,
)

from ui.theme.chips import keycap_width, paint_keycap
from ui.theme.icons import icon as icon_of
from ui.theme.icons import icon_pixmap
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Ink, draw_text
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face, Weight
from ui.widgets import MarkLabel, Text
from xiuzhou_desktop.plugin_api.context import Text as Sentence

HEIGHT_PX = 40
WIDE_PX = 1500
FIELD_PX, FIELD_HEIGHT_PX = 560, 28
PRIORITIES = (1, 2, 3)
LIVE_INK, PAST_INK = Ink("text2"), Ink("accent", Face.BODY, Weight.BOLD)


class WorkspaceTab(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace as a tab; `reason` says why it is not open to this person."""

    id: str
    title: str
    reason: str | None = None


class SearchField(QAbstractButton):
    """Looks like the field it opens."""

    def __init__(self, text: str, key: str) -> None:
        super().__init__()
        self._text, self._key = text, key
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setMaximumWidth(px(FIELD_PX))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(px(FIELD_PX), px(FIELD_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(FIELD_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("edge"), 1))
        painter.setBrush(colour("bg1"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        size = px(16)
        picture = icon_pixmap("search", "text2", size, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(px(10), round((self.height() - size) / 2)), picture)
        cap = keycap_width(self._key)
        room = QRectF(px(34), 0, self.width() - px(34) - cap - px(16), self.height())
        draw_text(painter, room, self._text, Ink("text3"))
        paint_keycap(painter, QRectF(self.width() - cap - px(8), 0, cap, self.height()), self._key)
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))


class PriorityCounts(QWidget):
    """Open records by priority: ⬢3 ▲7 ◆7."""

    def __init__(self, text: Sentence) -> None:
        super().__init__()
        self._text = text
        self._numbers: dict[int, Text] = {}
        self._marks: dict[int, MarkLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for priority in PRIORITIES:
            mark, number = MarkLabel(priority, 18), Text("—")
            number.setMinimumWidth(px(18))
            row.addWidget(mark)
            row.addWidget(number)
            row.addSpacing(6)
            self._marks[priority], self._numbers[priority] = mark, number

    def set_counts(self, counts: Sequence[int]) -> None:
        for priority, count in zip(PRIORITIES, counts, strict=True):
            self._numbers[priority].setText(f"{count:,}")
            name = self._text(f"shell.priority.{priority}")
            said = self._text("shell.priority.count", name=name, count=count)
            self._marks[priority].setToolTip(said)
            self._numbers[priority].setAccessibleName(said)


class TopBar(QFrame):
    """Everything that is the same in every panel."""

    workspace_chosen = Signal(str)
    search_wanted = Signal()
    bell_pressed = Signal()

    def __init__(self, tabs: Sequence[WorkspaceTab], text: Sentence) -> None:
        super().__init__()
        self._text, self._tab_list = text, tuple(tabs)
        self.setProperty("bar", "top")
        self.counts = PriorityCounts(text)
        self._tabs = QTabBar()
        self._menu_button = QToolButton()
        self._build_workspaces()
        self._bell = QToolButton()
        self._bell.clicked.connect(self.bell_pressed)
        self._mode = Text(text("shell.clock.live"), LIVE_INK)
        self._time = Text("", Ink("text1", Face.TITLE, Weight.BOLD))
        self._person = Text("", Ink("text2"))
        self._lay_out()
        theme().changed.connect(self._measure)
        self._measure()

    def set_workspace(self, workspace: str) -> None:
        ids = [tab.id for tab in self._tab_list]
        self._tabs.setCurrentIndex(ids.index(workspace))
        self._menu_button.setText(self._tab_list[ids.index(workspace)].title)

    def set_time(self, time: str) -> None:
        self._time.setText(time)

    def set_past(self, said: str) -> None:
        """回看 hh:mm:ss in the place of 实时; "" while live."""
        self._mode.setText(said or self._text("shell.clock.live"))
        self._mode.set_ink(PAST_INK if said else LIVE_INK)

    def set_person(self, person: str) -> None:
        self._person.setText(person)

    def set_bell(self, icon: str, sentence: str) -> None:
        self._bell.setIcon(icon_of(icon))
        self._bell.setToolTip(sentence)
        self._bell.setAccessibleName(sentence)

    def _build_workspaces(self) -> None:
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs.setAccessibleName(self._text("shell.workspaces"))
        menu = QMenu(self._menu_button)
        for number, tab in enumerate(self._tab_list):
            self._tabs.addTab(tab.title)
            action = QAction(tab.title, menu)
            action.setData(tab.id)
            menu.addAction(action)
            self._tabs.setTabEnabled(number, tab.reason is None)
            action.setEnabled(tab.reason is None)
            self._tabs.setTabToolTip(number, tab.reason or "")
        menu.triggered.connect(self._menu_chosen)
        self._tabs.tabBarClicked.connect(self._tab_clicked)
        self._menu_button.setMenu(menu)
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setAccessibleName(self._text("shell.workspaces"))

    def _lay_out(self) -> None:
        search = SearchField(self._text("shell.search"), "Ctrl+K")
        search.clicked.connect(self.search_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(Text(self._text("shell.product"), Ink("text1", Face.BODY, Weight.BOLD)))
        row.addSpacing(16)
        row.addWidget(self._tabs)
        row.addWidget(self._menu_button)
        row.addStretch(1)
        row.addWidget(search, 4)
        row.addStretch(2)
        row.addWidget(self.counts)
        row.addWidget(self._bell)
        row.addWidget(_Divider())
        row.addWidget(self._mode)
        row.addWidget(self._time)
        row.addWidget(_Divider())
        row.addWidget(self._person)

    def _tab_clicked(self, number: int) -> None:
        if number >= 0 and self._tabs.isTabEnabled(number):
            self.workspace_chosen.emit(self._tab_list[number].id)

    def _menu_chosen(self, action: QAction) -> None:
        self.workspace_chosen.emit(str(action.data()))

    def _measure(self) -> None:
        self.setFixedHeight(px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= px(WIDE_PX)
        self._tabs.setVisible(is_wide)
        self._menu_button.setVisible(not is_wide)


class _Divider(QWidget):
    """A line between two facts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(1, px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("line"))
