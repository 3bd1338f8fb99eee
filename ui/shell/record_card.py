"""A record of a kind that no panel shows yet: its facts and its thread, to be read. Esc closes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.shell.workplace import Workplace
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, SectionTitle, Text, ThreadEntry, ThreadList, wrapped
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

SIZE_PX = (560, 480)


class RecordCard(QDialog):
    """Number, state, limit, place, and everything that was done."""

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = place
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(px(SIZE_PX[0]), px(SIZE_PX[1]))
        self._title = wrapped("", Ink("text1", Face.TITLE, Weight.BOLD))
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._thread = ThreadList()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._thread)
        close = Button(place.text("shell.record.close"), key="Esc")
        close.clicked.connect(self.close)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addLayout(self._facts)
        column.addWidget(SectionTitle(place.text("shell.record.thread")))
        column.addWidget(scroll, 1)
        column.addLayout(acts)

    def show_record(self, kind: Kind, record: RecordId) -> None:
        self.setWindowTitle(self._place.names.kind(kind))
        self.open()
        start(self._fill(kind, record), owner=self)

    async def _fill(self, kind: Kind, record: RecordId) -> None:
        view = await self._place.engine.get(kind, record)
        if view is None:
            self._title.setText(self._place.text("shell.record.gone"))
            return
        self._title.setText(view.record.title or self._place.names.kind(kind))
        for key, value in self._rows(view):
            label = Text(self._place.text(f"shell.record.{key}"), Ink("text2"))
            self._facts.addRow(label, wrapped(value))
        self._thread.set_entries(tuple(self._entries(view)))

    def _rows(self, view: RecordView) -> list[tuple[str, str]]:
        record, names = view.record, self._place.names
        number = record.number or self._place.text("shell.record.local")
        rows = [
            ("number", number),
            ("state", names.state(record.kind, record.state)),
            ("opened", names.day_hm(record.opened_at)),
        ]
        if record.due_at is not None:
            rows.append(("due", names.day_hm(record.due_at)))
        if record.area is not None:
            rows.append(("place", names.area(record.area)))
        return rows

    def _entries(self, view: RecordView) -> list[ThreadEntry]:
        names, kind, text = self._place.names, view.record.kind, self._place.text
        return [
            ThreadEntry(
                time=names.day_hm(entry.at),
                text=text(
                    "shell.record.act",
                    actor=entry.actor_name,
                    act=names.transition(kind, entry.name),
                ),
            )
            for entry in view.record.log
        ]
