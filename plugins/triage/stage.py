"""The middle of the panel: who and where, pictures, the way of the levels, the verdict bar."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from plugins.triage.deadline import deadline_text
from plugins.triage.journey import journey
from plugins.triage.particulars import Particulars, is_told_in_words
from plugins.triage.pictures import Pictures
from plugins.triage.rows import colour_name, place_text, subject_text, type_text
from plugins.triage.verdicts import Asks, On, Verdict, verdicts_for
from ui.records import Sentences, Spoken, TimeTone
from ui.theme.textrun import Elide, Ink
from ui.theme.type import Face, Weight
from ui.widgets import (
    Banner,
    BannerTone,
    Button,
    ButtonKind,
    ElidedText,
    KeyButton,
    MarkLabel,
    PlateLabel,
    Stepper,
    Text,
    UndoBar,
    wrapped,
)
from xiuzhou_desktop.client.views import Offer, RecordView
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.plate import pretty_plate
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST_VERDICTS = 5
WAYS_BACK = frozenset({"void_notice", "reopen", "detach"})  # never the act that is proposed
TITLE = Ink("text1", Face.TITLE, Weight.BOLD)


class Stage(QWidget):
    """One item, ready to be judged."""

    pressed = Signal(object, object)  # Verdict, Offer | None

    def __init__(self, context: PanelContext, watermark: str) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._view: RecordView | None = None
        self._verdicts: tuple[Verdict, ...] = ()
        self._offers: dict[tuple[On, str], Offer] = {}
        self._is_behind = False
        self.pictures = Pictures(context, watermark)
        self._particulars = Particulars(context.text)
        self._mark = MarkLabel()
        self._type = Text("", TITLE)
        self._plate = PlateLabel()
        self._subject = Text("", TITLE)
        self._place = ElidedText("", Ink("text1", Face.BODY, elide=Elide.ElideMiddle))
        self._facts = Text("", Ink("text2", Face.LABEL))
        self._left = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        self._limit = wrapped("", Ink("text2", Face.LABEL))
        self._held = ""
        self._marked = Banner("list-check", "", "")
        self._said = Banner("circle-x", "", "", tone=BannerTone.REFUSED)
        self.read_button = Button(context.text("triage.action.read_reply"), key="Ctrl+Y")
        self._warned = Banner(
            "clock-exclamation", "", "", tone=BannerTone.NEUTRAL, button=self.read_button
        )
        self.undo_bar = UndoBar(context.text("triage.undo"), "U")
        self._stepper = Stepper()
        self._buttons = tuple(KeyButton(str(n), "") for n in range(1, MOST_VERDICTS + 1))
        for number, button in enumerate(self._buttons):
            button.clicked.connect(_Press(self, number))
            room = button.sizePolicy()  # a digit without a meaning here leaves its place empty
            room.setRetainSizeWhenHidden(True)
            button.setSizePolicy(room)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("bar", "panel")
        lines = QVBoxLayout(head)
        lines.setContentsMargins(12, 6, 12, 6)
        lines.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(12)
        for part in (self._mark, self._type, self._plate, self._subject):
            line.addWidget(part)
        line.addWidget(self._place, 1)
        line.addWidget(self._facts)
        line.addWidget(self._left)
        lines.addLayout(line)
        lines.addWidget(self._limit)
        keys = QHBoxLayout()
        keys.setContentsMargins(12, 8, 12, 8)
        keys.setSpacing(8)
        for button in self._buttons:
            keys.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        for bar in (self._marked, self._said, self._warned):
            column.addWidget(bar)
        column.addWidget(self._particulars, 1)
        column.addWidget(self.pictures, 2)
        column.addWidget(self.undo_bar)
        column.addWidget(self._stepper)
        column.addLayout(keys)
        self.undo_bar.clear()
        self._said.hide()
        self._warned.hide()
        self._marked.hide()

    # what is shown

    def show_item(self, view: RecordView | None) -> None:
        """The item before the officer; None: nothing is left to judge."""
        is_other = view is None or self._view is None or view.record.id != self._view.record.id
        if not self.is_at_step_of(view):
            self._offers = {}
        self._view = view
        if is_other:
            self._said.hide()
        self.pictures.show_item(view)
        for part in (self._mark, self._plate, self._subject):
            part.setVisible(view is not None)
        if view is None:
            for words in (self._type, self._facts, self._left, self._limit):
                words.clear()
            self._particulars.hide()
            self._place.set_text("")
            self._stepper.set_steps(())
            self._warned.hide()
            self._show_verdicts()
            return
        self._show_head(view.record)
        self._show_words(view.record)
        self._show_warning(view.record)
        steps = journey(view.record, self._text, self._sentences)
        self._stepper.set_steps(steps)
        self._stepper.setVisible(bool(steps))
        self._show_verdicts()

    def is_at_step_of(self, view: RecordView | None) -> bool:
        """Whether what the rules say of `view` holds for the item shown: the same one, and not
        moved on.
        """
        return self._view is not None and view is not None and _step(self._view) == _step(view)

    def show_offers(self, offers: tuple[Offer, ...], task_offers: tuple[Offer, ...]) -> None:
        """What the rules allow now: the other digits say why not."""
        self._offers = {(On.ITEM, one.transition): one for one in offers}
        self._offers |= {(On.TASK, one.transition): one for one in task_offers}
        self._show_verdicts()

    def show_refused(self, spoken: Spoken) -> None:
        """Why what was asked cannot be, until the item changes."""
        article = f"({spoken.article})" if spoken.article else ""
        self._said.set_texts(spoken.text, " ".join(filter(None, (spoken.remedy, article))))
        self._said.show()

    def show_held(self, sentence: str) -> None:
        """Who else is working on the item; empty: nobody."""
        self._held = sentence
        if self._view is not None:
            self._show_warning(self._view.record)

    def show_marked(self, count: int) -> None:
        """How many items the next digit answers at once."""
        self._marked.setVisible(count > 0)
        self._marked.set_texts(
            self._text("triage.marked", count=count), self._text("triage.marked.keys")
        )

    def tick(self) -> None:
        """Once a second: the time that is left."""
        if self._view is not None:
            self._show_left(self._view.record)

    def step_back(self) -> None:
        """A question stands in front: its own answer is the primary act now."""
        self._is_behind = True
        self._show_verdicts()

    def step_forward(self) -> None:
        """The verdict bar is in front again."""
        self._is_behind = False
        self._show_verdicts()

    @property
    def knows_offers(self) -> bool:
        """Whether the rules have answered for this item."""
        return bool(self._offers)

    def offer_of(self, verdict: Verdict) -> Offer | None:
        """What the rules say of a verdict on this item."""
        return self._offers.get((verdict.on, verdict.transition))

    def press(self, number: int) -> None:
        """The digit number + 1."""
        if number < len(self._verdicts) and self._buttons[number].isEnabled():
            verdict = self._verdicts[number]
            self.pressed.emit(verdict, self.offer_of(verdict))

    def _show_head(self, record: Record) -> None:
        body = record.body
        plate = body.plate if isinstance(body, FlagBody) else None
        self._mark.set_priority(record.priority)
        self._type.setText(type_text(self._text, self._sentences, record))
        self._plate.setVisible(plate is not None)
        self._subject.setVisible(plate is None)
        if plate and isinstance(body, FlagBody):
            colour = colour_name(self._text, body.plate_colour)
            self._plate.set_plate(pretty_plate(plate), colour)
        else:
            self._subject.setText(subject_text(self._sentences, record))
        self._place.set_text(place_text(record))
        self._facts.setText(self._source_line(record))
        self._show_left(record)

    def _show_words(self, record: Record) -> None:
        """What was told, where there is no picture to see it on."""
        is_told = is_told_in_words(record)
        self._particulars.setVisible(is_told)
        self.pictures.setVisible(not is_told or self.pictures.has_picture)
        if is_told:
            self._particulars.show_record(record)

    def _source_line(self, record: Record) -> str:
        body = record.body
        at = self._sentences.hms(record.opened_at)
        if isinstance(body, FlagBody) and body.captured_at and body.channel is None:
            at = self._sentences.hms(body.captured_at)
            return self._text("triage.captured", number=record.number or "—", time=at)
        return self._text("triage.reported", number=record.number or "—", time=at)

    def _show_left(self, record: Record) -> None:
        left, tone = self._sentences.time_left(
            record.due_at if record.is_open else None, self._context.clock.now(), record.priority
        )
        self._left.setVisible(tone is not TimeTone.NONE)
        is_over = record.due_at is not None and record.due_at < self._context.clock.now()
        self._left.setText(left if is_over else self._text("triage.left", left=left))
        said = deadline_text(
            record, self._context.engine.policy, self._context.clock.now(),
            (self._text, self._sentences),
        )  # fmt: skip
        self._limit.setVisible(bool(said))
        if said != self._limit.text():
            self._limit.setText(said)

    def _show_warning(self, record: Record) -> None:
        """What the officer must know before judging."""
        body = record.body
        self._warned.hide()
        self.read_button.setVisible(isinstance(body, FlagBody) and body.statement_unread)
        if self._held:
            self._warn(self._held)
            return
        if not isinstance(body, FlagBody):
            return
        held = set(phases(record, self._context.clock.now(), self._context.engine.policy))
        if body.exemption is not None:
            until = self._sentences.hm(body.exempt_until) if body.exempt_until else "—"
            self._warn(self._text("triage.warn.exempt", until=until))
        elif body.statement_unread:
            self._warn(self._text("triage.warn.statement", text=body.statement or ""))
        elif "repeat_offender" in held and record.state == FlagState.DETECTED:
            count = body.repeat_count_30d or 0
            self._warn(self._text("triage.warn.repeat", count=count))
        elif "second_look_due" in held and body.second_frame is None:
            self._warn(self._text("triage.warn.no_frame"))

    def _warn(self, sentence: str) -> None:
        self._warned.set_texts("", sentence)
        self._warned.show()

    # the verdict bar

    def _show_verdicts(self) -> None:
        self._verdicts = verdicts_for(self._view.record) if self._view else ()
        for number, button in enumerate(self._buttons):
            verdict = self._verdicts[number] if number < len(self._verdicts) else None
            button.setVisible(verdict is not None)
            if verdict is None:
                button.set_texts("", "")
                button.set_reason(self._text("triage.verdict.none"))
                continue
            is_first = number == 0 and verdict.transition not in WAYS_BACK
            is_primary = is_first and not self._is_behind
            button.set_kind(ButtonKind.PRIMARY if is_primary else ButtonKind.NORMAL)
            title = self._text(f"triage.verdict.{verdict.text}")
            button.set_texts(title, self._text(f"triage.note.{verdict.text}"))
            button.set_reason(self._reason_against(verdict))

    def _reason_against(self, verdict: Verdict) -> str | None:
        """Why the rules forbid a verdict now; nothing is forbidden while they are being asked."""
        if not self._offers:
            return None
        offer = self.offer_of(verdict)
        if offer is None:
            return self._reason_of_role(verdict)
        if offer.refusal is None or verdict.asks is not Asks.NOTHING:
            return None
        if offer.refusal.slug.endswith("needs-reason"):
            return None  # the form will ask it
        return self._sentences.refusal(offer.refusal).text

    def _reason_of_role(self, verdict: Verdict) -> str:
        """Not offered at all: another role may, or nobody in this state."""
        row = KINDS[self._kind()].transition(verdict.transition)
        state = self._view.record.state if self._view else ""
        if row is None or verdict.on is On.TASK or state not in row.sources or not row.roles:
            return self._text("triage.verdict.not_now")
        roles = sorted(self._sentences.role(role.value) for role in row.roles - {Role.SYSTEM})
        return self._text("triage.verdict.role", roles=" / ".join(roles))

    def _kind(self) -> Kind:
        return self._view.record.kind if self._view else Kind.FLAG


class _Press:
    """A button's own number, without a lambda that holds the stage."""

    def __init__(self, stage: Stage, number: int) -> None:
        self._press, self._number = stage.press, number

    def __call__(self, *_: object) -> None:
        self._press(self._number)


def _step(view: RecordView) -> tuple[str, str, int]:
    record = view.record
    return record.id, str(record.state), record.state_version
