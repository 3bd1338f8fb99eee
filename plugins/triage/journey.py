"""The way of a flag through the three levels, as stations with their times and limits."""

from collections.abc import Mapping

from ui.records import Sentences
from ui.widgets import Step, StepState
from xiuzhou_desktop.domain.envelope import LogEntry, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.plugin_api.context import Text

STATIONS = ("found", "judged", "notified", "second_look", "onsite")
F = FlagState
AT: Mapping[str, int] = {  # which station a state stands at
    F.DETECTED: 1, F.FALSE_ALARM: 1, F.DUPLICATE: 1, F.CONFIRMED: 2, F.L1_NOTIFIED: 3,
    F.UNDETERMINED: 3, F.SELF_CORRECTED: 3, F.L3_DISPATCHED: 4, F.ACCEPTED: 4, F.ARRIVED: 4,
    F.CORRECTED_ON_SITE: 4, F.LEFT: 4, F.SIMPLE_PENALTY: 4, F.CASE_FILED: 4, F.TRANSFERRED: 4,
    F.CLOSED: 4,
}  # fmt: skip
REACHED_BY: Mapping[str, frozenset[str]] = {  # transitions that end a station
    "found": frozenset({"detect", "report"}),
    "judged": frozenset({"confirm", "dismiss", "attach", "send_onsite"}),
    "notified": frozenset({"notice_delivered"}),
    "second_look": frozenset({"find_present", "find_corrected"}),
    "onsite": frozenset({"correct_on_site", "leave", "penalise_simple", "file", "transfer"}),
}


def journey(record: Record, text: Text, sentences: Sentences) -> tuple[Step, ...]:
    """The stations of a flag; nothing for other kinds, whose thread says it all."""
    if not isinstance(record.body, FlagBody):
        return ()
    current = AT[record.state]
    return tuple(
        Step(
            text(f"triage.step.{station}"),
            _note(record, station, text, sentences),
            _state(record, station, number, current),
        )
        for number, station in enumerate(STATIONS)
    )


def _reached(record: Record, station: str) -> LogEntry | None:
    names = REACHED_BY[station]
    return next((entry for entry in reversed(record.log) if entry.name in names), None)


def _state(record: Record, station: str, number: int, current: int) -> StepState:
    if not record.is_open:
        return StepState.DONE if _reached(record, station) else StepState.SKIPPED
    if number < current:
        return StepState.DONE if number == 0 or _reached(record, station) else StepState.SKIPPED
    return StepState.CURRENT if number == current else StepState.AHEAD


def _note(record: Record, station: str, text: Text, sentences: Sentences) -> str:
    entry = _reached(record, station)
    body = record.body
    if station == "found" and isinstance(body, FlagBody):
        how = "told" if body.channel else "at"
        return text(f"triage.step.found.{how}", time=sentences.hms(body.captured_at))
    if entry is not None:
        return text("triage.step.done", time=sentences.hm(entry.at))
    if station == "second_look" and isinstance(body, FlagBody) and body.correct_by:
        return text("triage.step.second_look.at", time=sentences.hm(body.correct_by))
    if station == "judged" and record.due_at:
        return text("triage.step.judged.by", time=sentences.hm(record.due_at))
    return text(f"triage.step.{station}.note")
