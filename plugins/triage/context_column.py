"""The right column: what helps to decide.

What is known of the plate or shop and of the camera, where it is, what was done, and the message as
it would go out.
"""

import asyncio

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from plugins.triage.choices import Choices
from plugins.triage.place_map import PlaceMap
from plugins.triage.precision import wilson
from plugins.triage.thread import thread_of
from ui.records import Sentences
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.type import Face
from ui.widgets import Card, RatioBar, RuledTitle, SectionTitle, Share, ThreadList, wrapped
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Order, RecordQuery, RecordView
from xiuzhou_desktop.contract.figures import Figure, Figures
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.plugin_api.context import PanelContext

HISTORY_ROWS = 4
NOTHING = "—"
SUBJECT_FIGURES = ("subject_flags_30d", "subject_flags", "subject_cases")
SMALL = Ink("text2", Face.LABEL)


class Preview(msgspec.Struct):
    """The answer of `/v1/notice-preview`."""

    text: str


class ContextColumn(QScrollArea):
    """What helps to decide, for one item at a time."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._choices = Choices(context)
        self._task: asyncio.Task[object] | None = None
        self._view: RecordView | None = None
        self._history_title = SectionTitle(self._text("triage.history"))
        self._history_counts = wrapped("", Ink("text1", Face.BODY))
        self._history = wrapped("", SMALL)
        self._precision_title = RuledTitle(self._text("triage.precision"))
        self._precision = RatioBar(Share(value=None), "")
        self._duplicates_title = RuledTitle(self._text("triage.duplicates"))
        self._duplicates = wrapped("", Ink("text1", Face.LABEL))
        self._map_title = RuledTitle(self._text("triage.place"))
        self.place_map = PlaceMap(context)
        self._thread_title = RuledTitle(self._text("triage.thread"))
        self._thread = ThreadList()
        self._message_title = RuledTitle(self._text("triage.message"))
        self._message = wrapped("", Ink("text1", Face.LABEL))
        self._message_card = Card()
        self._lay_out()

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._message_card.body.addWidget(self._message)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        for part in (
            self._history_title, self._history_counts, self._history,
            self._precision_title, self._precision,
            self._duplicates_title, self._duplicates,
            self._map_title, self.place_map,
            self._thread_title, self._thread,
            self._message_title, self._message_card,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)

    def show_item(self, view: RecordView | None) -> None:
        """Fill the column for an item; what was being asked for the last one is dropped."""
        is_other = view is None or self._view is None or self._view.record.id != view.record.id
        self._view = view
        self.widget().setVisible(view is not None)
        if view is None:
            return
        self._thread.set_entries(thread_of(view, self._text, self._sentences))
        if not is_other:
            return
        if self._task is not None:
            self._task.cancel()
        self._clear()
        self._task = start(self._fill(view), owner=self)

    def _clear(self) -> None:
        for words in (self._history_counts, self._history, self._duplicates, self._message):
            words.setText("")
        self._precision.set_share(Share(value=None), "")

    async def _fill(self, view: RecordView) -> None:
        record = view.record
        await self._show_history(record)
        await self._show_duplicates(view)
        camera = await self._camera_of(record)
        self.place_map.show_place(record)
        self._map_title.setVisible(record.place is not None)
        await self._show_precision(camera)
        await self._show_message(record)

    async def _camera_of(self, record: Record) -> Record | None:
        camera = record.body.camera if isinstance(record.body, FlagBody) else None
        if camera is None:
            return None
        view = await self._context.engine.get(Kind.CAMERA, camera)
        return view.record if view else None

    # the plate or shop

    async def _show_history(self, record: Record) -> None:
        has_subject = record.subject_key is not None
        for part in (self._history_title, self._history_counts, self._history):
            part.setVisible(has_subject)
        if record.subject_key is None:
            return
        figures = await self._figures("subject_history", subject_key=record.subject_key)
        self._history_counts.setText(self._counted(figures))
        query = RecordQuery(
            kinds=(Kind.FLAG,), subject_key=record.subject_key, order=Order.NEWEST,
            limit=HISTORY_ROWS + 1,
        )  # fmt: skip
        page = await self._context.engine.query(query)
        earlier = [one.record for one in page.views if one.record.id != record.id][:HISTORY_ROWS]
        lines = [self._history_line(one) for one in earlier]
        self._history.setText("\n".join(lines) if lines else self._text("triage.history.none"))

    def _counted(self, figures: Figures | None) -> str:
        if figures is None:
            return self._text("triage.figures.offline")
        by_name = {one.name: one for one in figures.figures}
        recent, ever, cases = (by_name.get(name) for name in SUBJECT_FIGURES)
        return self._text(
            "triage.history.counts",
            recent=recent.counted if recent else NOTHING,
            ever=ever.counted if ever else NOTHING,
            cases=cases.counted if cases else NOTHING,
        )

    def _history_line(self, record: Record) -> str:
        return self._text(
            "triage.history.line",
            time=self._sentences.day_hm(record.opened_at),
            category=self._sentences.category(record.category),
            state=self._sentences.state(record.kind, record.state),
        )

    async def _show_duplicates(self, view: RecordView) -> None:
        can_be = view.record.state == FlagState.DETECTED
        options = await self._choices.earlier(view) if can_be else ()
        self._duplicates_title.setVisible(can_be)
        self._duplicates.setVisible(can_be)
        lines = [
            self._text("triage.duplicates.line", number=one.text, note=one.note) for one in options
        ]
        self._duplicates.setText("\n".join(lines) or self._text("triage.duplicates.none"))

    # the camera

    async def _show_precision(self, camera: Record | None) -> None:
        for part in (self._precision_title, self._precision):
            part.setVisible(camera is not None)
        if camera is None:
            return
        figures = await self._figures("camera_precision", camera=camera.id)
        figure = figures.figures[0] if figures and figures.figures else None
        self._precision.set_share(*self._share(figure))

    def _share(self, figure: Figure | None) -> tuple[Share, str]:
        if figure is None:
            return Share(value=None), self._text("triage.figures.offline")
        if not figure.of:
            return Share(value=None), self._text("triage.precision.none")
        interval = wilson(figure.counted, figure.of)
        words = self._text(
            "triage.precision.count", counted=figure.counted, of=figure.of,
            low=round((interval.low or 0) * 100), high=round((interval.high or 0) * 100),
        )  # fmt: skip
        return Share(value=interval.value, low=interval.low, high=interval.high), words

    async def _figures(self, name: str, **about: str) -> Figures | None:
        try:
            return await self._context.engine.figures((name,), **about)
        except ClientError:
            return None  # said on the screen: counts over all records need the server

    # the message

    async def _show_message(self, record: Record) -> None:
        is_before = record.kind is Kind.FLAG and record.state == FlagState.DETECTED
        self._message_title.setVisible(is_before)
        self._message_card.setVisible(is_before)
        if not is_before:
            return
        try:
            path = f"/v1/notice-preview?flag={record.id}&version={record.version}"
            answer = await self._context.engine.fetch(path)
            text = msgspec.json.decode(answer, type=Preview).text
        except ClientError:
            text = self._text("triage.message.offline")
        self._message.setText(text)
