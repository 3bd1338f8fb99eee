"""A record as one line of the queue: everything as text, so that painting computes nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime

from plugins.triage.marks import Marks
from ui.records import QueueRow, Sentences, TimeTone
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.views import (
    NEEDS_A_PERSON,
    Lease,
    OutboxStatus,
    PendingMark,
    RecordView,
)
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.order_body import OrderBody
from xiuzhou_desktop.domain.plate import pretty_plate
from xiuzhou_desktop.plugin_api.context import Text

NOTHING = "—"
PERCENT_E4 = 100


class RowMaker:
    """Makes queue rows; keeps which items were looked at and who holds them."""

    def __init__(
        self, text: Text, sentences: Sentences, now: Callable[[], datetime], marks: Marks
    ) -> None:
        self._text, self._sentences, self._now = text, sentences, now
        self._marks = marks
        self._leases: dict[str, Lease] = {}
        self.seen: set[str] = set()

    def take_leases(self, leases: tuple[Lease, ...]) -> None:
        """Who is working on what, from the live lane."""
        self._leases.update((lease.record, lease) for lease in leases)

    def is_mine(self, record: str) -> bool:
        """Whether this workstation holds the claim, or marked it while offline."""
        lease = self._leases.get(record)
        return lease is not None and (lease.is_mine or lease.is_tentative)

    def held_by(self, record: str) -> str:
        """Who else is working on it, as a sentence; empty where nobody is."""
        lease = self._leases.get(record)
        if lease is None or lease.holder is None or lease.is_mine:
            return ""
        until = self._sentences.hm(lease.until) if lease.until else NOTHING
        return self._text("triage.held", name=lease.holder_name or lease.holder, time=until)

    def __call__(self, view: RecordView) -> QueueRow:
        record = view.record
        left, tone = self._time_left(record)
        plate = record.body.plate if isinstance(record.body, FlagBody) else None
        colour = record.body.plate_colour if isinstance(record.body, FlagBody) else None
        return QueueRow(
            record=record.id,
            kind=record.kind.value,
            priority=record.priority,
            time_left=left,
            time_tone=tone,
            type_text=type_text(self._text, self._sentences, record),
            plate=pretty_plate(plate) if plate else None,
            plate_colour=colour_name(self._text, colour),
            subject_text=subject_text(self._sentences, record),
            place_text=place_text(record),
            confidence=confidence(record),
            chip=self._chip(view),
            holder=self._holder(record.id),
            is_exempt=isinstance(record.body, FlagBody) and record.body.exemption is not None,
            unseen=record.id not in self.seen,
        )

    def _time_left(self, record: Record) -> tuple[str, TimeTone]:
        if not record.is_open:
            return NOTHING, TimeTone.NONE
        return self._sentences.time_left(record.due_at, self._now(), record.priority)

    def _chip(self, view: RecordView) -> Chip | None:
        if view.record.id in self._marks:
            return self._plain_chip("marked")
        if view.pending:
            return self._pending_chip(view, view.pending[-1])
        lease = self._leases.get(view.record.id)
        if lease and lease.is_tentative:
            return Chip(ChipState.TENTATIVE, self._text("triage.chip.tentative"))
        if lease and lease.is_mine:
            return Chip(ChipState.MINE, self._text("triage.chip.mine"))
        return self._phase_chip(view.record)

    def _phase_chip(self, record: Record) -> Chip | None:
        """What holds of an item now and changes how it is taken up."""
        body, now = record.body, self._now()
        until = getattr(body, "snoozed_until", None)
        if record.is_open and until is not None and until > now:
            return self._plain_chip("until", time=self._sentences.hm(until))
        if not isinstance(body, FlagBody):
            return None
        if body.statement_unread:
            return self._plain_chip("statement")
        if record.state == FlagState.CONFIRMED and body.held_until and body.held_until > now:
            return self._plain_chip("until", time=self._sentences.hm(body.held_until))
        if record.state == FlagState.DETECTED and body.exemption:
            return self._plain_chip("exempt")
        return None

    def _plain_chip(self, name: str, **named: str) -> Chip:
        return Chip(ChipState.PLAIN, self._text(f"triage.chip.{name}", **named))

    def _pending_chip(self, view: RecordView, mark: PendingMark) -> Chip:
        if mark.status is OutboxStatus.EXPIRED:
            return Chip(ChipState.EXPIRED, self._text("triage.chip.expired"))
        if mark.status in NEEDS_A_PERSON:
            return Chip(ChipState.REFUSED, self._text("triage.chip.refused"))
        return Chip(ChipState.PENDING, short_verb(self._text, view.record, mark.transition))

    def _holder(self, record: str) -> str | None:
        lease = self._leases.get(record)
        return lease.holder_name if lease and lease.holder and not lease.is_mine else None


SHORT_TYPES: Mapping[str, str] = {
    "05-05": "parking", "05-06": "bicycles", "05-04": "shop", "05-01": "hawker", "05-07": "heap",
    "05-10": "barbecue", "01-02": "rubbish", "01-03": "debris", "01-04": "dirt", "01-06": "green",
    "01-01": "building", "02-01": "bills", "02-02": "sign", "02-03": "board", "03-02": "dust",
    "03-04": "spill", "04-01": "road", "04-02": "water", "04-03": "gas", "04-04": "drain",
}  # fmt: skip


def type_text(text: Text, sentences: Sentences, record: Record) -> str:
    """The violation in a word or two; a category without a short word by its own name."""
    short = SHORT_TYPES.get(record.category or "")
    if short:
        return text(f"triage.type.{short}")
    return sentences.category(record.category) if record.category else sentences.kind(record.kind)


def subject_text(sentences: Sentences, record: Record) -> str:
    """Whom or what it is about, where there is no plate; of an order, who gave it."""
    body = record.body
    if isinstance(body, OrderBody):
        return body.ordered_by or sentences.option("SourceLevel", body.source_level.value)
    return (body.object_text if isinstance(body, FlagBody) else None) or NOTHING


def place_text(record: Record) -> str:
    """Where: the address, which both kinds hold."""
    address = getattr(record.body, "address", "")
    return address or record.title


def confidence(record: Record) -> str:
    """The AI's confidence as 0.91; a person's report has none."""
    if not isinstance(record.body, FlagBody) or record.body.confidence_e4 is None:
        return NOTHING
    hundredths = record.body.confidence_e4 // PERCENT_E4
    return f"{hundredths // PERCENT_E4}.{hundredths % PERCENT_E4:02d}"


def colour_name(text: Text, colour: str | None) -> str | None:
    """The plate's colour in one character."""
    return text(f"triage.plate.{colour.replace('-', '_')}") if colour else None


def short_verb(text: Text, record: Record, transition: str) -> str:
    """What was asked, short enough for a chip."""
    try:
        return text(f"triage.did.{transition}")
    except KeyError:  # a transition that this column has no short word for keeps its full name
        return text(f"transition.{record.kind.value}.{transition}")
