"""The three columns of a conflict: what the server holds beside what our command would have made.

Where that can no longer be forecast, the transition's table says the state, and the arguments stand
for the rest.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ui.records.sentences import NOTHING, Sentences
from ui.shell.outbox_texts import expected_state
from xiuzhou_desktop.client.views import OutboxEntry
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import is_id, spawned_ids
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.plugin_api.context import Text

NAMED_ABOVE = ("reason", "category")  # arguments that have a line of their own


class ConflictRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the three columns."""

    label: str
    theirs: str
    mine: str
    field: str = ""  # a text that may be merged, or an argument of mine whose value may be chosen
    values: tuple[Json, Json] | None = None  # of an argument: theirs, mine, as they are sent

    @property
    def differs(self) -> bool:
        return self.theirs != self.mine


class ConflictTexts:
    """Sets the two against each other, in the window's language."""

    def __init__(self, text: Text, me: str) -> None:
        self._text, self._me = text, me
        self._names = Sentences(text)
        self._named: Mapping[str, str] = {}  # of the entry that is set out

    def rows(self, entry: OutboxEntry) -> list[ConflictRow]:
        """Nothing where the server's record is not known."""
        theirs, self._named = entry.theirs, entry.named
        if theirs is None:
            return []
        if entry.mine is None:
            fields = self._arguments(entry, theirs)
        else:
            fields = self._envelope(theirs, entry.mine)
            fields += self._body(entry, theirs, entry.mine)
        fields += self._texts(entry, theirs)
        rows = [*self._acts(entry, theirs), *self._reason(entry, theirs, fields), *fields]
        return [row for row in rows if {row.theirs, row.mine} != {NOTHING}]

    def _acts(self, entry: OutboxEntry, theirs: Record) -> list[ConflictRow]:
        names, kind = self._names, entry.command.kind
        last = theirs.log[-1] if theirs.log else None
        state = names.state(kind, theirs.state)
        return [
            self._pair("state", state, names.state(kind, expected_state(entry))),
            self._pair(
                "verb",
                names.transition(kind, last.name) if last else NOTHING,
                names.transition(kind, entry.command.transition),
            ),
            self._pair("actor", last.actor_name if last else NOTHING, self._me),
            self._pair("at", names.hms(last.at) if last else NOTHING, names.hms(entry.saved_at)),
        ]

    def _reason(
        self, entry: OutboxEntry, theirs: Record, fields: list[ConflictRow]
    ) -> list[ConflictRow]:
        """Why, unless a field with a name of its own says the same two."""
        last = theirs.log[-1] if theirs.log else None
        said = self._names.reason(last.reason) if last and last.reason else NOTHING
        row = self._pair("reason", said, self._given_reason(entry))
        is_said = any((one.theirs, one.mine) == (row.theirs, row.mine) for one in fields)
        return [] if is_said else [row]

    def _given_reason(self, entry: OutboxEntry) -> str:
        given = entry.command.args.get("reason") or entry.command.args.get("category")
        return self._names.reason(given) if isinstance(given, str) else NOTHING

    def _envelope(self, theirs: Record, mine: Record) -> list[ConflictRow]:
        pairs = (
            (name, getattr(theirs, name), getattr(mine, name))
            for name in ("due_at", "priority", "assignee")
        )
        return [
            self._pair(name.removesuffix("_at"), self._say(left), self._say(right))
            for name, left, right in pairs
            if left != right
        ]

    def _body(self, entry: OutboxEntry, theirs: Record, mine: Record) -> list[ConflictRow]:
        left, right = _fields(theirs.body), _fields(mine.body)
        return [
            self._chosen(entry, theirs, name, right.get(name))
            for name in left
            if left.get(name) != right.get(name)
            and name not in KINDS[theirs.kind].merge_fields
            and not self._is_yet_to_come(entry, right.get(name))
        ]

    def _is_yet_to_come(self, entry: OutboxEntry, value: object) -> bool:
        """A record that my command would have made with it, such as its message: there is nothing
        of it to compare. Any other that is not here differs all the same."""
        return value in spawned_ids(entry.command.id) and str(value) not in self._named

    def _chosen(self, entry: OutboxEntry, theirs: Record, name: str, mine: object) -> ConflictRow:
        """A field of the record, whose value may be chosen where an argument of mine says it."""
        row = self._field(theirs.kind, name, _fields(theirs.body).get(name), mine)
        held, given = to_json(theirs.body), entry.command.args
        if not isinstance(held, dict) or name not in held or name not in given or not row.differs:
            return row
        return msgspec.structs.replace(row, field=name, values=(held[name], given[name]))

    def _texts(self, entry: OutboxEntry, theirs: Record) -> list[ConflictRow]:
        """Texts of mine that can stand beside theirs."""
        held, made = _fields(theirs.body), _fields(entry.mine.body if entry.mine else None)
        rows = []
        for name in sorted(KINDS[theirs.kind].merge_fields):
            change = entry.command.fields.get(name)
            mine = change.new if change else entry.command.args.get(name) or made.get(name)
            if mine and mine != held.get(name):
                row = self._field(theirs.kind, name, held.get(name), mine)
                rows.append(msgspec.structs.replace(row, field=name))
        return rows

    def _arguments(self, entry: OutboxEntry, theirs: Record) -> list[ConflictRow]:
        return [
            self._chosen(entry, theirs, name, value)
            for name, value in entry.command.args.items()
            if name not in NAMED_ABOVE and name not in KINDS[theirs.kind].merge_fields
        ]

    def _field(self, kind: Kind, name: str, theirs: object, mine: object) -> ConflictRow:
        label = self._names.field(kind, name)
        return ConflictRow(label=label, theirs=self._say(theirs), mine=self._say(mine))

    def _pair(self, name: str, theirs: str, mine: str) -> ConflictRow:
        return ConflictRow(label=self._text(f"outbox.conflict.{name}"), theirs=theirs, mine=mine)

    def _say(self, value: object) -> str:
        if value is None or value in ("", (), []):
            return NOTHING
        if isinstance(value, datetime):
            return self._names.day_hm(value)
        if isinstance(value, list | tuple):
            return f"{len(value):,}"
        if is_id(value):
            return self._named.get(str(value)) or self._text("outbox.conflict.not_here")
        return self._names.reason(str(value))


def _fields(body: object) -> dict[str, object]:
    return {name: getattr(body, name) for name in getattr(body, "__struct_fields__", ())}
