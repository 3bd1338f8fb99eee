"""Everything done from the flag to the file: flag → notice → on-site → case, each act with its
actor, oldest first.
"""

from collections.abc import Iterable

from ui.records import Sentences
from ui.widgets import ThreadEntry
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, RecordView
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.plugin_api.context import Engine, Text

SYSTEM = "system"
QUIET = frozenset({"alarm", "annotate"})  # acts that are no part of the way


async def thread_of(
    view: RecordView, engine: Engine, text: Text, sentences: Sentences
) -> tuple[ThreadEntry, ...]:
    """The acts of the case and of what led to it, then our own that wait."""
    records = (*await _before(view.record, engine), view.record)
    acts = sorted(
        ((entry.at, record, entry) for record in records for entry in record.log),
        key=lambda act: act[0],
    )
    done = (
        _line(record, entry, text, sentences)
        for _, record, entry in acts
        if entry.name not in QUIET
    )
    return (*done, *_waiting(view, text, sentences))


async def _before(case: Record, engine: Engine) -> tuple[Record, ...]:
    """The flag that the case was filed from, its notice and its patrol's task."""
    body = case.body
    if not isinstance(body, CaseBody) or body.flag is None:
        return ()
    flag = await engine.get(Kind.FLAG, body.flag)
    if flag is None or not isinstance(flag.record.body, FlagBody):
        return ()
    named = ((Kind.NOTICE, flag.record.body.notice), (Kind.TASK, flag.record.body.task))
    found = [await engine.get(kind, record) for kind, record in named if record is not None]
    return (flag.record, *(one.record for one in found if one is not None))


def _line(record: Record, entry: LogEntry, text: Text, sentences: Sentences) -> ThreadEntry:
    act = sentences.transition(record.kind, entry.name)
    actor = text("cases.thread.system") if entry.actor == SYSTEM else entry.actor_name
    key = "cases.thread.reason" if entry.reason else "cases.thread.line"
    reason = sentences.reason(entry.reason) if entry.reason else ""
    words = text(key, actor=actor, act=act, reason=reason)
    return ThreadEntry(time=sentences.day_hm(entry.at), text=words)


def _waiting(view: RecordView, text: Text, sentences: Sentences) -> Iterable[ThreadEntry]:
    for mark in view.pending:
        act = sentences.transition(view.record.kind, mark.transition)
        word = "refused" if mark.status in NEEDS_A_PERSON else "pending"
        yield ThreadEntry(
            time=sentences.day_hm(mark.saved_at), text=text("cases.thread.mine", act=act),
            pending=text(f"cases.chip.{word}"),
        )  # fmt: skip
