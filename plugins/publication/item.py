"""The right side: one decision as original and public notice, its masks, and what may be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from plugins.publication.acts import ACTS, SIGNATURES, Act, Acts
from plugins.publication.mask_table import MaskDesk
from plugins.publication.notice_text import NumberedMask, Side, document, numbered_masks
from plugins.publication.preview import Preview
from ui.records import Sentences, Spoken
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, ElidedText, EmptyState, Rule, UndoBar, wrapped
from ui.widgets import Text as Label
from xiuzhou_desktop.client.views import Offer, RecordView
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.publication_body import (
    PublicationBody,
    PublicationState,
    hidden_in,
    leaks_in,
    public_notice,
)
from xiuzhou_desktop.domain.redaction import MaskRule
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import PanelContext

MASKS_PX = 190
BUTTON_PX = 40


class Item(QFrame):
    """One decision at a time."""

    pressed = Signal(object)  # Act

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self.record: RecordId | None = None  # whose notice stands here with what may be done
        self._acts = Acts()
        self._leaks: dict[MaskRule, int] = {}
        self.setProperty("surface", "panel")
        self._number = Label("", Ink("text1", Face.BODY, Weight.BOLD))
        self._summary = ElidedText("", Ink("text2", Face.LABEL))
        self.preview = Preview(context.text)
        self.masks = MaskDesk(context.text)
        self.masks.setFixedHeight(px(MASKS_PX))
        self._signature = wrapped("", Ink("text2"))
        self._refusal = wrapped("", Ink("refused"))
        self._refusal.hide()
        self.secondary = Button(
            "", key="Ctrl+Backspace", icon_name="arrow-back-up", height=BUTTON_PX
        )
        self.primary = Button("", key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=BUTTON_PX)
        self.primary.clicked.connect(self.press_primary)
        self.secondary.clicked.connect(self.press_secondary)
        self.undo_bar = UndoBar(context.text("publication.undo"), "U")
        self._empty = EmptyState(context.text("publication.empty.item"))
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), px(4))
        head.setSpacing(px(12))
        head.addWidget(self._number)
        head.addWidget(self._summary, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(12), px(8), px(12), px(10))
        foot.setSpacing(px(8))
        foot.addWidget(self._signature)
        foot.addWidget(self._refusal)
        foot.addWidget(self.undo_bar)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.secondary, 1)
        buttons.addWidget(self.primary, 1)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._parts = (self.preview, self.masks)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addWidget(Rule())
        column.addWidget(self.masks)
        column.addWidget(Rule())
        column.addLayout(foot)
        column.addWidget(self._empty, 1)

    def show_nothing(self) -> None:
        """No decision is selected."""
        self.record = None
        self._number.setText("")
        self._summary.set_text("")
        self._signature.setText("")
        self._set_acts(Acts())
        for part in self._parts:
            part.hide()
        self._empty.show()

    def show_case(self, view: RecordView, case: CaseBody | None, by_hand: tuple[str, ...]) -> None:
        """The decision; `case` None: its file is not on this computer."""
        body = body_of(view.record, PublicationBody)
        self._number.setText(body.decision_no)
        self._signature.setText(self._signed(view, body))
        self._set_acts(ACTS[view.record.state] if case is not None else Acts())
        self._empty.setVisible(case is None)
        self._empty.set_text(self._text("publication.empty.case"))
        for part in self._parts:
            part.setVisible(case is not None)
        if case is not None:
            masks = numbered_masks(case, by_hand)
            self._summary.set_text(self._text("publication.summary.masks", count=len(masks)))
            self._show_masks(case, masks, by_hand)

    def _show_masks(
        self, case: CaseBody, masks: tuple[NumberedMask, ...], by_hand: tuple[str, ...]
    ) -> None:
        self.preview.original.show_paragraphs(document(case, masks, Side.ORIGINAL, self._text))
        self.preview.public.show_paragraphs(document(case, masks, Side.PUBLISHED, self._text))
        self.masks.table.show_masks(masks)
        notice, hidden = public_notice(case, by_hand), hidden_in(case, by_hand)
        self._leaks = leaks_in(notice, hidden)
        self.masks.scan.show_leaks(self._leaks)

    def show_offers(self, record: RecordId, offers: tuple[Offer, ...]) -> None:
        """What the rules allow this person now; a button that may not be pressed says why."""
        self.record = record
        by_name = {offer.transition: offer for offer in offers}
        for button, act in (
            (self.primary, self._acts.primary),
            (self.secondary, self._acts.secondary),
        ):
            if act is not None:
                button.set_reason(self._reason(act, by_name.get(act.transition)))

    def show_refused(self, spoken: Spoken | None) -> None:
        """What was just refused, with what to do; None takes it away."""
        said = (spoken.text, spoken.article, spoken.remedy) if spoken else ()
        self._refusal.setText(" · ".join(part for part in said if part))
        self._refusal.setVisible(spoken is not None)

    def press_primary(self) -> None:
        """Ctrl+Enter."""
        self._press(self.primary, self._acts.primary)

    def press_secondary(self) -> None:
        """Ctrl+Backspace."""
        self._press(self.secondary, self._acts.secondary)

    def _press(self, button: Button, act: Act | None) -> None:
        if act is None:
            return
        if button.reason is not None:
            self.show_refused(Spoken(text=button.reason))
            return
        self.pressed.emit(act)

    def _set_acts(self, acts: Acts) -> None:
        self._acts = acts
        for button, act in ((self.primary, acts.primary), (self.secondary, acts.secondary)):
            button.setVisible(act is not None)
            if act is not None:
                button.set_text(self._text(act.text))
                button.set_reason(None)
        self.show_refused(None)

    def _reason(self, act: Act, offer: Offer | None) -> str | None:
        if offer is None:
            return self._text("publication.not_yours")
        if act in SIGNATURES and self._leaks:
            return self._text("publication.scan.found")
        if offer.refusal is None or offer.required:
            return None  # what its form or the panel fills in is judged then
        return self._sentences.refusal(offer.refusal).text

    def _signed(self, view: RecordView, body: PublicationBody) -> str:
        """Who signed, who must sign, until when."""
        until = self._sentences.day_hm(body.publish_by)
        if view.record.state == PublicationState.MASKED and body.masked_at:
            at = self._sentences.day_hm(body.masked_at)
            return self._text(
                "publication.signed.once", name=body.masked_by_name or "", at=at, until=until
            )
        if body.confirmed_at and body.masked_by_name:
            at = self._sentences.day_hm(body.confirmed_at)
            return self._text(
                "publication.signed.twice", first=body.masked_by_name,
                second=body.confirmed_by_name or "", at=at,
            )  # fmt: skip
        return self._text("publication.signed.never", until=until)
