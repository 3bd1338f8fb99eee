"""How a person settles what was refused, and takes back what was not yet sent (sync.md §4.4
"Refused", "Undo").

    theirs       the command is dropped; each dependant waits for its own decision
    mine, edit   a new command `resolves` it; dependants follow anew, ids of spawned records mapped;
                 its texts are set against what the record says now
    merge        field by field: where an argument of mine is kept, mine anew with what was chosen;
                 else theirs stands, and texts of mine are noted on it by a command that `resolves`
                 mine
    undo         before the first send only: dropped, dependants with it
"""

from collections.abc import Mapping

import msgspec

from xiuzhou_desktop.client.views import Draft, Forecast, OutboxStatus, Submitted
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.ids import CommandId, RecordId, spawned_ids
from xiuzhou_desktop.domain.kinds import KINDS

from .entry import BAD, Entry
from .outbox import Outbox
from .save import Moment, Saver
from .view import View

ANNOTATE = "annotate"  # every kind with texts of its own has this row


class Resolver:
    """Settles commands that need a person."""

    def __init__(self, outbox: Outbox, view: View, saver: Saver) -> None:
        self._outbox = outbox
        self._view = view
        self._saver = saver

    def needs_a_person(self, command: CommandId) -> Entry | None:
        """The entry, if it is refused or parked."""
        entry = self._outbox.get(command)
        if entry and (entry.status in BAD or command in self._outbox.causes()):
            return entry
        return None

    def theirs(self, entry: Entry) -> None:
        """Drop mine."""
        self._outbox.write(msgspec.structs.replace(entry, status=OutboxStatus.DROPPED))
        self._view.forget()

    def mine(
        self,
        entry: Entry,
        moment: Moment,
        args: Mapping[str, Json] | None = None,
        fields: Mapping[str, FieldChange] | None = None,
    ) -> tuple[Submitted, ...]:
        """Issue it and its dependants anew. A refusal of the first changes nothing."""
        ids: dict[str, str] = {}
        chain = (entry, *self._outbox.below(entry.id))
        told: list[Submitted] = []
        for old in chain:
            draft = _again(old, ids, args if old is entry else None)
            if old is entry and fields:
                draft = msgspec.structs.replace(draft, fields={**draft.fields, **fields})
            draft = self._rebased(draft)
            new = self._saver.save(draft, moment, replaces=old)
            told.append(new)
            if new.forecast is Forecast.REFUSED:
                if old is entry:
                    break
                continue  # stays parked, in sight
            _map_ids(ids, old, new)
        return tuple(told)

    def merge(
        self, entry: Entry, moment: Moment, results: Mapping[str, Json]
    ) -> tuple[Submitted, ...]:
        """What was chosen, by field: texts of the record, and arguments of the refused command."""
        command, texts = entry.command, KINDS[entry.command.kind].merge_fields
        is_again = not results.keys() <= texts
        told = texts - command.args.keys() if is_again else texts
        fields = {
            name: FieldChange(base=None, new=str(results[name])) for name in told & results.keys()
        }
        if is_again:
            chosen = {name: value for name, value in results.items() if name not in told}
            return self.mine(entry, moment, {**command.args, **chosen}, fields)
        draft = Draft(
            kind=command.kind, record=command.record, transition=ANNOTATE, fields=fields,
            resolves=command.id,
        )  # fmt: skip
        return (self._saver.save(self._rebased(draft), moment, replaces=entry),)

    def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        """Withdraw a command that was never sent, with those that build on it."""
        entry = self._outbox.get(command)
        if entry is None or entry.status is not OutboxStatus.QUEUED or entry.first_epoch:
            return ()
        chain = (entry, *self._outbox.below(command))
        self._outbox.write(
            *(msgspec.structs.replace(one, status=OutboxStatus.DROPPED) for one in chain)
        )
        self._view.forget()
        return tuple(one.id for one in chain)

    def _rebased(self, draft: Draft) -> Draft:
        """The base of each text is what the record says now: the person has seen that."""
        found = self._view.find(draft.record) if draft.record and draft.fields else None
        if found is None:
            return draft
        body = found.record.body
        fields = {
            name: FieldChange(base=getattr(body, name, None), new=change.new)
            for name, change in draft.fields.items()
        }
        return msgspec.structs.replace(draft, fields=fields)


def _again(old: Entry, ids: Mapping[str, str], args: Mapping[str, Json] | None) -> Draft:
    command = old.command
    row = KINDS[command.kind].transition(command.transition)
    is_new = row is not None and row.creates
    record = RecordId(ids.get(command.record, command.record))
    given = command.args if args is None else args
    return Draft(
        kind=command.kind,
        record=None if is_new else record,
        transition=command.transition,
        args={name: _mapped(v, ids) for name, v in given.items()},
        fields=command.fields,
        resolves=command.id,
    )


def _map_ids(ids: dict[str, str], old: Entry, new: Submitted) -> None:
    if new.command is None:
        return
    ids[old.command.record] = ids.get(old.command.record, new.record)
    ids.update(zip(spawned_ids(old.id), spawned_ids(new.command), strict=True))


def _mapped(value: Json, ids: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_mapped(part, ids) for part in value]
    if isinstance(value, dict):
        return {name: _mapped(part, ids) for name, part in value.items()}
    return value
