"""The platforms panel 一主五副: six cards, what may be done with the chosen one, what was.

J K ─► another platform      Enter ─► take it over (form), or hand it back      U takes it back
a custody selected elsewhere ─► its town      while a form stands no other platform is chosen
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from plugins.platforms.card import PlatformCard
from plugins.platforms.reading import Reading
from plugins.platforms.standing import Standing, Words
from ui.records import (
    UNDO_S,
    Following,
    FormQuestion,
    FormSheet,
    PanelHeader,
    Sentences,
    Spoken,
    TakeBack,
)
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face
from ui.widgets import Banner, BannerTone, Button, ButtonKind, Text, ThreadList, UndoBar, wrapped
from xiuzhou_desktop.client.views import Changed, Draft
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.custody import CustodyBody, HandBack, TakeOver
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, Struct, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Action, PanelContext
from xiuzhou_desktop.plugin_api.finding import Way, by_id

ASK_MS = 10_000  # a link is measured to some seconds, too
COLUMNS = 3
WAYS = (Way(of=Kind.CUSTODY, find=by_id(Kind.CUSTODY)),)
KEEP_FOR = timedelta(hours=2)  # what the form proposes
NEXT = Action(id="platforms.next", text="platforms.next", icon="arrow-down", keys=("J", "Right"))
PREVIOUS = Action(
    id="platforms.previous", text="platforms.previous", icon="arrow-up", keys=("K", "Left")
)
ACT = Action(
    id="platforms.act", text="platforms.act", icon="shield-check", keys=("Return", "Enter")
)
UNDO = Action(
    id="platforms.undo", text="platforms.undo", icon="arrow-back-up", keys=("U", "Ctrl+Z"),
    in_key_bar=False,
)  # fmt: skip


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return PlatformsPanel(context)


class Asked(Struct, frozen=True, kw_only=True):
    """What the form that stands is for: the act as its title named it, and the draft of it that
    wants only the arguments.
    """

    act: str
    draft: Draft


class PlatformsPanel(QWidget):
    """The hub's eye on its towns; a town reads in it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._words, self._sentences = Words(context.text), Sentences(context.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reading, self._chosen = Reading(self, context), SCOPES[1]
        self._standings: tuple[Standing, ...] = ()
        self._asked: Asked | None = None
        self._header = PanelHeader(self._text("platforms.title"), self._text)
        self._old = Banner("wifi-off", "", "", BannerTone.OFFLINE)
        self._cards = {scope: PlatformCard(scope) for scope in SCOPES}
        self._past_title = Text(self._text("platforms.past.title"), Ink("text2", Face.LABEL))
        self._past = ThreadList()
        self._past_none = wrapped(self._text("platforms.past.none"), Ink("text2"))
        self._refusal = wrapped("", Ink("refused"))
        self._undo_bar = UndoBar(self._text("platforms.undo"), "U")
        self.primary = Button("", key="Enter", kind=ButtonKind.PRIMARY, height=40)
        self.form = FormSheet(self, context.text)
        self._take_back = TakeBack(
            self, self._undo_bar, context.engine, self._text("platforms.too_late")
        )
        self._timer = QTimer(self, interval=ASK_MS)
        self._lay_out()
        self._connect()
        self._registered = [context.actions.register(one, run) for one, run in self._key_table()]
        self._observation = context.engine.observe(self._news)
        self._following = Following(self, context, WAYS, self._show_followed)
        self._show()
        self._following.again()

    @property
    def standing(self) -> Standing:
        """The chosen platform."""
        return next(one for one in self._standings if one.scope == self._chosen)

    def shut_down(self) -> None:
        """The panel closes."""
        self._timer.stop()
        for one in (self._observation, self._following, *self._registered):
            one.close()

    # layout and wiring

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(px(12), px(12), px(12), px(12))
        grid.setSpacing(px(12))
        for place, card in enumerate(self._cards.values()):
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
        for at in range(COLUMNS):
            grid.setColumnStretch(at, 1)
        past = QVBoxLayout()
        past.setContentsMargins(px(16), 0, px(16), px(8))
        past.setSpacing(px(6))
        past.addWidget(self._past_title)
        past.addWidget(self._past)
        past.addWidget(self._past_none)
        past.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(12), px(8), px(12), px(10))
        foot.addWidget(self._refusal, 1)
        foot.addWidget(self._undo_bar, 1)
        foot.addWidget(self.primary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header, self._old):
            column.addWidget(part)
        column.addLayout(grid)
        column.addLayout(past, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        for card in self._cards.values():
            card.chosen.connect(self._choose)
        self.primary.clicked.connect(self._act)
        self.form.submitted.connect(self._filled)
        self._reading.told.connect(self._show)
        self._take_back.taken.connect(lambda _record: self._reading.read())
        self._take_back.refused.connect(self._show_refused)
        self._timer.timeout.connect(self.refresh)

    def _key_table(self) -> tuple[tuple[Action, Callable[[], None]], ...]:
        return (
            (NEXT, lambda: self._step(+1)), (PREVIOUS, lambda: self._step(-1)), (ACT, self._act),
            (UNDO, self._take_back),
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _news(self, changed: Changed) -> None:
        if self.isVisible() and (changed.is_wholesale or Kind.CUSTODY in changed.kinds):
            self._reading.read()

    # choosing

    def _step(self, by: int) -> None:
        self._choose(SCOPES[(SCOPES.index(self._chosen) + by) % len(SCOPES)])

    def _choose(self, scope: str) -> None:
        if self._is_asking():
            return
        self._chosen = Scope(scope)
        self._show_refused(None)
        self._show()

    def _show_followed(self, record: Record) -> None:
        if self.form.isHidden():
            self._choose(body_of(record, CustodyBody).town)

    # showing

    def refresh(self) -> None:
        """Ask again now."""
        self._reading.refresh()

    def _show(self) -> None:
        seen = self._reading.seen
        self._standings = self._words.standings(seen, self._context.clock.now())
        for one in self._standings:
            self._cards[one.scope].show_standing(one)
            self._cards[one.scope].set_chosen(self._chosen)
        self._header.set_summary(self._words.summary(self._standings, seen))
        one = self.standing
        self.setAccessibleName(one.name)
        self.setAccessibleDescription(self._cards[one.scope].accessibleDescription())
        key = "platforms.hand_back" if one.held else "platforms.take_over"
        self.primary.set_text(self._text(key, town=one.name))
        self.primary.set_reason(self._hindrance(one))
        self._show_fault()
        self._show_past()

    def _show_fault(self) -> None:
        seen = self._reading.seen
        self._old.setVisible(seen.fault is not None)
        if seen.fault is not None:
            said = self._words.unanswered(seen.fault, seen)
            self._old.set_look(said.icon, said.tone)
            self._old.set_texts(said.strong, said.text)

    def _show_past(self) -> None:
        local = self._reading.seen.local
        past = [self._words.past(one) for one in local.ended] if local else []
        self._past.set_entries(past)
        self._past.setVisible(bool(past))
        self._past_title.setVisible(local is not None)
        self._past_none.setVisible(local is not None and not past)

    def _hindrance(self, one: Standing) -> str | None:
        if grant_for(DISTRICT, KindGroup.BASE) not in self._context.engine.signed.grants:
            return self._text("platforms.hub_only")
        if not one.is_town:
            return self._text("platforms.hub_itself")
        return self._text("platforms.not_read") if self._reading.seen.local is None else None

    def _show_refused(self, spoken: Spoken | None) -> None:
        said = (spoken.text, spoken.remedy) if spoken else ()
        self._refusal.setText(" ".join(one for one in said if one))

    # acting

    def _is_asking(self) -> bool:
        """Whether a form stands; it has the keyboard again where it may be written in."""
        self.form.come_back()
        return not self.form.isHidden()

    def _act(self) -> None:
        """Enter: whichever of the two stands to be done."""
        if self.primary.reason is not None or self._is_asking():
            return
        one, act = self.standing, self.primary.text()
        self._asked = Asked(act=act, draft=_draft(one))
        if one.held is not None:
            self.form.ask(FormQuestion(kind=Kind.CUSTODY, form=HandBack, title=act))
            return
        until = format_instant(self._context.clock.now() + KEEP_FOR)
        self.form.ask(
            FormQuestion(
                kind=Kind.CUSTODY, form=TakeOver, title=act, skip=("town",),
                values={"town": one.scope, "until": until},
            )
        )  # fmt: skip

    def _filled(self, args: dict[str, Json]) -> None:
        if self._asked is not None:
            start(self._submit(self._asked, args), owner=self)

    async def _submit(self, asked: Asked, args: dict[str, Json]) -> None:
        draft = msgspec.structs.replace(asked.draft, args=args)
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            self.form.show_refusal(self._sentences.refusal(submitted.refusal).text)
            return
        self.form.close_form()
        if submitted.command is not None:
            said = self._text("platforms.saved", act=asked.act, seconds=UNDO_S)
            self._take_back.offer((submitted.command,), said)
        self._reading.read()


def _draft(one: Standing) -> Draft:
    """What is to be done to that platform, as the screen shows it."""
    if one.held is None:
        return Draft(kind=Kind.CUSTODY, record=None, transition="take_over", hold_s=UNDO_S)
    return Draft(
        kind=Kind.CUSTODY, record=one.held.record.id, transition="hand_back", hold_s=UNDO_S,
        seen=one.held.seen,
    )  # fmt: skip
