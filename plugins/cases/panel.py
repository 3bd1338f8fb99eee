"""The case review panel 案件审核: the queue, and the page of the case under the hand.

    Ctrl+Enter ─► Acting ─► engine.submit        Ctrl+Backspace ─► return with reasons

Wires the parts together; what they show stands in their own files.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from plugins.cases import actions as keys
from plugins.cases.acting import Acting, Made
from plugins.cases.attaching import Attaching
from plugins.cases.case_search import CaseSearch
from plugins.cases.delegates import CaseDelegate
from plugins.cases.following import WAYS
from plugins.cases.inquiry import Inquiry
from plugins.cases.page import CasePage
from plugins.cases.presses import Make, OnPiece, Piece
from plugins.cases.rows import CaseRows
from plugins.cases.sections import case_sections
from ui.records import Following, FoundGroup, PanelHeader, RecordDesk, RecordListView, Spoken
from ui.theme.theme import px
from ui.theme.type import Density
from ui.video import watermark_of
from ui.widgets import EmptyState
from xiuzhou_desktop.client.views import Changed, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Action, PanelContext

QUEUE_PX, PAGE_PX = 312, 1544
NARROWEST_QUEUE_PX, NARROW_BELOW_PX = 200, 1500


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return CasesPanel(context)


class CasesPanel(QWidget):
    """One person's cases."""

    unseen_changed = Signal(int, int)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._roles = frozenset(context.engine.signed.account.roles)
        self._header = PanelHeader(self._text("cases.title"), context.text)
        self._search = CaseSearch(self._header, context.text)
        self._rows = CaseRows(context.text, context.engine, context.clock.now)
        self._list = RecordListView(CaseDelegate())
        self._list.set_density(Density.TWO_LINE)
        self._list.setAccessibleName(self._text("cases.queue"))
        self._desk = RecordDesk(self._list, context.engine, context.clock, self._rows)
        self._by_name = FoundGroup(
            self._desk, context.engine, (Kind.CASE,), self._text("cases.group.found")
        )
        self._empty = EmptyState("")
        self.page = CasePage(context, self._rows, watermark_of(context))
        self._acting = Acting(self, self.page, context)
        self.attaching = Attaching(self, context, self._acting)
        self.inquiry = Inquiry(self, context)
        self._split = QSplitter()
        self._is_narrow: bool | None = None  # evidence and document share a place (look.md §6.4)
        self._lay_out()
        self._connect()
        self._registered = [context.actions.register(*row) for row in self._key_table()]
        self._observation = context.engine.observe(self._news)
        self._following = Following(self, context, WAYS, lambda record: self.go_to(record.id))
        self._show_sections()
        self._following.again()

    @property
    def case_id(self) -> RecordId | None:
        """The case before the officer."""
        return self._desk.current.record.id if self._desk.current is not None else None

    # layout

    def _lay_out(self) -> None:
        queue = QWidget()
        queue.setMinimumWidth(NARROWEST_QUEUE_PX)
        queue_column = QVBoxLayout(queue)
        queue_column.setContentsMargins(0, 0, 0, 0)
        queue_column.addWidget(self._list, 1)
        queue_column.addWidget(self._empty, 1)
        self._empty.hide()
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(queue)
        self._split.addWidget(self.page)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([QUEUE_PX, PAGE_PX])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._split, 1)
        self.setFocusProxy(self._list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < px(NARROW_BELOW_PX)
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        self.page.fold() if is_narrow else self.page.unfold()
        self._split.setSizes([px(QUEUE_PX), self.width() - px(QUEUE_PX)])

    # wiring

    def _connect(self) -> None:
        self._search.changed.connect(self._show_sections)
        self._search.done.connect(self._list.setFocus)
        self._header.arrivals_accepted.connect(self._desk.accept_arrivals)
        self._desk.selected.connect(self._show)
        self._desk.counted.connect(self._counted)
        self._by_name.changed.connect(lambda: self._show_sections(self._search.words))
        self._desk.arrived.connect(self._header.set_arrivals)
        self.page.law.act_pressed.connect(self._act)
        self.page.law.return_pressed.connect(self._return)
        self.page.law.more_pressed.connect(self._more)
        self._acting.refused.connect(self._refused)
        self.attaching.refused.connect(self._refused)
        self._acting.asking.connect(self.page.law.step_back)
        self._acting.asked.connect(self.page.law.step_forward)
        self._acting.saved.connect(self._desk.refresh)
        self._acting.made.connect(self._made)
        self.inquiry.sheet.case_wanted.connect(self.go_to)
        self.inquiry.sheet.asking.connect(self.page.law.step_back)
        self.inquiry.sheet.asked.connect(self.page.law.step_forward)

    def _key_table(self) -> tuple[tuple[Action, Callable[[], None]], ...]:
        evidence = tuple(
            (action, Piece(self.page.evidence, number))
            for number, action in enumerate(keys.EVIDENCE_KEYS)
        )
        make, on_evidence = self._acting.make, self._on_evidence
        return (
            *evidence,
            (keys.NEXT, self._desk.next), (keys.PREVIOUS, self._desk.previous),
            (keys.ACT, self._act), (keys.RETURN, self._return), (keys.MORE, self._more),
            (keys.TURN, self.page.paper.turn), (keys.EXPORT, self.page.paper.export),
            (keys.DETAILS, self.page.turn_tab),
            (keys.LEAD, Make(make, Kind.CASE, "register_lead")),
            (keys.ON_THE_SPOT, Make(make, Kind.CASE, "record_on_the_spot")),
            (keys.PARTY, Make(make, Kind.PARTY, "register")),
            (keys.INQUIRY, self._inquire),
            (keys.REVIEW_EVIDENCE, OnPiece(on_evidence, "review")),
            (keys.EXCLUDE_EVIDENCE, OnPiece(on_evidence, "exclude")),
            (keys.ATTACH, self._attach),
            (keys.FILTER, self._search.begin), (keys.CLEAR, self._search.leave),
        )  # fmt: skip

    # what is shown

    def _show_sections(self, words: str | None = None) -> None:
        found = self._by_name.section()
        self._desk.set_sections(case_sections(self._text, self._roles, words, found))

    def _counted(self, totals: tuple[int, ...]) -> None:
        names = [one.key for one in self._desk.model.sections()]
        counts = dict(zip(names, totals, strict=False))
        self._header.set_summary(
            self._text(
                "cases.summary", review=counts.get("to_review", 0),
                overdue=counts.get("overdue", 0),
            )
        )  # fmt: skip
        is_empty = not any(totals)
        self._list.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        self._empty.set_text(
            self._text("cases.empty.filter" if self._search.words else "cases.empty")
        )

    def _show(self, view: RecordView | None) -> None:
        self.page.show_case(view)
        self._following.shows(view)

    # news

    def _news(self, changed: Changed) -> None:
        self._desk.news(changed)
        self.page.news(changed)

    def go_to(self, record: RecordId) -> None:
        """Bring a case under the hand, wherever it lies."""
        self._by_name.go_to(record)

    def _made(self, made: Made) -> None:
        if made.kind is Kind.CASE:
            self.go_to(made.record)

    # acting

    def _act(self) -> None:
        if self._desk.current is not None and self.page.next is not None and self.page.law.may_act:
            self._acting.press(self._desk.current, self.page.next)

    def _return(self) -> None:
        is_offered = any(one.transition == "return_review" for one in self.page.offers)
        if self._desk.current is not None and is_offered:
            self._acting.press(self._desk.current, "return_review")

    def _more(self) -> None:
        if self._desk.current is not None:
            self._acting.list_acts(self._desk.current, self.page.offers)

    def _on_evidence(self, act: str) -> None:
        if self.page.evidence.desk.current is not None:
            self._acting.press(self.page.evidence.desk.current, act)

    def _inquire(self) -> None:
        self.inquiry.open(self._desk.current)

    def _attach(self) -> None:
        if self.case_id is not None:
            self.attaching.ask(self.case_id)

    def _refused(self, spoken: Spoken) -> None:
        self.page.head.show_refused(spoken)
        self._desk.refresh()

    # the shell's

    def save(self) -> Json:
        """What a workspace keeps: how wide the parts are."""
        return {"queue": [*self._split.sizes()], "page": [*self.page.sizes()]}

    def restore(self, saved: Json) -> None:
        """As it was left; another version's words are ignored."""
        kept = saved if isinstance(saved, dict) else {}
        for name, restore in (("queue", self._split.setSizes), ("page", self.page.set_sizes)):
            sizes = kept.get(name)
            if isinstance(sizes, list):
                restore([size for size in sizes if isinstance(size, int)])

    def shut_down(self) -> None:
        """The panel closes: subscriptions and keys end."""
        for one in (self._observation, self._following, *self._registered):
            one.close()
