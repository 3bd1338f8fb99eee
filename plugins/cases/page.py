"""One case's page: its head and way, evidence, paper, and the law beside it.

    case ─► file (officers, proof) ─► checklist of the next step, limits, thread, paper

Wide, the three columns stand side by side; narrow, evidence and document share a place.
"""

from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from plugins.cases.case_head import CaseHead
from plugins.cases.evidence_column import EvidenceColumn
from plugins.cases.law_column import ActsShown, LawColumn
from plugins.cases.paper_column import PaperColumn
from plugins.cases.rows import CaseRows
from plugins.cases.steps import checked_step, next_act
from plugins.cases.thread import thread_of
from ui.records import Sentences, Spoken
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Offer, RecordView
from xiuzhou_desktop.documents import PaperFacts
from xiuzhou_desktop.domain import case_law as law
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure
from xiuzhou_desktop.domain.case_rules import CaseFile, Check, checklist
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceRole
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.plugin_api.context import PanelContext

EVIDENCE_PX, PAPER_PX, LAW_PX = 420, 640, 496
NARROW_LAW_PX = 400
THE_REVIEW_ITSELF = frozenset({"notice-not-reviewed", "review-missing"})
FAST_STATES = frozenset({CaseState.FILED, CaseState.INVESTIGATING, CaseState.INVESTIGATION_DONE})


class CasePage(QWidget):
    """The case before the officer."""

    def __init__(self, context: PanelContext, rows: CaseRows, watermark: str) -> None:
        super().__init__()
        self._context, self._text, self._rows = context, context.text, rows
        self._sentences = Sentences(context.text)
        self._view: RecordView | None = None
        self._file: CaseFile | None = None
        self.offers: tuple[Offer, ...] = ()
        self.next: str | None = None
        self.head = CaseHead(context.text)
        self.evidence = EvidenceColumn(context, watermark)
        self.paper = PaperColumn(context)
        self.law = LawColumn(context)
        self._tabs = QTabWidget()
        self._split = QSplitter()
        self._lay_out()
        self.evidence.counted.connect(self._checked)

    @property
    def is_complete(self) -> bool:
        """Whether the file, its law and its acts stand as they are now."""
        record = self._view.record if self._view is not None else None
        return self._file is not None and self._file.record == record

    # layout

    def _lay_out(self) -> None:
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(self._text("cases.title"))
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for part in (self.evidence, self.paper, self.law):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([EVIDENCE_PX, PAPER_PX, LAW_PX])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._split, 1)

    def fold(self) -> None:
        """Narrow: evidence and document share a place."""
        if self._tabs.count():
            return
        self._split.insertWidget(0, self._tabs)
        self._tabs.addTab(self.evidence, self._text("cases.evidence"))
        self._tabs.addTab(self.paper, self._text("cases.paper"))
        self._split.setSizes([self.width() - NARROW_LAW_PX, NARROW_LAW_PX])

    def unfold(self) -> None:
        """Wide: all three side by side."""
        if not self._tabs.count():
            return
        self._split.insertWidget(0, self.evidence)
        self._split.insertWidget(1, self.paper)
        self._tabs.setParent(None)
        for part in (self.evidence, self.paper):
            part.show()
        self._split.setSizes([EVIDENCE_PX, PAPER_PX, LAW_PX])

    def turn_tab(self) -> None:
        """Evidence or document, where they share a place."""
        if self._tabs.count():
            self._tabs.setCurrentIndex(1 - self._tabs.currentIndex())

    def sizes(self) -> list[int]:
        """How wide the columns are."""
        return [*self._split.sizes()]

    def set_sizes(self, sizes: list[int]) -> None:
        """As they were left."""
        if len(sizes) == self._split.count():
            self._split.setSizes(sizes)

    # what is shown

    def show_case(self, view: RecordView | None) -> None:
        """The case before the officer; None: none is."""
        self._view, self._file = view, None
        self.head.show_case(view, self._rows)
        if view is None:
            self.paper.show_case(None, PaperFacts())
            self.law.show_acts(ActsShown())
            start(self.evidence.show_case(None), owner=self)
            return
        start(self._fill(view), owner=self)

    def news(self, changed: Changed) -> None:
        """Follow the evidence; the case itself comes by `show_case`."""
        self.evidence.news(changed)
        if self._view is not None and Kind.EVIDENCE in changed.kinds:
            start(self._fill(self._view), owner=self)

    async def _fill(self, view: RecordView) -> None:
        """The file of a case; what was asked for another one meanwhile is dropped."""
        engine, record = self._context.engine, view.record
        await self.evidence.show_case(record)
        file = await self._file_of(view)
        offers = await engine.offers(record.kind, record.id)
        thread = await thread_of(view, engine, self._text, self._sentences)
        if self._view is None or self._view.record != record:
            return
        self.offers, self._file = offers, file
        self.next = next_act(record, engine.policy, offers)
        self.law.show_limits(file)
        self.law.show_thread(thread)
        self._show_law(file)
        self.paper.show_case(view, self._facts(file))
        self.head.show_steps(record, engine.policy, engine.calendar)
        self.evidence.check_files()

    def _facts(self, file: CaseFile) -> PaperFacts:
        return PaperFacts(
            officers=tuple(one.title for one in file.officers),
            proofs=self.evidence.proof_titles, is_demonstration=self._context.engine.link.demo,
        )  # fmt: skip

    async def _file_of(self, view: RecordView) -> CaseFile:
        body = view.record.body
        assert isinstance(body, CaseBody)
        found = [await self._context.engine.get(Kind.OFFICER, one) for one in body.officers]
        return CaseFile(
            record=view.record, body=body,
            officers=tuple(one.record for one in found if one is not None),
            proofs=tuple(one.record for one in self.evidence.views if is_proof(one.record)),
            awaited=self.evidence.awaited, now=self._context.clock.now(),
            policy=self._context.engine.policy,
        )  # fmt: skip

    # the law

    def _checked(self) -> None:
        """A file was opened: the checklist says whether it is whole."""
        if self._file is not None:
            self._show_law(self._file)

    def _show_law(self, file: CaseFile) -> None:
        step = checked_step(file.record, self.next)
        checks = self._checks(step, file)
        self.law.show_checks(step, checks)
        is_matter = file.body.procedure is Procedure.ORDINARY and file.record.state in FAST_STATES
        self.law.show_fast_track(checklist("fast_track", file) if is_matter else ())
        names = {offer.transition for offer in self.offers}
        self.law.show_acts(
            ActsShown(
                next=self.next, blocked=self._blocked(file, checks, step),
                may_return="return_review" in names, has_more=bool(names),
            )
        )  # fmt: skip

    def _checks(self, step: str, file: CaseFile) -> tuple[Check, ...]:
        """What the law asks of the step; before it, that every file is what it was when taken."""
        if not file.record.is_open:
            return ()
        changed = self.evidence.changed
        whole = Check(
            slug="evidence-changed", article=law.PROOF, is_met=not changed,
            facts={"titles": "、".join(changed)},
        )  # fmt: skip
        asked = checklist(step, file)
        if file.record.state == CaseState.LEGAL_REVIEW:
            asked = tuple(one for one in asked if one.slug not in THE_REVIEW_ITSELF)
        return (*asked, whole) if whole.is_met else (whole, *asked)

    def _blocked(self, file: CaseFile, checks: tuple[Check, ...], step: str) -> Spoken | None:
        """Why the next act cannot be done now: the role, or the first unmet requirement."""
        if self.next is None:
            return None
        if self.next not in {offer.transition for offer in self.offers}:
            row = KINDS[Kind.CASE].transition(self.next)
            names = sorted(self._sentences.role(one.value) for one in row.roles) if row else []
            return Spoken(text=self._text("cases.other_role", roles="、".join(names)))
        own = checks if step == self.next else self._checks(self.next, file)
        unmet = next((one for one in own if not one.is_met), None)
        return self._sentences.refusal(refusal_of(unmet)) if unmet else None


def is_proof(record: Record) -> bool:
    """Whether a piece of evidence counts as proof."""
    body = record.body
    return record.is_open and isinstance(body, EvidenceBody) and body.role is EvidenceRole.PROOF


def refusal_of(check: Check) -> Refusal:
    """An unmet requirement, as the judge would refuse it."""
    return Refusal(slug=check.slug, facts=check.facts, article=check.article)
