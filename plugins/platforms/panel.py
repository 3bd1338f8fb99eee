"""The platforms panel 一主五副: six cards, what may be done with the chosen one, what was.

J K ─► another platform      Enter ─► take it over (form), or hand it back      U takes it back
"""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from plugins.platforms.card import PlatformCard
from plugins.platforms.standing import Seen, Standing, Words
from ui.records import UNDO_S, FormQuestion, FormSheet, PanelHeader, Sentences, Spoken, TakeBack
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face
from ui.widgets import Banner, BannerTone, Button, ButtonKind, Text, ThreadList, UndoBar, wrapped
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Changed, Draft, Order, RecordQuery
from xiuzhou_desktop.contract.platforms import PlatformLink
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.custody import HandBack, TakeOver
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.plugin_api.context import Action, PanelContext

ASK_MS = 10_000  # a link is measured to some seconds, too
COLUMNS, PAST = 3, 6
KEEP_FOR = timedelta(hours=2)  # what the form proposes
WORK = (Kind.FLAG, Kind.ORDER)
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


class PlatformsPanel(QWidget):
    """The hub's eye on its towns; a town reads in it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._words, self._sentences = Words(context.text), Sentences(context.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._seen, self._chosen = Seen(), SCOPES[1]
        self._standings: tuple[Standing, ...] = ()
        self._header = PanelHeader(self._text("platforms.title"), self._text)
        self._old = Banner("wifi-off", self._text("platforms.old"), "", BannerTone.OFFLINE)
        self._cards = {scope: PlatformCard(scope) for scope in SCOPES}
        self._past_title = Text(self._text("platforms.past.title"), Ink("text2", Face.LABEL))
        self._past = ThreadList()
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
        self._show()

    @property
    def standing(self) -> Standing:
        """The chosen platform."""
        return next(one for one in self._standings if one.scope == self._chosen)

    def shut_down(self) -> None:
        """The panel closes."""
        self._timer.stop()
        for one in (self._observation, *self._registered):
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
        self._take_back.taken.connect(lambda _record: self.refresh())
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
            self.refresh()

    def _step(self, by: int) -> None:
        self._choose(SCOPES[(SCOPES.index(self._chosen) + by) % len(SCOPES)])

    def _choose(self, scope: str) -> None:
        self._chosen = Scope(scope)
        self._show_refused(None)
        self._show()

    # reading

    def refresh(self) -> None:
        """Ask again now."""
        start(self._read(), owner=self)

    async def _read(self) -> None:
        engine = self._context.engine
        page = await engine.query(RecordQuery(kinds=(Kind.CUSTODY,), is_open=True))
        readable = [s for s in SCOPES if grant_for(s, KindGroup.DISPATCH) in engine.signed.grants]
        counts = await engine.counts(
            tuple(RecordQuery(kinds=WORK, is_open=True, scopes=(one,)) for one in readable)
        )
        ended = await engine.query(
            RecordQuery(kinds=(Kind.CUSTODY,), is_open=False, order=Order.NEWEST, limit=PAST)
        )
        told = await self._links()
        self._seen = Seen(
            links=self._seen.links if told is None else told,
            told_at=self._seen.told_at if told is None else self._context.clock.now(),
            custodies=page.views, waiting=dict(zip(readable, counts, strict=True)),
        )  # fmt: skip
        self._old.set_texts(self._text("platforms.old"), self._words.told(self._seen))
        self._old.setVisible(told is None)
        self._past.set_entries([self._words.past(one.record) for one in ended.views])
        self._past_title.setVisible(bool(ended.views))
        self._show()

    async def _links(self) -> dict[Scope, PlatformLink] | None:
        """What the server says; None where it cannot be asked."""
        try:
            return {one.scope: one for one in (await self._context.engine.platforms()).platforms}
        except ClientError:
            return None

    def _show(self) -> None:
        self._standings = self._words.standings(self._seen, self._context.clock.now())
        for one in self._standings:
            self._cards[one.scope].show_standing(one)
            self._cards[one.scope].set_chosen(self._chosen)
        self._header.set_summary(self._words.summary(self._standings, self._seen))
        one = self.standing
        self.setAccessibleName(one.name)
        self.setAccessibleDescription(self._cards[one.scope].accessibleDescription())
        key = "platforms.hand_back" if one.held else "platforms.take_over"
        self.primary.set_text(self._text(key, town=one.name))
        self.primary.set_reason(self._hindrance(one))

    def _hindrance(self, one: Standing) -> str | None:
        if grant_for(DISTRICT, KindGroup.BASE) not in self._context.engine.signed.grants:
            return self._text("platforms.hub_only")
        return None if one.is_town else self._text("platforms.hub_itself")

    def _show_refused(self, spoken: Spoken | None) -> None:
        said = (spoken.text, spoken.remedy) if spoken else ()
        self._refusal.setText(" ".join(one for one in said if one))

    # acting

    def _act(self) -> None:
        """Enter: whichever of the two stands to be done."""
        if self.primary.reason is not None or self.form.come_back():
            return
        one = self.standing
        title = self.primary.text()
        if one.held is not None:
            self.form.ask(FormQuestion(kind=Kind.CUSTODY, form=HandBack, title=title))
            return
        until = format_instant(self._context.clock.now() + KEEP_FOR)
        self.form.ask(
            FormQuestion(
                kind=Kind.CUSTODY, form=TakeOver, title=title, skip=("town",),
                values={"town": one.scope, "until": until},
            )
        )  # fmt: skip

    def _filled(self, args: dict[str, Json]) -> None:
        one = self.standing
        draft = Draft(
            kind=Kind.CUSTODY, record=None, transition="take_over", args=args, hold_s=UNDO_S
        )
        if one.held is not None:
            draft = Draft(
                kind=Kind.CUSTODY, record=one.held.record.id, transition="hand_back", args=args,
                hold_s=UNDO_S, seen=one.held.seen,
            )  # fmt: skip
        start(self._submit(draft, self.primary.text()), owner=self)

    async def _submit(self, draft: Draft, act: str) -> None:
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            self.form.show_refusal(self._sentences.refusal(submitted.refusal).text)
            return
        self.form.close_form()
        if submitted.command is not None:
            self._take_back.offer((submitted.command,), self._text("platforms.saved", act=act))
        self.refresh()
