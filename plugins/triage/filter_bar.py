"""What narrows the queue: saved views, category, street, order, full text."""

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from plugins.triage.sections import Filters
from ui.records import PanelHeader, SavedView, SavedViews, Sentences
from xiuzhou_desktop.client.views import Order
from xiuzhou_desktop.plugin_api.context import PanelContext

TYPING_PAUSE_MS = 200
ORDERS = (Order.URGENCY, Order.DEADLINE, Order.NEWEST, Order.PLACE)
SEARCH_WIDTH_PX = 180


class FilterBar(QWidget):
    """Keeps the filters and says when they change; its controls live in the panel's header."""

    changed = Signal(object)  # Filters
    done = Signal()  # the hand leaves the field

    def __init__(self, header: PanelHeader, context: PanelContext) -> None:
        super().__init__(header)
        self.hide()
        self._context = context
        self._filters = Filters()
        self._views = SavedViews(context.store)
        self._view_box = self._box("triage.filter.view")
        self._category_box = self._box("triage.filter.category")
        self._area_box = self._box("triage.filter.area")
        self._order_box = self._box("triage.filter.order")
        self._search = QLineEdit()
        self._search.setPlaceholderText(context.text("triage.filter.search"))
        self._search.setAccessibleName(context.text("triage.filter.search"))
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(SEARCH_WIDTH_PX)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._take)
        self._fill()
        boxes = (self._view_box, self._category_box, self._area_box, self._order_box)
        for control in (*boxes, self._search):
            header.add(control)
        for box in (self._category_box, self._area_box, self._order_box):
            box.activated.connect(self._take)
        self._view_box.activated.connect(self._use_view)
        self._search.textEdited.connect(self._pause_typing)
        self._search.returnPressed.connect(self._done_typing)

    @property
    def filters(self) -> Filters:
        return self._filters

    def search(self) -> None:
        """/ : type what to find."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear(self) -> None:
        """The whole queue again, in the order chosen."""
        self._view_box.setCurrentIndex(0)
        self.use(Filters(order=self._filters.order))

    def use(self, filters: Filters) -> None:
        """Show these filters in the controls, and apply them."""
        self._search.setText(filters.text or "")
        for box, values in (
            (self._category_box, filters.categories),
            (self._area_box, filters.areas),
        ):
            box.setCurrentIndex(max(0, box.findData(values[0] if values else None)))
        self._order_box.setCurrentIndex(self._order_box.findData(filters.order.value))
        self._apply(filters)

    def save_view(self) -> None:
        """Keep the present filters under a name made of what they say."""
        parts = [box.currentText() for box in (self._category_box, self._area_box)]
        name = self._context.text(
            "triage.view.name", category=parts[0], area=parts[1], words=self._filters.text or "—"
        )
        self._views.save(SavedView(name=name, filters=msgspec.to_builtins(self._filters)))
        self._fill_views()
        self._view_box.setCurrentIndex(self._view_box.findText(name))

    def _box(self, name_key: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self._context.text(name_key))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _fill(self) -> None:
        names = Sentences(self._context.text)
        policy = self._context.engine.policy
        self._category_box.addItem(self._context.text("triage.filter.all_categories"), None)
        for code in policy.categories:
            self._category_box.addItem(names.category(code), code)
        self._area_box.addItem(self._context.text("triage.filter.all_areas"), None)
        for code in policy.areas:
            self._area_box.addItem(names.area(code), code)
        for order in ORDERS:
            self._order_box.addItem(self._context.text(f"triage.order.{order.value}"), order.value)
        self._fill_views()

    def _fill_views(self) -> None:
        self._view_box.clear()
        self._view_box.addItem(self._context.text("triage.view.all"), None)
        for view in self._views.all():
            self._view_box.addItem(view.name, view.filters)

    def _use_view(self, index: int) -> None:
        stored = self._view_box.itemData(index)
        if stored is None:
            self.clear()
            return
        try:
            self.use(msgspec.convert(stored, Filters))
        except msgspec.ValidationError:
            self.clear()  # saved by a version with other filters

    def _pause_typing(self, _text: str) -> None:
        self._pause.start()

    def _done_typing(self) -> None:
        self._take()
        self.done.emit()

    def leave(self) -> None:
        """Esc: everything again, and the hand goes back to the queue."""
        self._pause.stop()
        self.clear()
        self.done.emit()

    def _take(self, *_: object) -> None:
        self._pause.stop()
        self._view_box.setCurrentIndex(0)  # no longer what the saved view says
        category, area = self._category_box.currentData(), self._area_box.currentData()
        self._apply(
            Filters(
                categories=(category,) if category else (),
                areas=(area,) if area else (),
                text=self._search.text().strip() or None,
                order=Order(self._order_box.currentData()),
            )
        )

    def _apply(self, filters: Filters) -> None:
        if filters != self._filters:
            self._filters = filters
            self.changed.emit(filters)
