"""The head of a case: number, matter, party, procedure, its way with days, and what stands against
it right now.
"""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from plugins.cases.rows import CaseRows
from plugins.cases.steps import journey
from ui.records import Sentences, Spoken, TimeTone
from ui.theme.textrun import Elide, Ink
from ui.theme.type import Face, Weight
from ui.widgets import Banner, BannerTone, ElidedText, MarkLabel, Stepper, Text
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.plugin_api.context import Text as Words

TITLE = Ink("text1", Face.TITLE, Weight.BOLD)


class CaseHead(QWidget):
    """One case's first lines."""

    def __init__(self, text: Words) -> None:
        super().__init__()
        self._text = text
        self._sentences = Sentences(text)
        self._standing_of: tuple[str, int] | None = None  # of which standing a refusal was said
        self._mark = MarkLabel()
        self._number = Text("", TITLE)
        self._facts = ElidedText("", Ink("text2", Face.BODY, elide=Elide.ElideRight))
        self._master = Text("", Ink("text2", Face.LABEL))
        self._left = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        self._stepper = Stepper()
        self._said = Banner("circle-x", "", "", tone=BannerTone.REFUSED)
        self._standing = Banner("clock-exclamation", "", "", tone=BannerTone.NEUTRAL)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("bar", "panel")
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(12)
        line.addWidget(self._mark)
        line.addWidget(self._number)
        line.addWidget(self._facts, 1)
        line.addWidget(self._master)
        line.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (head, self._stepper, self._said, self._standing):
            column.addWidget(part)
        self._said.hide()
        self._standing.hide()

    def show_case(self, view: RecordView | None, rows: CaseRows) -> None:
        """The case before the officer; None: none is."""
        record = view.record if view is not None else None
        standing = (record.id, record.state_version) if record is not None else None
        if standing != self._standing_of:
            self._said.hide()
        self._standing_of = standing
        self._mark.setVisible(record is not None)
        if record is None or not isinstance(record.body, CaseBody):
            self._number.setText("")
            self._facts.set_text(self._text("cases.none"))
            self._left.setText("")
            self._master.setText("")
            self._stepper.set_steps(())
            self._standing.hide()
            return
        self._show_words(record, record.body, rows)
        self._show_standing(record.body)

    def show_steps(self, record: Record, policy: Policy, calendar: WorkCalendar) -> None:
        """The way of the case's procedure."""
        steps = journey(record, policy, calendar, self._text)
        self._stepper.set_steps(steps)
        self._stepper.setVisible(bool(steps))

    def show_refused(self, spoken: Spoken) -> None:
        """Why what was asked cannot be, until the case moves or another comes."""
        article = f"({spoken.article})" if spoken.article else ""
        self._said.set_texts(spoken.text, " ".join(filter(None, (spoken.remedy, article))))
        self._said.show()

    def _show_words(self, record: Record, body: CaseBody, rows: CaseRows) -> None:
        self._mark.set_priority(record.priority)
        self._number.setText(record.number or self._text("cases.no_number"))
        facts = (
            self._sentences.option("Procedure", body.procedure.value),
            self._sentences.category(record.category), body.party_name or record.title,
            rows.step(record),
        )  # fmt: skip
        self._facts.set_text(" · ".join(facts))
        left, tone = rows.days_left(record)
        self._left.setText(left)
        self._left.setVisible(tone is not TimeTone.NONE)
        number = body.provincial_no or self._text("cases.master.no_number")
        is_ours = body.master is CaseMaster.LOCAL
        self._master.setText(
            self._text("cases.master.local")
            if is_ours
            else self._text("cases.master.provincial", number=number)
        )

    def _show_standing(self, body: CaseBody) -> None:
        if body.submission is not None:
            step = self._text(f"transition.case.{body.submission.step}")
            at = self._sentences.day_hm(body.submission.at)
            self._standing.set_texts(
                self._text("cases.standing.province", step=step),
                self._text("cases.standing.province.since", at=at),
            )
        elif body.return_reason is not None:
            self._standing.set_texts(self._text("cases.standing.returned"), body.return_reason)
        self._standing.setVisible(body.submission is not None or body.return_reason is not None)
