"""How a command of the outbox reads: chip, act, object, reason, remedy, and the sentence of its
end."""

from datetime import timedelta

import msgspec

from ui.records.sentences import NOTHING, Sentences
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.views import Besides, OutboxEntry, OutboxStatus
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Effect
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.plate import pretty_title
from xiuzhou_desktop.plugin_api.context import Selected, Text

CHIPS = {
    OutboxStatus.QUEUED: ChipState.PENDING,
    OutboxStatus.APPLIED: ChipState.PLAIN,
    OutboxStatus.CONFLICT: ChipState.REFUSED,
    OutboxStatus.REFUSED: ChipState.REFUSED,
    OutboxStatus.GONE: ChipState.REFUSED,
    OutboxStatus.ATTENTION: ChipState.REFUSED,
    OutboxStatus.EXPIRED: ChipState.EXPIRED,
    OutboxStatus.PARKED: ChipState.TENTATIVE,
    OutboxStatus.DROPPED: ChipState.PLAIN,
    OutboxStatus.REPLACED: ChipState.PLAIN,
}
REFUSED = frozenset(
    {OutboxStatus.CONFLICT, OutboxStatus.REFUSED, OutboxStatus.GONE, OutboxStatus.ATTENTION}
)
WAITING = frozenset({OutboxStatus.QUEUED, OutboxStatus.PARKED})
TO_SETTLE = REFUSED | {OutboxStatus.EXPIRED}


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry, prepared."""

    entry: OutboxEntry
    chip: Chip
    verb: str
    object: str
    submitted: str
    waited: str
    attempts: str
    reason: str
    remedy: str
    is_child: bool  # stands under the command that it waits for
    is_to_settle: bool  # a person has to decide

    @property
    def cause(self) -> tuple[OutboxStatus, str]:
        """Why it stands here: commands of one cause may be settled together."""
        problem = self.entry.problem
        return self.entry.status, problem.slug if problem else ""

    @property
    def selected(self) -> Selected:
        """The record that it is about."""
        command = self.entry.command
        return Selected(
            kind=command.kind, record=command.record, subject_key=self.entry.subject_key
        )


class OutboxTexts:
    """Prepares rows in the window's language."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._names = Sentences(text)

    def rows(self, entries: tuple[OutboxEntry, ...]) -> list[OutboxRow]:
        """To be settled first, each parked command under the one it waits for, then by time."""
        children: dict[str, list[OutboxEntry]] = {}
        roots: list[OutboxEntry] = []
        known = {entry.command.id for entry in entries}
        for entry in sorted(entries, key=_place_in_list):
            if entry.parked_by in known and entry.parked_by != entry.command.id:
                children.setdefault(str(entry.parked_by), []).append(entry)
            else:
                roots.append(entry)
        causes = {entry.command.id: entry for entry in entries}
        rows: list[OutboxRow] = []
        for root in roots:
            rows.append(self._row(root, None))
            rows += [self._row(child, causes.get(child.parked_by or root.command.id))
                     for child in children.get(root.command.id, [])]  # fmt: skip
        return rows

    def verb(self, entry: OutboxEntry) -> str:
        return self._names.transition(entry.command.kind, entry.command.transition)

    def sentence(self, entry: OutboxEntry) -> str:
        """What became of it, for the head of the lower half."""
        match entry.status:
            case OutboxStatus.CONFLICT:
                return self._overtaken(entry, "outbox.reason.overtaken")
            case OutboxStatus.EXPIRED:
                at = self._names.hm(entry.command.not_after)
                return self._text("outbox.reason.expired", at=at)
            case OutboxStatus.GONE:
                return self._text("outbox.reason.gone")
            case OutboxStatus.ATTENTION:
                return self._text("outbox.reason.attention")
            case OutboxStatus.REFUSED:
                return self._text("outbox.reason.refused", reason=self.reason(entry))
            case OutboxStatus.PARKED:
                return self._text("outbox.reason.alone")
            case _:
                return self._text("outbox.waiting")

    def reason(self, entry: OutboxEntry) -> str:
        """The server's reason in words."""
        if entry.problem is None:
            return ""
        spoken = self._names.refusal(entry.problem)
        return f"{spoken.text} · {spoken.article}" if spoken.article else spoken.text

    def would(self, entry: OutboxEntry) -> str:
        """What an expired command would have done: to its record, outside, and in further records,
        as it was forecast when it was saved.
        """
        kind = entry.command.kind
        state = self._names.state(kind, expected_state(entry))
        said = [self._text("outbox.expired.would", verb=self.verb(entry), state=state)]
        besides = entry.besides or Besides()
        said += [self._unsent(one, entry) for one in besides.effects]
        if besides.makes:
            kinds = self._text("outbox.expired.and").join(map(self._names.kind, besides.makes))
            said.append(self._text("outbox.expired.unmade", kinds=kinds))
        return self._text("outbox.expired.then").join(said)

    def _unsent(self, effect: Effect, entry: OutboxEntry) -> str:
        about = pretty_title(entry.title, entry.subject_key) or self._names.kind(entry.command.kind)
        return self._text(f"outbox.expired.effect.{effect.name}", about=about)

    def remedy(self, entry: OutboxEntry) -> str:
        if entry.status is OutboxStatus.EXPIRED:
            return self.would(entry)
        spoken = self._names.refusal(entry.problem) if entry.problem else None
        return (spoken.remedy if spoken else None) or ""

    def _overtaken(self, entry: OutboxEntry, key: str) -> str:
        last = entry.theirs.log[-1] if entry.theirs is not None and entry.theirs.log else None
        if last is None:
            return self._text("outbox.reason.refused", reason=self.reason(entry))
        return self._text(
            key,
            name=last.actor_name,
            at=self._names.hm(last.at),
            verb=self._names.transition(entry.command.kind, last.name),
        )

    def _row(self, entry: OutboxEntry, cause: OutboxEntry | None) -> OutboxRow:
        is_open = entry.status in WAITING or entry.status in TO_SETTLE
        is_alone = entry.status is OutboxStatus.PARKED and cause is None
        is_to_settle = entry.status in TO_SETTLE or is_alone
        return OutboxRow(
            entry=entry,
            chip=Chip(CHIPS[entry.status], self._text(f"outbox.state.{entry.status.value}")),
            verb=self.verb(entry),
            object=pretty_title(entry.title, entry.subject_key)
            or self._names.kind(entry.command.kind),
            submitted=self._names.hms(entry.saved_at),
            waited=self._names.span(entry.age_s) if is_open else "",
            attempts=f"{entry.attempts:,}",
            reason=self._why(entry, cause),
            remedy=self._text("outbox.remedy.settle") if is_to_settle else self._retry(entry),
            is_child=cause is not None,
            is_to_settle=is_to_settle,
        )

    def _why(self, entry: OutboxEntry, cause: OutboxEntry | None) -> str:
        if cause is not None:
            return self._text("outbox.reason.parked", verb=self.verb(cause))
        if entry.status is OutboxStatus.CONFLICT:
            return self._overtaken(entry, "outbox.reason.first")
        if entry.status in TO_SETTLE:
            return self.reason(entry) or self.sentence(entry)
        now = entry.saved_at + timedelta(seconds=entry.age_s)
        if entry.undo_until is not None and now < entry.undo_until and entry.attempts == 0:
            at = self._names.hms(entry.undo_until)
            return self._text("outbox.reason.undo", at=at)
        if entry.status is OutboxStatus.PARKED:
            return self._text("outbox.reason.alone")
        if entry.status is OutboxStatus.QUEUED:
            return self._text("outbox.reason.limit", at=self._limit(entry))
        return ""

    def _limit(self, entry: OutboxEntry) -> str:
        return self._names.since(entry.command.not_after, entry.saved_at)

    def _retry(self, entry: OutboxEntry) -> str:
        is_tried = entry.status is OutboxStatus.QUEUED and entry.attempts
        return self._text("outbox.remedy.retry") if is_tried else ""


def _place_in_list(entry: OutboxEntry) -> tuple[int, int]:
    if entry.status in REFUSED:
        order = 0
    elif entry.status is OutboxStatus.EXPIRED:
        order = 1
    else:
        order = 2
    return order, entry.command.client_seq


def expected_state(entry: OutboxEntry) -> str:
    """The state that our command asked for."""
    if entry.mine is not None:
        return str(entry.mine.state)
    row = KINDS[entry.command.kind].transition(entry.command.transition)
    return str(row.targets[0].value) if row is not None else NOTHING


def json_args(entry: OutboxEntry) -> dict[str, Json]:
    """What the command asked, to be edited."""
    return dict(entry.command.args)
