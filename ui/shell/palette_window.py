"""Ctrl+K: one field, 720 x 480 in the upper third; arrows choose, Enter does, Esc leaves. Keyboard
only."""

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Registered
from ui.records.prepared import Index, PreparedList, PreparedRows
from ui.records.rows import ROW_ROLE
from ui.shell.palette_search import PaletteRow, PaletteSearch
from ui.shell.workplace import Workplace
from ui.start import start
from ui.theme.chips import keycap_width, paint_keycap
from ui.theme.chosen import fill_chosen
from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Elide, Ink, draw_text
from ui.theme.theme import px, row_height
from ui.theme.type import Face
from ui.widgets import Text
from xiuzhou_desktop.plugin_api.context import Action, Scheme

SIZE_PX = (720, 480)
PAGE = 10  # rows
SEARCH_AFTER_MS = 40


class PaletteRows(PreparedRows[PaletteRow]):
    """The rows of one answer; heads are not chosen."""

    def said(self, row: PaletteRow) -> str:
        return " ".join(part for part in (row.text, row.context, row.key) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row())
        if row is None or row.is_head:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PaletteDelegate(QStyledItemDelegate):
    """Icon, text, context, and the shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        if not isinstance(row, PaletteRow):
            return
        if row.is_head:
            draw_text(painter, rect.adjusted(px(12), 0, 0, 0), row.text, Ink("text3", Face.LABEL))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            fill_chosen(painter, rect)
        size = px(16)
        picture = icon_pixmap(row.icon, "text2", size, painter.device().devicePixelRatioF())
        top = round(rect.center().y() - size / 2)
        painter.drawPixmap(QPointF(rect.x() + px(16), top), picture)
        right = rect.right() - px(12)
        if row.key:
            width = keycap_width(row.key)
            paint_keycap(painter, QRectF(right - width, rect.y(), width, rect.height()), row.key)
            right -= width + px(12)
        x = rect.x() + px(44)
        x += draw_text(
            painter,
            QRectF(x, rect.y(), right - x, rect.height()),
            row.text,
            Ink("text1", elide=Elide.ElideMiddle),
        )
        rest = QRectF(x + px(12), rect.y(), max(0.0, right - x - px(12)), rect.height())
        draw_text(painter, rest, row.context, Ink("text3", Face.LABEL))


class PaletteWindow(QFrame):
    """The palette over its window."""

    record_chosen = Signal(object)

    def __init__(self, place: Workplace, window: QWidget, finds: Callable[[Scheme], bool]) -> None:
        super().__init__(window)
        self._place = place
        self._search = PaletteSearch(place.engine, place.actions, place.text, finds)
        self._reachable: tuple[Registered, ...] = ()
        self._returns_to: QWidget | None = None
        self._asking: asyncio.Task[object] | None = None
        self.setProperty("surface", "float")
        self.setAutoFillBackground(True)
        self.setAccessibleName(place.text("action.palette"))
        self.field = QLineEdit()
        self.field.setPlaceholderText(place.text("palette.placeholder"))
        self.field.setAccessibleName(place.text("palette.placeholder"))
        self.list = PreparedList(PaletteRows())
        self._dress_list()
        self._hint = Text(place.text("palette.hint"), Ink("text3", Face.LABEL))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._hint)
        self._soon = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        self.field.textChanged.connect(self._typed)
        self._register()
        window.installEventFilter(self)
        self.hide()

    def open_palette(self) -> None:
        """Show it, or leave it when it stands already."""
        if self.isVisible():
            self.dismiss()
            return
        focus = self._place.actions.focus()
        self._returns_to = focus
        self._reachable = self._place.actions.available(focus)
        self.field.clear()
        self._typed("")
        self._put_in_place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        self._soon.stop()
        self.hide()
        if self._returns_to is not None:
            self._returns_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._returns_to = None

    def choose(self) -> None:
        """Do the action, or open the record, of the selected row."""
        row = self.list.rows.row(self.list.currentIndex().row())
        if row is None or row.is_head:
            return
        self.dismiss()
        if row.run is not None:
            row.run()
        elif row.selected is not None:
            self.record_chosen.emit(row.selected)

    def _dress_list(self) -> None:
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self._place.text("action.palette"))
        self.list.clicked.connect(self._clicked)

    def _clicked(self, _index: QModelIndex) -> None:
        self.choose()

    def _typed(self, _text: str) -> None:
        self._show(self._search.actions(self.field.text(), self._reachable))
        self._soon.start()

    def _ask(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = start(self._answer(self.field.text()), owner=self)

    async def _answer(self, typed: str) -> None:
        records = await self._search.records(typed)
        if typed == self.field.text():
            self._show([*self._search.actions(typed, self._reachable), *records])

    def _show(self, rows: list[PaletteRow]) -> None:
        self.list.rows.set_rows(rows)
        self._step(-1, 1)
        key = "palette.hint" if rows else "palette.empty"
        self._hint.setText(self._place.text(key))

    def _step(self, row: int, step: int) -> None:
        """The next row that can be chosen."""
        at = row + step
        while 0 <= at < self.list.rows.rowCount():
            found = self.list.rows.row(at)
            if found is not None and not found.is_head:
                self.list.go(at)
                return
            at += step

    def _put_in_place(self) -> None:
        room = self.parentWidget().rect()
        width = min(px(SIZE_PX[0]), room.width() - 32)
        height = min(px(SIZE_PX[1]), room.height() - 64)
        top = min(room.height() // 6, room.height() - height - 16)
        self.setGeometry((room.width() - width) // 2, top, width, height)

    def _register(self) -> None:
        region = self._place.actions.region(self)
        acts: tuple[tuple[str, tuple[str, ...], Callable[[], None]], ...] = (
            ("choose", ("Return", "Enter"), self.choose),
            ("down", ("Down",), partial(self._steps, 1)),
            ("up", ("Up",), partial(self._steps, -1)),
            ("page_down", ("PgDown",), partial(self._steps, PAGE)),
            ("page_up", ("PgUp",), partial(self._steps, -PAGE)),
            ("leave", ("Esc",), self.dismiss),
        )
        for name, keys, run in acts:
            action = Action(
                id=f"palette.{name}", text=f"action.palette.{name}", keys=keys,
                in_key_bar=not name.startswith("page"),
            )  # fmt: skip
            region.register(action, run)

    def _steps(self, count: int) -> None:
        for _ in range(abs(count)):
            self._step(self.list.currentIndex().row(), 1 if count > 0 else -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._put_in_place()
        return super().eventFilter(watched, event)
