"""Everything done with an item: time, actor and act, what is not confirmed yet marked as such."""

from ui.records import Sentences
from ui.widgets import ThreadEntry
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, PendingMark, RecordView
from xiuzhou_desktop.domain.envelope import LogEntry
from xiuzhou_desktop.plugin_api.context import Text

SYSTEM = "system"


def thread_of(view: RecordView, text: Text, sentences: Sentences) -> tuple[ThreadEntry, ...]:
    """Newest first: our own pending acts, then what the log says."""
    waiting = tuple(_waiting(view, mark, text, sentences) for mark in reversed(view.pending))
    done = tuple(_done(view, entry, text, sentences) for entry in reversed(view.record.log))
    return (*waiting, *done)


def _waiting(view: RecordView, mark: PendingMark, text: Text, sentences: Sentences) -> ThreadEntry:
    act = sentences.transition(view.record.kind, mark.transition)
    word = "triage.chip.refused" if mark.status in NEEDS_A_PERSON else "triage.chip.pending"
    return ThreadEntry(
        time=sentences.hms(mark.saved_at),
        text=text("triage.thread.mine", act=act),
        pending=text(word),
    )


def _done(view: RecordView, entry: LogEntry, text: Text, sentences: Sentences) -> ThreadEntry:
    act = sentences.transition(view.record.kind, entry.name)
    actor = text("triage.thread.system") if entry.actor == SYSTEM else entry.actor_name
    if entry.reason:
        reason = sentences.reason(entry.reason)
        words = text("triage.thread.reason", actor=actor, act=act, reason=reason)
    else:
        words = text("triage.thread.line", actor=actor, act=act)
    return ThreadEntry(time=sentences.hms(entry.at), text=words)
