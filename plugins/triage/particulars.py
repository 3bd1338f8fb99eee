"""What was told about an item, in words: the middle of the stage where there is no picture."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.records import Sentences
from ui.theme.textrun import Ink
from ui.theme.type import Face
from ui.widgets import Text, wrapped
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.order_body import OrderBody
from xiuzhou_desktop.plugin_api.context import Text as Sentence

LABEL_PX = 112
Line = tuple[str, str]  # name of a field, what stands in it


class Particulars(QScrollArea):
    """Label and value, one below the other; only what was given is shown."""

    def __init__(self, text: Sentence) -> None:
        super().__init__()
        self._text, self._sentences = text, Sentences(text)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_record(self, record: Record) -> None:
        """All that is known in words."""
        inside = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, LABEL_PX)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._lines(record)):
            label = Text(self._sentences.field(record.kind, name), Ink("text2", Face.BODY))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(wrapped(value, Ink("text1", Face.BODY)), row, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(inside)

    def _lines(self, record: Record) -> Iterator[Line]:
        named = self._sentences
        yield "category", named.category(record.category)
        yield "state", named.state(record.kind, record.state)
        if record.area:
            yield "area", named.area(record.area)
        body = record.body
        if isinstance(body, OrderBody):
            yield from self._order(body)
        elif isinstance(body, FlagBody):
            yield from self._flag(body)

    def _order(self, body: OrderBody) -> Iterator[Line]:
        named = self._sentences
        yield "source_level", named.option("SourceLevel", body.source_level.value)
        if body.channel:
            yield "channel", named.option("Channel", body.channel.value)
        given = (
            ("ordered_by", body.ordered_by), ("reporter_masked", body.reporter_masked),
            ("reported_by", body.reported_by), ("address", body.address),
            ("description", body.description), ("unit", body.unit),
            ("return_reason", body.return_reason), ("feedback", body.feedback),
            ("rework_reason", body.rework_reason), ("side_reason", body.side_reason),
        )  # fmt: skip
        yield from _given(given)
        if body.reply or body.needs_reply:
            yield "reply", body.reply or self._text("triage.reply.missing")
        yield from _given((("note", body.note),))

    def _flag(self, body: FlagBody) -> Iterator[Line]:
        if body.channel:
            yield "channel", self._sentences.option("Channel", body.channel.value)
        yield from _given(
            (
                ("reported_by", body.reported_by), ("address", body.address),
                ("object_text", body.object_text), ("description", body.description),
                ("statement", body.statement), ("note", body.note),
            )
        )  # fmt: skip


def _given(lines: tuple[tuple[str, str | None], ...]) -> Iterator[Line]:
    return ((name, value) for name, value in lines if value)


def is_told_in_words(record: Record) -> bool:
    """Whether an item has no picture of its own, so that words take its place."""
    match record.body:
        case OrderBody():
            return True
        case FlagBody(still=None):
            return True
        case _:
            return False
