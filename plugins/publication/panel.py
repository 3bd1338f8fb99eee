"""The publication panel 公示状态: strip of figures | ledger | one decision, masked.

Ctrl+Enter ─► mask · confirm · send again ─► engine.submit ─► the next one; U takes it back
tile ─► its own rows        selection in the original, M ─► hidden by hand
"""

from collections.abc import Callable
from datetime import date, datetime, time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QVBoxLayout, QWidget

from plugins.publication import actions as keys
from plugins.publication.acting import Acting
from plugins.publication.acts import MASK, Act
from plugins.publication.figures import FiguresDesk
from plugins.publication.following import WAYS
from plugins.publication.hidden_by_hand import HiddenByHand
from plugins.publication.item import Item
from plugins.publication.ledger_list import LedgerDelegate, ledger_header
from plugins.publication.notice_text import NumberedMask
from plugins.publication.rows import RowMaker
from plugins.publication.sections import KINDS, Period, Tile, ledger_sections
from plugins.publication.strip import Strip
from ui.records import (
    Following,
    FoundGroup,
    PanelHeader,
    RecordDesk,
    RecordListView,
    Spoken,
    TakeBack,
)
from ui.start import start
from ui.theme.theme import px
from xiuzhou_desktop.client.views import Changed, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.case_dates import local_day
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.publication_body import (
    MASKED_FIELDS,
    PublicationBody,
    PublicationState,
    original,
    source_digest,
)
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Action, PanelContext
from xiuzhou_desktop.plugin_api.subjects import Scheme, Selected, subject

TICK_MS = 1000
TYPING_PAUSE_MS = 200
ITEM_PX, SEARCH_PX = 800, 180
LEDGER_PX = 1056
PERIODS = ("year", "quarter", "month")


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return PublicationPanel(context)


class PublicationPanel(QWidget):
    """A clerk's ledger."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._header = PanelHeader(context.text("publication.title"), context.text)
        self._period_box = QComboBox()
        self._search = QLineEdit()
        self._strip = Strip(context.text)
        self._item = Item(context)
        self._list = RecordListView(LedgerDelegate())
        self._titles = ledger_header(context.text)
        rows = RowMaker(context.text, context.engine, context.clock.now)
        self._desk = RecordDesk(self._list, context.engine, context.clock, rows)
        self._by_name = FoundGroup(
            self._desk, context.engine, KINDS, self._text("publication.group.found")
        )
        self._figures = FiguresDesk(self, context)
        self._acting = Acting(self, self._item, context)
        self._by_hand = HiddenByHand(context.store)
        self._tile: Tile | None = None
        self._case: CaseBody | None = None
        self._take_back = TakeBack(
            self, self._item.undo_bar, context.engine, context.text("publication.too_late")
        )
        self._tick = QTimer(self, interval=TICK_MS)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._fill_header()
        self._lay_out()
        self._connect()
        self._registered = [context.actions.register(*row) for row in self._key_table()]
        self._observation = context.engine.observe(self._news)
        self._following = Following(self, context, WAYS, lambda record: self.go_to(record.id))
        self._show_period()
        self._following.again()
        self._tick.start()

    @property
    def shown(self) -> RecordId | None:
        """The publication whose notice stands at the right."""
        return self._item.record

    def go_to(self, record: RecordId) -> None:
        """Bring one under the hand."""
        self._by_name.go_to(record)

    def shut_down(self) -> None:
        """The panel closes: subscriptions and keys end."""
        self._tick.stop()
        for one in (self._observation, self._following, *self._registered):
            one.close()

    # layout

    def _fill_header(self) -> None:
        self._period_box.setAccessibleName(self._text("publication.filter.period"))
        for name in PERIODS:
            self._period_box.addItem(self._text(f"publication.period.{name}"), name)
        self._search.setPlaceholderText(self._text("publication.filter.search"))
        self._search.setAccessibleName(self._text("publication.filter.search"))
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(px(SEARCH_PX))
        self._header.add(self._period_box)
        self._header.add(self._search)

    def _lay_out(self) -> None:
        self._list.setAccessibleName(self._text("publication.ledger"))
        ledger = QWidget()
        ledger_column = QVBoxLayout(ledger)
        ledger_column.setContentsMargins(0, 0, 0, 0)
        ledger_column.setSpacing(0)
        self._titles.set_right_margin(self._list.scroll_bar_width())
        ledger_column.addWidget(self._titles)
        ledger_column.addWidget(self._list, 1)
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(ledger)
        self._split.addWidget(self._item)
        self._split.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._strip)
        column.addWidget(self._split, 1)
        self.setFocusProxy(self._list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            item = self.width() * ITEM_PX // (LEDGER_PX + ITEM_PX)
            self._split.setSizes([self.width() - item, item])

    # wiring

    def _connect(self) -> None:
        self._tick.timeout.connect(self._on_tick)
        self._typing.timeout.connect(self._show_period)
        self._period_box.activated.connect(self._show_period)
        self._search.textEdited.connect(lambda _words: self._typing.start())
        self._search.returnPressed.connect(self._list.setFocus)
        self._strip.chosen.connect(self._choose)
        self._figures.told.connect(self._strip.show_totals)
        self._figures.aged.connect(self._header.set_summary)
        self._header.arrivals_accepted.connect(self._desk.accept_arrivals)
        self._desk.selected.connect(self._show)
        self._by_name.changed.connect(self._show_period)
        self._desk.arrived.connect(self._header.set_arrivals)
        self._item.pressed.connect(self._press)
        self._item.masks.removed.connect(self._unhide)
        self._take_back.taken.connect(self._desk.refresh)
        self._take_back.refused.connect(self._refused)
        self._acting.saved.connect(self._saved)
        self._acting.refused.connect(self._refused)

    def _key_table(self) -> tuple[tuple[Action, Callable[[], None]], ...]:
        return (
            (keys.NEXT, self._desk.next), (keys.PREVIOUS, self._desk.previous),
            (keys.TURN, self._item.preview.turn), (keys.HIDE, self._hide),
            (keys.UNHIDE, self._item.masks.remove_current), (keys.NOTE, self._note),
            (keys.CASE, self._open_case), (keys.FILTER, self._search.setFocus),
            (keys.CLEAR, self._clear), (keys.UNDO, self._take_back),
            (keys.SECONDARY, self._item.press_secondary),
            (keys.PRIMARY, self._item.press_primary),
        )  # fmt: skip

    def _news(self, changed: Changed) -> None:
        self._desk.news(changed)
        if changed.is_wholesale or changed.kinds & set(KINDS):
            self._figures.ask_soon()
        if changed.is_wholesale or changed.kinds & {Kind.CASE, Kind.PUBLICATION}:
            self._show(self._desk.current)

    def _on_tick(self) -> None:
        self._desk.tick()

    # what is shown

    def _show_period(self) -> None:
        period = period_of(self._period_box.currentData(), local_day(self._context.clock.now()))
        words = self._search.text().strip() or None
        self._figures.use(period)
        groups = ledger_sections(self._text, period, words, self._tile)
        self._desk.set_sections((*groups, self._by_name.section()))

    def _choose(self, tile: Tile | None) -> None:
        self._tile = tile
        self._show_period()

    def _clear(self) -> None:
        self._tile = None
        self._strip.release()
        self._search.clear()
        self._show_period()
        self._list.setFocus()

    def _show(self, view: RecordView | None) -> None:
        self._following.shows(view)
        if view is None:
            self._case = None
            self._item.show_nothing()
            return
        start(self._read_case(view), owner=self._item)

    async def _read_case(self, view: RecordView) -> None:
        """The decision's file and what may be done; an answer for another row is dropped."""
        engine, body = self._context.engine, body_of(view.record, PublicationBody)
        case = await engine.get(Kind.CASE, body.case)
        offers = await engine.offers(view.record.kind, view.record.id)
        current = self._desk.current
        if current is None or current.record.id != view.record.id:
            return
        self._case = body_of(case.record, CaseBody) if case else None
        self._item.show_case(view, self._case, self._hidden(view))
        self._item.show_offers(view.record.id, offers)

    def _hidden(self, view: RecordView) -> tuple[str, ...]:
        """Passages hidden by hand: the draft while it is to be masked, then what was signed."""
        if view.record.state == PublicationState.DUE:
            return self._by_hand.of(view.record.id)
        return body_of(view.record, PublicationBody).by_hand

    # acting

    def _press(self, act: Act) -> None:
        view = self._desk.current
        if view is not None:
            self._acting.press(view, act, self._known(view, act))

    def _known(self, view: RecordView, act: Act) -> dict[str, Json]:
        """What the screen showed, for the one act that signs under it."""
        if act is not MASK or self._case is None:
            return {}
        return {"source": source_digest(self._case), "by_hand": list(self._hidden(view))}

    def _saved(self, act: Act, command: CommandId) -> None:
        done = self._text("publication.done", act=self._text(act.text))
        self._take_back.offer((command,), done)
        self._desk.refresh()

    def _refused(self, spoken: Spoken) -> None:
        self._item.show_refused(spoken)
        self._desk.refresh()

    def _hide(self) -> None:
        """M: what is selected in the original is hidden wherever it stands."""
        view, passage = self._desk.current, self._item.preview.original.selected_words
        if view is None or self._case is None or view.record.state != PublicationState.DUE:
            return
        words = original(self._case)
        if passage and any(passage in getattr(words, field) for field in MASKED_FIELDS):
            self._by_hand.add(view.record.id, passage)
            self._show(view)
        else:
            self._item.show_refused(Spoken(text=self._text("publication.select_first")))

    def _unhide(self, mask: NumberedMask) -> None:
        view = self._desk.current
        if view is not None and view.record.state == PublicationState.DUE:
            self._by_hand.remove(view.record.id, mask.passage)
            self._show(view)

    def _note(self) -> None:
        if self._desk.current is not None:
            self._acting.note(self._desk.current)

    def _open_case(self) -> None:
        if self._desk.current is not None:
            case = body_of(self._desk.current.record, PublicationBody).case
            wanted = Selected(subject_key=subject(Scheme.CASE, case))
            self._context.selection.open(wanted, Scheme.CASE)


def period_of(name: str, today: date) -> Period:
    """The running year, quarter or month."""
    month = {"year": 1, "quarter": (today.month - 1) // 3 * 3 + 1, "month": today.month}[name]
    months = {"year": 12, "quarter": 3, "month": 1}[name]
    start = date(today.year, month, 1)
    end = date(today.year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
    return Period(key=name, start=_midnight(start), end=_midnight(end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)
