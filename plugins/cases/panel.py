"""The case review panel 案件审核: queue | evidence | document | checklist and law.

    selected ─► the file: officers, proof ─► checklist of the next step, limits, thread, paper
    Ctrl+Enter ─► Acting ─► engine.submit        Ctrl+Backspace ─► return with reasons

Wires the parts together; what they show stands in their own files.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from plugins.cases import actions as keys
from plugins.cases.acting import Acting, Made
from plugins.cases.case_head import CaseHead
from plugins.cases.case_search import CaseSearch
from plugins.cases.delegates import CaseDelegate
from plugins.cases.evidence_column import EvidenceColumn
from plugins.cases.law_column import ActsShown, LawColumn
from plugins.cases.paper_column import PaperColumn
from plugins.cases.presses import Make, OnPiece, Piece
from plugins.cases.rows import CaseRows
from plugins.cases.sections import case_sections
from plugins.cases.steps import checked_step, next_act
from plugins.cases.thread import thread_of
from ui.records import PanelHeader, RecordDesk, RecordListView, Sentences, Spoken
from ui.start import start
from ui.theme.theme import px
from ui.widgets import EmptyState
from xiuzhou_desktop.client.views import Changed, Offer, RecordView
from xiuzhou_desktop.documents import PaperFacts
from xiuzhou_desktop.domain import case_law as law
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure
from xiuzhou_desktop.domain.case_rules import CaseFile, Check, checklist
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceRole
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.plugin_api.context import Action, PanelContext, Scheme, Selected
from xiuzhou_desktop.plugin_api.subjects import selected_record

QUEUE_PX, EVIDENCE_PX, PAPER_PX, LAW_PX = 300, 420, 640, 496
NARROW_QUEUE_PX, NARROW_LAW_PX = 260, 400
NARROW_BELOW_PX = 1500  # evidence and document share a place (look.md §6.4)
FAST_STATES = frozenset({CaseState.FILED, CaseState.INVESTIGATING, CaseState.INVESTIGATION_DONE})


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return CasesPanel(context)


class CasesPanel(QWidget):
    """One person's cases."""

    unseen_changed = Signal(int, int)
    shown = Signal(str)  # id of the case whose page is complete

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        signed = context.engine.signed
        day = f"{context.clock.now().astimezone():%Y-%m-%d}"
        watermark = f"{signed.account.name} {signed.workstation} {day}"
        self._roles = frozenset(context.engine.signed.account.roles)
        self._header = PanelHeader(self._text("cases.title"), context.text)
        self._search = CaseSearch(self._header, context.text)
        self._rows = CaseRows(context.text, context.engine, context.clock.now)
        self._list = RecordListView(CaseDelegate())
        self._list.setAccessibleName(self._text("cases.queue"))
        self._desk = RecordDesk(self._list, context.engine, context.clock, self._rows)
        self._empty = EmptyState("")
        self._head = CaseHead(context.text)
        self._evidence = EvidenceColumn(context, watermark)
        self._paper = PaperColumn(context)
        self._law = LawColumn(context)
        self._found: RecordId | None = None
        self._offers: tuple[Offer, ...] = ()
        self._next: str | None = None
        self._file: CaseFile | None = None
        self._lay_out()
        self._acting = Acting(self, self._stage, context)
        self._connect()
        self._registered = [context.actions.register(*row) for row in self._key_table()]
        self._observation = context.engine.observe(self._news)
        self._selected = context.selection.observe(self._follow)
        self._show_sections()

    # layout

    def _lay_out(self) -> None:
        queue = QWidget()
        queue_column = QVBoxLayout(queue)
        queue_column.setContentsMargins(0, 0, 0, 0)
        queue_column.addWidget(self._list, 1)
        queue_column.addWidget(self._empty, 1)
        self._empty.hide()
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(self._text("cases.title"))
        self._inner = QSplitter()
        self._outer = QSplitter()
        for split in (self._inner, self._outer):
            split.setChildrenCollapsible(False)
            split.setHandleWidth(1)
        for part in (self._evidence, self._paper, self._law):
            self._inner.addWidget(part)
        self._stage = QWidget()
        stage = QVBoxLayout(self._stage)
        stage.setContentsMargins(0, 0, 0, 0)
        stage.setSpacing(0)
        stage.addWidget(self._head)
        stage.addWidget(self._inner, 1)
        self._outer.addWidget(queue)
        self._outer.addWidget(self._stage)
        self._outer.setStretchFactor(1, 1)
        self._inner.setStretchFactor(1, 1)
        self._spread()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._outer, 1)
        self.setFocusProxy(self._list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < px(NARROW_BELOW_PX)
        if is_narrow != (self._tabs.count() > 0):
            self._fold() if is_narrow else self._unfold()

    def _fold(self) -> None:
        """Narrow: evidence and document share a place, I changes between them."""
        self._inner.insertWidget(0, self._tabs)
        self._tabs.addTab(self._evidence, self._text("cases.evidence"))
        self._tabs.addTab(self._paper, self._text("cases.paper"))
        self._outer.setSizes([NARROW_QUEUE_PX, self.width() - NARROW_QUEUE_PX])
        self._inner.setSizes([self.width() - NARROW_QUEUE_PX - NARROW_LAW_PX, NARROW_LAW_PX])

    def _unfold(self) -> None:
        self._inner.insertWidget(0, self._evidence)
        self._inner.insertWidget(1, self._paper)
        self._tabs.setParent(None)
        for part in (self._evidence, self._paper):
            part.show()
        self._spread()

    def _spread(self) -> None:
        self._outer.setSizes([QUEUE_PX, EVIDENCE_PX + PAPER_PX + LAW_PX])
        self._inner.setSizes([EVIDENCE_PX, PAPER_PX, LAW_PX])

    # wiring

    def _connect(self) -> None:
        self._search.changed.connect(self._show_sections)
        self._search.done.connect(self._list.setFocus)
        self._header.arrivals_accepted.connect(self._desk.accept_arrivals)
        self._desk.selected.connect(self._show)
        self._desk.counted.connect(self._counted)
        self._desk.arrived.connect(self._header.set_arrivals)
        self._law.act_pressed.connect(self._act)
        self._law.return_pressed.connect(self._return)
        self._law.more_pressed.connect(self._more)
        self._acting.refused.connect(self._refused)
        self._acting.saved.connect(self._desk.refresh)
        self._acting.made.connect(self._made)
        self._evidence.counted.connect(self._checked)

    def _key_table(self) -> tuple[tuple[Action, Callable[[], None]], ...]:
        evidence = tuple(
            (action, Piece(self._evidence, number))
            for number, action in enumerate(keys.EVIDENCE_KEYS)
        )
        make, on_evidence = self._acting.make, self._on_evidence
        return (
            *evidence,
            (keys.NEXT, self._desk.next), (keys.PREVIOUS, self._desk.previous),
            (keys.ACT, self._act), (keys.RETURN, self._return), (keys.MORE, self._more),
            (keys.TURN, self._paper.turn), (keys.EXPORT, self._paper.export),
            (keys.DETAILS, self._turn_tab),
            (keys.LEAD, Make(make, Kind.CASE, "register_lead")),
            (keys.ON_THE_SPOT, Make(make, Kind.CASE, "record_on_the_spot")),
            (keys.PARTY, Make(make, Kind.PARTY, "register")),
            (keys.REVIEW_EVIDENCE, OnPiece(on_evidence, "review")),
            (keys.EXCLUDE_EVIDENCE, OnPiece(on_evidence, "exclude")),
            (keys.FILTER, self._search.begin), (keys.CLEAR, self._search.leave),
        )  # fmt: skip

    # what is shown

    def _show_sections(self, words: str | None = None) -> None:
        self._desk.set_sections(case_sections(self._text, self._roles, words, self._found))

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
        self._head.show_case(view, self._rows)
        self._file = None
        if view is None:
            self._context.selection.select(None)
            self._paper.show_case(None, PaperFacts())
            self._law.show_acts(ActsShown())
            start(self._evidence.show_case(None), owner=self)
            return
        self._context.selection.select(selected_record(view.record))
        start(self._fill(view), owner=self._stage)

    async def _fill(self, view: RecordView) -> None:
        """The file of a case; what was asked for another one meanwhile is dropped."""
        engine, record = self._context.engine, view.record
        await self._evidence.show_case(record.id)
        file = await self._file_of(view)
        offers = await engine.offers(record.kind, record.id)
        thread = await thread_of(view, engine, self._text, self._sentences)
        if self._desk.current is None or self._desk.current.record.id != record.id:
            return
        self._offers = offers
        self._next = next_act(record, engine.policy, offers)
        self._file = file
        self._law.show_limits(file)
        self._law.show_thread(thread)
        self._show_law(file)
        names = tuple(one.title for one in file.officers)
        facts = PaperFacts(
            officers=names, proofs=self._evidence.proof_titles,
            is_demonstration=engine.link.demo,
        )  # fmt: skip
        self._paper.show_case(view, facts)
        self._head.show_steps(record, engine.policy, engine.calendar)
        self.shown.emit(record.id)

    def _checks(self, step: str, file: CaseFile) -> tuple[Check, ...]:
        """What the law asks of the step; before it, that every file is what it was when taken."""
        if not file.record.is_open:
            return ()
        changed = self._evidence.changed
        whole = Check(
            slug="evidence-changed", article=law.PROOF, is_met=not changed,
            facts={"titles": "、".join(changed)},
        )  # fmt: skip
        asked = checklist(step, file)
        return (*asked, whole) if whole.is_met else (whole, *asked)

    def _checked(self) -> None:
        """A file was opened: the checklist says whether it is whole."""
        if self._file is not None:
            self._show_law(self._file)

    async def _file_of(self, view: RecordView) -> CaseFile:
        body = view.record.body
        assert isinstance(body, CaseBody)
        found = [await self._context.engine.get(Kind.OFFICER, one) for one in body.officers]
        return CaseFile(
            record=view.record, body=body,
            officers=tuple(one.record for one in found if one is not None),
            proofs=tuple(one.record for one in self._evidence.views if is_proof(one.record)),
            now=self._context.clock.now(), policy=self._context.engine.policy,
        )  # fmt: skip

    def _show_law(self, file: CaseFile) -> None:
        step = checked_step(file.record, self._next)
        checks = self._checks(step, file)
        self._law.show_checks(step, checks)
        is_matter = file.body.procedure is Procedure.ORDINARY and file.record.state in FAST_STATES
        self._law.show_fast_track(checklist("fast_track", file) if is_matter else ())
        names = {offer.transition for offer in self._offers}
        self._law.show_acts(
            ActsShown(
                next=self._next, blocked=self._blocked(file, checks, step),
                may_return="return_review" in names, has_more=bool(names),
            )
        )  # fmt: skip

    def _blocked(self, file: CaseFile, checks: tuple[Check, ...], step: str) -> Spoken | None:
        """Why the next act cannot be done now: the role, or the first unmet requirement."""
        if self._next is None:
            return None
        if self._next not in {offer.transition for offer in self._offers}:
            row = KINDS[Kind.CASE].transition(self._next)
            names = sorted(self._sentences.role(one.value) for one in row.roles) if row else []
            return Spoken(text=self._text("cases.other_role", roles="、".join(names)))
        own = checks if step == self._next else self._checks(self._next, file)
        unmet = next((one for one in own if not one.is_met), None)
        return self._sentences.refusal(refusal_of(unmet)) if unmet else None

    # news and selection

    def _news(self, changed: Changed) -> None:
        self._desk.news(changed)
        self._evidence.news(changed)
        current = self._desk.current
        if current is not None and Kind.EVIDENCE in changed.kinds:
            start(self._fill(current), owner=self._stage)

    def _follow(self, selected: Selected | None) -> None:
        """Another panel or the palette selected a case, or something that leads to one."""
        case = selected.about(Scheme.CASE) if selected is not None else None
        current = self._desk.current
        if case and (current is None or current.record.id != case):
            self._find(RecordId(case))

    def _find(self, record: RecordId) -> None:
        start(self._reach(record), owner=self)

    async def _reach(self, record: RecordId) -> None:
        """Select a case wherever it lies; one that no open group holds gets one of its own."""
        position, is_listed = self._context.engine.position, False
        for one in self._desk.model.sections():
            if one.is_open:
                is_listed = is_listed or await position(one.query, record) is not None
        found = None if is_listed else record
        if found != self._found:
            self._found = found
            self._show_sections(self._search.words)
        self._desk.select(record)

    def _made(self, made: Made) -> None:
        if made.kind is Kind.CASE:
            self._find(made.record)

    # acting

    def _act(self) -> None:
        if self._desk.current is not None and self._next is not None and self._law.may_act:
            self._acting.press(self._desk.current, self._next)

    def _return(self) -> None:
        is_offered = any(one.transition == "return_review" for one in self._offers)
        if self._desk.current is not None and is_offered:
            self._acting.press(self._desk.current, "return_review")

    def _more(self) -> None:
        if self._desk.current is not None:
            self._acting.list_acts(self._desk.current, self._offers)

    def _on_evidence(self, act: str) -> None:
        if self._evidence.desk.current is not None:
            self._acting.press(self._evidence.desk.current, act)

    def _refused(self, spoken: Spoken) -> None:
        self._head.show_refused(spoken)
        self._desk.refresh()

    def _turn_tab(self) -> None:
        if self._tabs.count():
            self._tabs.setCurrentIndex(1 - self._tabs.currentIndex())

    # the shell's

    def save(self) -> Json:
        """What a workspace keeps: how wide the parts are."""
        return {"outer": [*self._outer.sizes()], "inner": [*self._inner.sizes()]}

    def restore(self, saved: Json) -> None:
        """As it was left; another version's words are ignored."""
        for name, split in (("outer", self._outer), ("inner", self._inner)):
            sizes = saved.get(name) if isinstance(saved, dict) else None
            if isinstance(sizes, list) and len(sizes) == split.count():
                split.setSizes([int(size) for size in sizes if isinstance(size, int)])

    def shut_down(self) -> None:
        """The panel closes: subscriptions and keys end."""
        for one in (self._observation, self._selected, *self._registered):
            one.close()


def is_proof(record: Record) -> bool:
    """Whether a piece of evidence counts as proof."""
    body = record.body
    return record.is_open and isinstance(body, EvidenceBody) and body.role is EvidenceRole.PROOF


def refusal_of(check: Check) -> Refusal:
    """An unmet requirement, as the judge would refuse it."""
    return Refusal(slug=check.slug, facts=check.facts, article=check.article)
