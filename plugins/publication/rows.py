"""A publication as one line of the ledger: everything as text, so painting computes nothing."""

from collections.abc import Callable
from datetime import datetime

from ui.records import QueueRow, Sentences, TimeTone
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, OutboxStatus, RecordView
from xiuzhou_desktop.domain.case_dates import local_day
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.publication_body import PublicationBody, PublicationState
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.plugin_api.context import Engine, Text

S = PublicationState
URGENT, HIGH, MEDIUM, LOW, SETTLED = 1, 2, 3, 4, 0
SOON_WORKDAYS, NEAR_WORKDAYS = 1, 5


class LedgerRow(QueueRow, frozen=True, kw_only=True):
    """One decision; `is_struck`: it was taken down."""

    decision_no: str
    decided_on: str
    state_text: str
    remark: str
    is_struck: bool


class RowMaker:
    """Makes ledger rows."""

    def __init__(self, text: Text, engine: Engine, now: Callable[[], datetime]) -> None:
        self._text, self._engine, self._now = text, engine, now
        self._sentences = Sentences(text)

    def __call__(self, view: RecordView) -> LedgerRow:
        record = view.record
        body = body_of(record, PublicationBody)
        left, tone, priority = self._time_left(record)
        return LedgerRow(
            record=record.id, kind=record.kind.value, priority=priority, time_left=left,
            time_tone=tone, type_text=self._sentences.category(record.category),
            subject_text=record.title, decision_no=body.decision_no,
            decided_on=f"{body.decided_on:%m-%d}", chip=self._chip(view),
            state_text=self._sentences.state(record.kind, record.state),
            remark=self.remark(record), is_struck=record.state == S.RETRACTED,
        )  # fmt: skip

    def remark(self, record: Record) -> str:
        """The portal's receipt, or what stands in the way of one."""
        body = body_of(record, PublicationBody)
        if record.state == S.PUBLISHED and body.listed_at:
            key = "twice" if body.listed > 1 else "unsigned" if not body.confirmed_at else "receipt"
            return self._say(key, at=self._sentences.day_hm(body.listed_at), count=body.listed)
        if record.state == S.FAILED and body.cause:
            cause = self._sentences.option("FailureCause", body.cause.value)
            return body.detail or cause
        if record.state == S.MASKED and body.masked_by_name:
            return self._say("masked", name=body.masked_by_name)
        if record.state == S.EXEMPT and body.ground:
            return self._sentences.option("ExemptGround", body.ground.value)
        if record.state == S.DUE and body.return_reason:
            return self._say("returned", reason=body.return_reason)
        return body.public_reason or ""

    def _say(self, key: str, **named: object) -> str:
        return self._text(f"publication.remark.{key}", **named)

    def _time_left(self, record: Record) -> tuple[str, TimeTone, int]:
        """In working days: the law counts in them."""
        if not record.is_open or record.due_at is None:
            return "", TimeTone.NONE, SETTLED
        left = workdays_left(self._engine.calendar, self._now(), record.due_at)
        if record.due_at <= self._now():
            key = "publication.late" if left else "publication.late_today"
            return self._text(key, count=-left), TimeTone.FILLED, URGENT
        priority = HIGH if left <= SOON_WORKDAYS else MEDIUM if left <= NEAR_WORKDAYS else LOW
        if left == 0:
            return self._text("publication.today"), TimeTone.PLAIN, priority
        return self._text("publication.left", count=left), TimeTone.PLAIN, priority

    def _chip(self, view: RecordView) -> Chip | None:
        if view.pending:
            mark = view.pending[-1]
            if mark.status is OutboxStatus.EXPIRED:
                return Chip(ChipState.EXPIRED, self._text("publication.chip.expired"))
            if mark.status in NEEDS_A_PERSON:
                return Chip(ChipState.REFUSED, self._text("publication.chip.refused"))
            return Chip(ChipState.PENDING, self._text("publication.chip.pending"))
        if view.record.state in (S.FAILED, S.MISSING):
            state = self._sentences.state(view.record.kind, view.record.state)
            return Chip(ChipState.REFUSED, state)
        return None


def workdays_left(calendar: WorkCalendar, now: datetime, due: datetime) -> int:
    """Working days after today up to the day of the deadline; negative once they have passed."""
    today, last = local_day(now), local_day(due)
    if last >= today:
        return calendar.workdays_between(today, last)
    return -calendar.workdays_between(last, today)
