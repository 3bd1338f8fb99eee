"""A case, and a piece of its evidence, as one prepared row: painting computes nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from ui.records import QueueRow, Sentences, TimeTone
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, RecordView
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, ReviewStage
from xiuzhou_desktop.domain.case_dates import DayUnit, deadlines
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState
from xiuzhou_desktop.domain.plate import pretty_title
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.plugin_api.context import Engine, Text


class Proof(StrEnum):
    """What was found when the file of a piece of evidence was opened."""

    UNCHECKED = "unchecked"
    WHOLE = "whole"
    CHANGED = "changed"
    ABSENT = "absent"


class CaseRows:
    """Makes the rows of the case queue."""

    def __init__(self, text: Text, engine: Engine, now: Callable[[], datetime]) -> None:
        self._text, self._engine, self._now = text, engine, now
        self._sentences = Sentences(text)

    def __call__(self, view: RecordView) -> QueueRow:
        record = view.record
        left, tone = self.days_left(record)
        return QueueRow(
            record=record.id, kind=record.kind.value, priority=record.priority, time_left=left,
            time_tone=tone, type_text=pretty_title(record.title, record.subject_key),
            subject_text=record.number or "",
            place_text=self.step(record), chip=self._chip(view),
        )  # fmt: skip

    def step(self, record: Record) -> str:
        """Where it stands; in review, about what."""
        body = record.body
        if record.state == CaseState.LEGAL_REVIEW and isinstance(body, CaseBody):
            stage = body.review_stage or ReviewStage.NOTICE
            return self._sentences.option("ReviewStage", stage.value)
        return self._sentences.state(record.kind, record.state)

    def days_left(self, record: Record) -> tuple[str, TimeTone]:
        """Until the nearest limit that binds us, in that limit's own days."""
        if not record.is_open or record.due_at is None:
            return "", TimeTone.NONE
        today = self._now().astimezone(LOCAL).date()
        due = record.due_at.astimezone(LOCAL).date()
        unit = self._unit(record)
        if due < today:
            days = (today - due).days
            return self._text("cases.days.over", count=days), TimeTone.OVERDUE
        if due == today:
            return self._text("cases.days.today"), TimeTone.FILLED
        days = (due - today).days
        if unit is DayUnit.WORKING:
            calendar = self._engine.calendar
            days = next(n for n in range(1, days + 1) if calendar.add_workdays(today, n) >= due)
        return self._text(f"cases.days.{unit.value}", count=days), TimeTone.PLAIN

    def _unit(self, record: Record) -> DayUnit:
        running = deadlines(record, self._engine.policy, self._engine.calendar)
        ours = (one.unit for one in running if one.binds_us)
        return next(ours, DayUnit.CALENDAR)

    def _chip(self, view: RecordView) -> Chip | None:
        if view.pending:
            refused = view.pending[-1].status in NEEDS_A_PERSON
            state = ChipState.REFUSED if refused else ChipState.PENDING
            return Chip(state, self._text(f"cases.chip.{state.value}"))
        body = view.record.body
        if not isinstance(body, CaseBody):
            return None
        if body.submission is not None:
            return Chip(ChipState.PLAIN, self._text("cases.chip.province"))
        if body.lock is not None:
            return Chip(ChipState.PLAIN, self._text("cases.chip.locked"))
        if body.return_reason is not None:
            return Chip(ChipState.PLAIN, self._text("cases.chip.returned"))
        return None


class EvidenceRows:
    """Makes the rows of a case's evidence; `proofs` says what opening each file has shown."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._sentences = Sentences(text)
        self.proofs: dict[str, Proof] = {}

    def __call__(self, view: RecordView) -> QueueRow:
        record = view.record
        body = record.body
        assert isinstance(body, EvidenceBody)
        role = _OF_STATE.get(record.state, body.role.value.lower())
        kind = self._sentences.option("EvidenceType", body.type.value)
        return QueueRow(
            record=record.id, kind=record.kind.value, priority=4, time_left="",
            time_tone=TimeTone.NONE, type_text=record.title,
            subject_text="" if kind == record.title else kind,
            place_text=self._sentences.day_hm(body.captured_at),
            confidence=short_hash(body.blob or body.awaited or body.disposed),
            chip=Chip(_ROLE_CHIPS[role], self._text(f"cases.evidence.{role}")),
            note=self.proofs.get(record.id, Proof.UNCHECKED).value,
        )  # fmt: skip


_ROLE_CHIPS: Mapping[str, ChipState] = {
    "proof": ChipState.PLAIN, "lead": ChipState.PLAIN, "excluded": ChipState.REFUSED,
    "expected": ChipState.PENDING, "disposed": ChipState.PLAIN,
}  # fmt: skip
_OF_STATE = {
    EvidenceState.EXCLUDED: "excluded", EvidenceState.EXPECTED: "expected",
    EvidenceState.DISPOSED: "disposed",
}  # fmt: skip


def short_hash(blob: str | None) -> str:
    """a7f2…91c4: enough to compare by eye."""
    if blob is None:
        return ""
    digest = blob.removeprefix("sha256:")
    return f"{digest[:4]}…{digest[-4:]}"
