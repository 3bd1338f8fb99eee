"""The triage panel 违法研判: queue | stage | context.

    digit ─► Judging ─► engine.submit ─► the next item is there; U takes it back for five seconds

Wires the three parts together; what they show and what the digits mean stands in their own files.
"""

from datetime import datetime

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.triage import actions as keys
from plugins.triage.arrivals import Arrivals
from plugins.triage.bulk import Bulk
from plugins.triage.context_column import ContextColumn
from plugins.triage.filter_bar import FilterBar
from plugins.triage.following import WAYS
from plugins.triage.holding import Holding
from plugins.triage.judging import Judging, Saved
from plugins.triage.parts import Parts
from plugins.triage.presses import Ask, Digit, Escape, Mark, MarkStorm, Report
from plugins.triage.rows import RowMaker
from plugins.triage.sections import KINDS, Filters, queue_sections, summed
from plugins.triage.stage import Stage
from plugins.triage.verdicts import Asks, Verdict
from ui.records import (
    Following,
    FoundGroup,
    PanelHeader,
    RecordDesk,
    RecordListView,
    Sentences,
    Spoken,
    TakeBack,
    queue_header,
)
from ui.start import start
from ui.video import watermark_of
from ui.widgets import EmptyState
from xiuzhou_desktop.client.views import Changed, Offer, RecordView
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.plugin_api.context import Action, PanelContext, View, ViewMode

TICK_MS = 1000
AHEAD = 3  # items whose pictures are fetched before the hand is there


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return TriagePanel(context)


class TriagePanel(QWidget):
    """One officer's queue."""

    unseen_changed = Signal(int, int)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._header = PanelHeader(context.text("triage.title"), context.text)
        self._filter_bar = FilterBar(self._header, context)
        self._stage = Stage(context, watermark_of(context))
        self._bulk = Bulk(self, self._stage, context)
        self._rows = RowMaker(context.text, self._sentences, context.clock.now, self._bulk.marks)
        self._list = RecordListView()
        self._list.setAccessibleName(context.text("triage.queue"))
        self._desk = RecordDesk(self._list, context.engine, context.clock, self._rows)
        self._by_name = FoundGroup(
            self._desk, context.engine, KINDS, self._text("triage.group.found")
        )
        self._holding = Holding(self._desk, self._rows, context)
        self._arrivals = Arrivals(self._rows, context, self)
        self._empty = EmptyState("")
        self._column = ContextColumn(context)
        self._judging = Judging(self, self._stage, context, self._bulk)
        self._take_back = TakeBack(
            self, self._stage.undo_bar, context.engine, context.text("triage.undo.late")
        )
        self._read_reply = self._ask("read_reply", "read_reply", Asks.NOTHING)
        self._is_blank = False
        self._at: datetime | None = None  # the minute of the past that is shown
        self._unsaid: tuple[RecordId, Spoken] | None = None  # refused, its item not yet back
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._lay_out()
        self._connect()
        self._registered = [context.actions.register(*row) for row in self._key_table()]
        self._observation = context.engine.observe(self._news)
        self._following = Following(
            self, context, WAYS, lambda record: self._by_name.go_to(record.id)
        )
        self._turned = context.clock.observe(self._turn)
        self._show_filters(Filters())
        self._following.again()
        self._tick.start()

    # layout

    def _lay_out(self) -> None:
        queue = QWidget()
        queue_column = QVBoxLayout(queue)
        queue_column.setContentsMargins(0, 0, 0, 0)
        queue_column.setSpacing(0)
        names = ("mark", "time", "type", "subject", "place", "confidence", "state")
        head = queue_header({name: self._text(f"triage.column.{name}") for name in names})
        head.set_right_margin(self._list.scroll_bar_width())
        queue_column.addWidget(head)
        queue_column.addWidget(self._list, 1)
        queue_column.addWidget(self._empty, 1)
        self._empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._empty.hide()
        self._parts = Parts(queue, self._stage, self._column, self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._parts, 1)
        self.setFocusProxy(self._list)

    # wiring

    def _connect(self) -> None:
        self._filter_bar.changed.connect(self._show_filters)
        self._filter_bar.done.connect(self._take_keys)
        self._header.arrivals_accepted.connect(self._desk.accept_arrivals)
        self._desk.selected.connect(self._show)
        self._desk.counted.connect(self._counted)
        self._desk.arrived.connect(self._header.set_arrivals)
        self._by_name.changed.connect(self._show_sections)
        self._desk.unread.connect(self._unread)
        self._arrivals.unseen.connect(self.unseen_changed)
        self._arrivals.storms_changed.connect(self._show_sections)
        self._stage.pressed.connect(self._pressed)
        self._take_back.taken.connect(self._taken_back)
        self._take_back.refused.connect(self._stage.show_refused)
        self._holding.said.connect(self._stage.show_refused)
        self._holding.held.connect(self._stage.show_held)
        self._bulk.marks.changed.connect(self._marks_changed)
        self._bulk.judged.connect(self._judged_all)
        self._bulk.chosen.connect(self._by_name.go_to)
        self._stage.read_button.clicked.connect(self._read_reply)
        self._judging.leaving.connect(self._leave)
        self._judging.saved.connect(self._saved)
        self._judging.refused.connect(self._refused)
        self._judging.reported.connect(self._by_name.go_to)
        for one in (self._judging, self._bulk):
            one.asking.connect(self._parts.show_stage)
            one.asking.connect(self._stage.step_back)
            one.asked.connect(self._stage.step_forward)

    def _key_table(self) -> tuple[tuple[Action, object], ...]:
        pictures = self._stage.pictures
        verdicts = tuple(
            (action, Digit(self._stage, number)) for number, action in enumerate(keys.VERDICT_KEYS)
        )
        ask, read = self._ask, self._read_reply
        return (
            *verdicts,
            (keys.NEXT, self._desk.next), (keys.PREVIOUS, self._desk.previous),
            (keys.FIRST, self._desk.home), (keys.LAST, self._desk.last),
            (keys.PLAY, pictures.toggle_clip), (keys.LIVE, pictures.toggle_live),
            (keys.UNDO, self._take_back), (keys.MAP, self._column.place_map.enlarge),
            (keys.CLAIM, self._holding.claim), (keys.BREAK_CLAIM, self._holding.break_claim),
            (keys.MARK, Mark(self._desk, self._bulk.marks)),
            (keys.MARK_STORM, MarkStorm(self._desk, self._arrivals, self._bulk, self._context)),
            (keys.NOTE, self._note), (keys.DETAILS, self._parts.turn_tab),
            (keys.REPORT_FLAG, Report(self._judging, Kind.FLAG)),
            (keys.REPORT_ORDER, Report(self._judging, Kind.ORDER)),
            (keys.CORRECT_PLATE, ask("correct_plate", "correct_plate")),
            (keys.VOID, ask("void_notice", "void")), (keys.REOPEN, ask("reopen", "reopen")),
            (keys.DETACH, ask("detach", "detach", Asks.NOTHING)),
            (keys.SERVE_ORDER, ask("serve_order", "serve_order")),
            (keys.READ_REPLY, read), (keys.GROUP, self._toggle_group),
            (keys.FILTER, self._filter_bar.search), (keys.SAVE_VIEW, self._filter_bar.save_view),
            (keys.CLEAR_FILTER, Escape(self._bulk.marks, self._filter_bar)),
        )  # fmt: skip

    # what is shown

    def _show_filters(self, filters: Filters) -> None:
        self._by_name.forget()
        self._set_sections(filters, is_anew=True)

    def _show_sections(self) -> None:
        self._set_sections(self._filter_bar.filters)

    def _turn(self, view: View) -> None:
        """Q moved the queue to the past, or it came back: as it stood at that minute."""
        at = None if view.mode is ViewMode.LIVE else view.at.replace(second=0, microsecond=0)
        if at == self._at:
            return
        self._at = at
        self._set_sections(self._filter_bar.filters, is_anew=True)
        if self._desk.current is not None:
            start(self._ask_offers(self._desk.current), owner=self._stage)

    def _unread(self, problem: Problem) -> None:
        self._header.set_summary(self._sentences.refusal(problem).text)

    def _show(self, view: RecordView | None) -> None:
        self._stage.show_item(view)
        self._column.show_item(view)
        self._following.shows(view)
        if view is None:
            return
        record = view.record
        self._say_refused(record.id)
        self._holding.show()
        self._rows.seen.add(record.id)
        self._arrivals.tell()
        self._stage.pictures.prefetch(self._desk.upcoming(AHEAD))
        start(self._ask_offers(view), owner=self._stage)

    async def _ask_offers(self, view: RecordView) -> None:
        """What the rules allow for the item, and its camera's name.

        Answers for another item, or for this one before it moved, are dropped.
        """
        engine, record = self._context.engine, view.record
        offers = await engine.offers(record.kind, record.id)
        body = record.body
        task = body.task if isinstance(body, FlagBody) else None
        task_offers = await engine.offers(Kind.TASK, task) if task else ()
        camera_id = body.camera if isinstance(body, FlagBody) else None
        camera = await engine.get(Kind.CAMERA, camera_id) if camera_id else None
        if self._stage.is_at_step_of(view):
            self._stage.show_offers(offers, task_offers)
            self._stage.pictures.name_camera(camera.record if camera else None)

    def _set_sections(self, filters: Filters, *, is_anew: bool = False) -> None:
        """Other queries; what was folded by hand stays folded. Storms are of the present."""
        storms = self._arrivals.storms if self._at is None else ()
        found = self._by_name.section(self._at)
        sections = queue_sections(self._text, filters, found, storms, self._at)
        is_open = {one.key: one.is_open for one in self._desk.model.sections()}
        self._desk.set_sections(
            tuple(
                msgspec.structs.replace(one, is_open=is_open.get(one.key, one.is_open))
                for one in sections
            ),
            is_anew=is_anew,
        )

    def _counted(self, totals: tuple[int, ...]) -> None:
        to_judge, due = summed(self._desk.model.sections(), totals)
        self._header.set_summary(self._text("triage.summary", to_judge=to_judge, due=due))
        is_empty = not any(totals)
        if is_empty != self._is_blank:  # the desk keeps its record while nothing is listed
            self._is_blank = is_empty
            self._show(None if is_empty else self._desk.current)
        had_keys = self._list.hasFocus() or self._empty.hasFocus()
        self._list.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        if had_keys:
            self._take_keys()
        narrow = self._filter_bar.filters.is_narrow
        self._empty.set_text(self._text("triage.empty.filter" if narrow else "triage.empty"))

    def _take_keys(self) -> None:
        """The keyboard belongs to the queue, also while it is empty."""
        (self._list if self._list.isVisible() else self._empty).setFocus()

    def _news(self, changed: Changed) -> None:
        if self._at is not None and changed.link is not None:
            self._desk.refresh()  # the past is the server's
        self._holding.news(changed.leases)
        self._desk.news(changed)
        self._arrivals.news(changed)
        self._column.place_map.news(changed)

    def _on_tick(self) -> None:
        self._turn(self._context.clock.view)
        self._desk.tick()
        self._stage.tick()

    # acting

    def _pressed(self, verdict: Verdict, offer: Offer | None) -> None:
        if self._desk.current is not None:
            self._judging.press(self._desk.current, verdict, offer)

    def _leave(self, view: RecordView) -> None:
        if self._desk.current is not None and self._desk.current.record.id == view.record.id:
            self._desk.advance()

    def _saved(self, saved: Saved) -> None:
        act = self._text(f"triage.verdict.{saved.verdict.text}")
        if (command := saved.submitted.command) is not None:
            self._take_back.offer((command,), self._text("triage.undo.said", act=act))
        self._desk.refresh()

    def _judged_all(self, verdict: Verdict, commands: tuple[CommandId, ...]) -> None:
        act = self._text(f"triage.verdict.{verdict.text}")
        if commands:
            said = self._text("triage.bulk.said", act=act, count=len(commands))
            self._take_back.offer(commands, said)
        self._desk.refresh()

    def _marks_changed(self) -> None:
        self._stage.show_marked(len(self._bulk.marks))
        self._desk.tick()

    def _taken_back(self, record: str) -> None:
        if record:
            self._desk.select(RecordId(record))
        self._desk.refresh()

    def _refused(self, view: RecordView, spoken: Spoken) -> None:
        self._unsaid = (view.record.id, spoken)
        current = self._desk.current
        if current is not None and current.record.id == view.record.id:
            self._say_refused(view.record.id)
        else:
            self._by_name.go_to(view.record.id)
        self._desk.refresh()

    def _say_refused(self, record: RecordId) -> None:
        """Once its item is before the officer again."""
        if self._unsaid is not None and self._unsaid[0] == record:
            self._stage.show_refused(self._unsaid[1])
            self._unsaid = None

    def _note(self) -> None:
        if self._desk.current is not None:
            self._judging.note(self._desk.current)

    def _toggle_group(self) -> None:
        self._desk.toggle_section("waiting")

    def _ask(self, transition: str, text: str, asks: Asks = Asks.FORM) -> Ask:
        return Ask(self._desk, self._judging, Verdict(transition=transition, text=text, asks=asks))

    # the shell's

    def save(self) -> Json:
        """What a workspace keeps: how wide the parts are."""
        return self._parts.save()

    def restore(self, saved: Json) -> None:
        self._parts.restore(saved)

    def shut_down(self) -> None:
        """The panel closes: sessions, subscriptions and keys end."""
        self._tick.stop()
        self._stage.pictures.close_media()
        for one in (self._observation, self._following, self._turned, *self._registered):
            one.close()
