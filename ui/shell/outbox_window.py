"""F8: every command of this workstation that is not settled, with its state and its way out.

┌ tabs: 待处理 | 待同步 | 被拒 | 过期未执行 | 今日已送达 | 文件 ┐
│ how the link stands                 [立即重连 F5]      │
│ rows: state, act, object, saved, waited, tries, reason │
├ 被拒:… ── 对方已定 | 我提交的 | 处理结果 ──────────────┤
└ 1 采用对方  2 重新提交我的  3 编辑后提交  4 合并 ──────┘

The last tab holds the files on their way (files_view.py).

X marks, Ctrl+A marks all with the same reason: 1 and 2 then settle them together. Nothing leaves
the list by itself but what was delivered.
"""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from ui.shell.conflict_view import ConflictView
from ui.shell.file_list import FileList
from ui.shell.files_view import FilesView
from ui.shell.outbox_list import OutboxList, outbox_header
from ui.shell.outbox_settling import Settling
from ui.shell.outbox_texts import REFUSED, TO_SETTLE, WAITING, OutboxTexts
from ui.shell.status_texts import link_text
from ui.shell.workplace import Workplace
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Banner, BannerTone, Button, EmptyState, IconLabel, Text
from xiuzhou_desktop.client.uploads import Uploads, UploadSay
from xiuzhou_desktop.client.views import (
    Changed,
    Link,
    OutboxEntry,
    OutboxStatus,
    OutboxSummary,
    Remedy,
)
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import Action

SIZE_PX = (1240, 714)
TOP_PX, BOTTOM_PX, SIDE_PX = 48, 60, 16  # top bar, key bar and status bar stay in sight
TABS = ("open", "pending", "refused", "expired", "delivered", "files")
FILES = TABS.index("files")
SHOWS: dict[str, frozenset[OutboxStatus]] = {
    "open": TO_SETTLE | WAITING,
    "pending": WAITING,
    "refused": REFUSED,
    "expired": frozenset({OutboxStatus.EXPIRED}),
    "delivered": frozenset({OutboxStatus.APPLIED}),
}


class OutboxWindow(QDialog):
    """The outbox of one workstation."""

    record_wanted = Signal(object)  # Selected

    def __init__(self, place: Workplace, window: QWidget) -> None:
        super().__init__(window)
        self._place = place
        self._texts = OutboxTexts(place.text)
        self._entries: tuple[OutboxEntry, ...] = ()
        self.setWindowTitle(place.text("outbox.title"))
        self.tabs = QTabBar()
        self.list = OutboxList()
        self.list.setAccessibleName(place.text("outbox.title"))
        self.conflict = ConflictView(place)
        self.files = FilesView(place.text)
        self._settling = Settling(place, self, self._texts)
        self._oldest = Text("", Ink("text2", Face.LABEL))
        self._retry = Button(place.text("link.retry"), key="F5")
        self._banner = Banner("plug-connected", "", "", BannerTone.NEUTRAL, self._retry)
        self._empty = EmptyState("")
        self._columns = outbox_header(place.text)
        self._build()
        self._register()
        window.installEventFilter(self)
        self._observation = place.engine.observe(self._news)
        self.destroyed.connect(self._observation.close)

    def toggle(self) -> None:
        if self.isVisible():
            self.close()
            return
        self._put_in_place()
        self.show()
        self.raise_()
        self.activateWindow()
        self._shown_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read the journal again."""
        start(self._read(), owner=self)

    def _put_in_place(self) -> None:
        room = self.parentWidget().geometry()
        width = min(px(SIZE_PX[0]), room.width() - 2 * SIDE_PX)
        height = min(px(SIZE_PX[1]), room.height() - px(TOP_PX) - px(BOTTOM_PX))
        left = room.x() + (room.width() - width) // 2
        top = room.y() + px(TOP_PX) + (room.height() - px(TOP_PX) - px(BOTTOM_PX) - height) // 2
        self.setGeometry(left, top, width, height)

    # building

    def _build(self) -> None:
        columns = self._columns
        columns.set_right_margin(self.list.verticalScrollBar().sizeHint().width())
        frame = QFrame()
        frame.setProperty("surface", "float")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._banner)
        column.addWidget(columns)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self.conflict)
        column.addWidget(self.files, 1)
        self._retry.clicked.connect(self._retry_now)
        self.list.selectionModel().currentChanged.connect(self._moved)
        for rows in (self.list, self.files.list):
            rows.doubleClicked.connect(self._open)
        self.files.wanted.connect(self._say_of_files)
        self.conflict.remedy_wanted.connect(self._settle)
        self.conflict.merge_wanted.connect(self._merge)
        self.list.marks_changed.connect(self._show_current)
        self._settling.said.connect(self.conflict.say)
        self._settling.asking.connect(self.conflict.setDisabled)
        self._settling.done.connect(self._settled)

    def _head(self) -> QFrame:
        """Title, tabs, how old the oldest is."""
        text = self._place.text
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(text("outbox.title"))
        for name in TABS:
            self.tabs.addTab(text(f"outbox.tab.{name}", count=0))
        self.tabs.currentChanged.connect(self._show_tab)
        bar = QFrame()
        bar.setProperty("bar", "panel")
        head = QHBoxLayout(bar)
        head.setContentsMargins(12, 4, 12, 4)
        head.setSpacing(12)
        head.addWidget(IconLabel("inbox", "text2", 20))
        head.addWidget(Text(text("outbox.title"), Ink("text1", Face.BODY, Weight.BOLD)))
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._oldest)
        return bar

    def _register(self) -> None:
        region = self._place.actions.region(self)
        chosen: tuple[tuple[str, str, Callable[[], None], Callable[[], bool]], ...] = (
            ("next", "J", partial(self._step, 1), self._has_rows),
            ("previous", "K", partial(self._step, -1), self._has_rows),
            ("theirs", "1", partial(self._settle, Remedy.THEIRS), self._can_settle),
            ("mine", "2", partial(self._settle, Remedy.MINE), self._can_settle),
            ("edit", "3", partial(self._settle, Remedy.EDIT), self._can_settle),
            ("merge", "4", self.conflict.take_merge, self._can_merge),
            ("mark", "X", self.list.toggle_mark, self._can_settle),
            ("mark_alike", "Ctrl+A", self.list.mark_alike, self._can_settle),
            ("open", "Return", self._open, self._has_rows),
            ("pause", "P", self.files.toggle_one, self._can_pause),
            ("pause_all", "Shift+P", self.files.toggle_all, self._is_of_files),
            ("limit", "L", self.files.choose_limit, self._is_of_files),
            ("next_tab", "Ctrl+Tab", self._next_tab, self._has_tabs),
        )
        for name, key, run, when in chosen:
            action = Action(id=f"outbox.{name}", text=f"action.outbox.{name}", keys=(key,))
            region.register(action, run, when)

    # showing

    async def _read(self) -> None:
        self._entries = await self._place.engine.outbox()
        self._show_files(await self._place.engine.uploads())
        self._show_counts(self._place.engine.outbox_summary)
        self._show_tab()
        await self._place.engine.seen()

    def _show_counts(self, summary: OutboxSummary) -> None:
        text = self._place.text
        counted = {name: sum(e.status in SHOWS[name] for e in self._entries) for name in SHOWS}
        counted["delivered"] = summary.delivered_today
        for number, name in enumerate(SHOWS):
            self._name_tab(number, text(f"outbox.tab.{name}", count=counted[name]))
        oldest = summary.oldest_age_s if summary.pending else None
        span = self._place.names.span(oldest) if oldest is not None else ""
        self._oldest.setText(text("outbox.oldest", span=span) if span else "")

    def _show_link(self, summary: OutboxSummary) -> None:
        link, text = self._place.engine.link, self._place.text
        said = link_text(link, summary.pending, self._place.clock.now(), text)
        rest = said.text
        if link.link is Link.OFFLINE:
            at = self._place.names.hms(link.retry_at) if link.retry_at else None
            rest = text("link.offline.retry", at=at) if at else text("link.offline.plain")
        elif link.link is Link.ONLINE:
            is_of_files = self._is_of_files()
            count = self.files.list.rows.rowCount() if is_of_files else summary.pending
            rest = text(f"link.panel.{'files' if is_of_files else 'live'}", count=count)
        is_up = link.link is Link.ONLINE
        self._banner.set_look(said.icon, BannerTone.NEUTRAL if is_up else BannerTone.OFFLINE)
        self._banner.set_texts(said.strong, rest)
        self._retry.set_text(text("link.retry.push" if is_up else "link.retry"))

    def _show_files(self, uploads: Uploads) -> None:
        is_online = self._place.engine.link.link is Link.ONLINE
        self.files.show_uploads(uploads, is_online=is_online)
        key = "outbox.tab.files.held" if uploads.is_held else "outbox.tab.files"
        self._name_tab(FILES, self._place.text(key, count=len(uploads.files)))

    def _name_tab(self, number: int, text: str) -> None:
        """With the room for it: a bar that is not shown yet asks for none by itself."""
        self.tabs.setTabText(number, text)
        self.tabs.updateGeometry()

    def _show_tab(self, _number: int = 0) -> None:
        is_of_files = self._is_of_files()
        self._show_link(self._place.engine.outbox_summary)
        self.files.setVisible(is_of_files)
        self._columns.setVisible(not is_of_files)
        if is_of_files:
            for one in (self.list, self._empty, self.conflict):
                one.hide()
            return
        self._show_entries(TABS[self.tabs.currentIndex()])

    def _show_entries(self, name: str) -> None:
        shown = tuple(entry for entry in self._entries if entry.status in SHOWS[name])
        self.list.show_rows(self._texts.rows(shown))
        for one in (self.list, self.conflict):
            one.setVisible(bool(shown))
        self._empty.setVisible(not shown)
        count = self._place.engine.outbox_summary.delivered_today
        self._empty.set_text(self._place.text(f"outbox.empty.{name}", count=count))
        self._show_current()

    def _show_current(self) -> None:
        row = self.list.current()
        self.conflict.show_row(row, len(self.list.marked()))

    def _moved(self, *_: object) -> None:
        self._show_current()

    def _news(self, changed: Changed) -> None:
        if self.isVisible() and (changed.outbox is not None or changed.link is not None):
            self.refresh()

    # acting

    def _is_of_files(self) -> bool:
        return self.tabs.currentIndex() == FILES

    @property
    def _shown_list(self) -> OutboxList | FileList:
        return self.files.list if self._is_of_files() else self.list

    def _has_rows(self) -> bool:
        return self._shown_list.current() is not None

    def _can_pause(self) -> bool:
        return self._is_of_files() and self.files.can_toggle()

    def _has_tabs(self) -> bool:
        return self.isVisible()

    def _can_settle(self) -> bool:
        row = self.list.current()
        return not self._is_of_files() and row is not None and row.is_to_settle

    def _can_merge(self) -> bool:
        return self._can_settle() and self.conflict.can_merge

    def _step(self, step: int) -> None:
        self._shown_list.go(self._shown_list.currentIndex().row() + step)

    def _next_tab(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())
        self._shown_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _retry_now(self) -> None:
        start(self._place.engine.retry_now(), owner=self)

    def _say_of_files(self, said: UploadSay) -> None:
        start(self._let(said), owner=self)

    async def _let(self, said: UploadSay) -> None:
        self._show_files(await self._place.engine.uploads(said))

    def _open(self, *_: object) -> None:
        row = self._shown_list.current()
        if row is not None:
            self.close()
            self.record_wanted.emit(row.selected)

    def _settle(self, remedy: Remedy) -> None:
        """What is marked, else the current one; edited and merged is one at a time."""
        row, marked = self.list.current(), self.list.marked()
        if row is None or not row.is_to_settle:
            return
        rows = marked if marked and remedy is not Remedy.EDIT else [row]
        self._settling.settle([one.entry for one in rows], remedy)

    def _merge(self, texts: Mapping[str, Json]) -> None:
        row = self.list.current()
        if row is not None and row.is_to_settle:
            self._settling.settle([row.entry], Remedy.MERGE, texts)

    def _settled(self) -> None:
        self.list.unmark()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self._put_in_place()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
