"""The journal in memory, with all that is derived from it and never stored (sync.md §4.3).

queued ──► pending ──► parked    something it waits for was refused or withdrawn
                 └───► active    takes part in the view
                          └───► ready   everything in `after` is applied here
applied under another epoch ──► pending again (to be replayed)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import CommandId, Grant

from .entry import BAD, WITHDRAWN, Entry
from .keys import Key
from .store import CacheStore, JournalStore
from .stored import read_envelope


class _Derived(Struct, frozen=True, kw_only=True):
    """What follows from the entries under one epoch."""

    epoch: str | None
    pending: list[Entry]
    causes: dict[CommandId, CommandId]
    active: list[Entry]
    active_ids: tuple[CommandId, ...]


class Outbox:  # noqa: PLR0904 - all that follows from the journal
    """All commands of this profile, oldest first; every change goes through the journal before it
    is seen here.
    """

    def __init__(self, journal: JournalStore, cache: CacheStore) -> None:
        self._journal = journal
        self._cache = cache
        self._entries: dict[CommandId, Entry] = {}
        self._writers: dict[Key, list[CommandId]] = defaultdict(list)
        self._loose: dict[Key, list[CommandId]] = defaultdict(list)
        self._derived: _Derived | None = None
        for entry in journal.entries():
            self._hold(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, command: CommandId | None) -> Entry | None:
        """The entry of that command."""
        return self._entries.get(command) if command else None

    def next_seq(self) -> int:
        """The number of the next command."""
        last = next(reversed(self._entries.values()), None)
        return last.command.client_seq + 1 if last else 1

    def write(self, *entries: Entry) -> None:
        """Add or replace entries in one durable transaction."""
        self._journal.write(entries)
        for entry in entries:
            self._hold(entry)

    def forget_pictures(self, grants: frozenset[Grant]) -> None:
        """Drop what entries hold of records that lie outside these grants: the commands stay, they
        are the officer's own words.
        """
        outside = [e for e in self._entries.values() if _shows_outside(e, grants)]
        if outside:
            self.write(
                *(
                    msgspec.structs.replace(e, made=None, besides=None, current=None)
                    for e in outside
                )
            )

    # -- derived --------------------------------------------------------------------------------

    def pending(self) -> list[Entry]:
        """Commands that have still to be judged, oldest first."""
        return self._derive().pending

    def causes(self) -> dict[CommandId, CommandId]:
        """For each parked command the one because of which it is parked."""
        return self._derive().causes

    def active(self) -> list[Entry]:
        """Pending and not parked."""
        return self._derive().active

    def active_ids(self) -> tuple[CommandId, ...]:
        """Their ids: while these stay, the view needs no recomputing for the outbox's sake."""
        return self._derive().active_ids

    def is_pending(self, entry: Entry) -> bool:
        """Whether this epoch's server has still to judge it."""
        return entry.is_pending(self._cache.meta().epoch)

    def is_done(self, command: CommandId) -> bool:
        """Whether a cause is applied under this epoch. One that left the journal (30 days) is."""
        entry = self._entries.get(command)
        if entry is None:
            return True
        return entry.status is OutboxStatus.APPLIED and not self.is_pending(entry)

    def unsettled(self) -> list[Entry]:
        """What the outbox window shows: pending, parked, and what a person has to settle; oldest
        first.
        """
        epoch = self._cache.meta().epoch
        return [e for e in self._entries.values() if e.status in BAD or e.is_pending(epoch)]

    def below(self, command: CommandId) -> list[Entry]:
        """Pending commands that wait for this one, directly or not, oldest first."""
        under, found = {command}, []
        for entry in self.pending():
            if entry.id != command and under & set(entry.command.after):
                under.add(entry.id)
                found.append(entry)
        return found

    def writers_of(self, keys: Iterable[Key]) -> set[CommandId]:
        """Own commands whose saved or reported write set meets these keys."""
        return {command for key in keys for command in self._writers.get(key, ())}

    def loose_over(self, keys: Iterable[Key]) -> set[CommandId]:
        """Own undecided commands that may touch these keys."""
        return {command for key in keys for command in self._loose.get(key, ())}

    def reduced(self, hits: Iterable[CommandId]) -> tuple[CommandId, ...]:
        """The same waits with fewer names: what a named command itself waits for is left out.

        The server holds a command until all it names are applied, so the rest follows; a refusal
        parks along the chain.
        """
        ordered = sorted(hits, key=lambda c: self._entries[c].command.client_seq, reverse=True)
        wanted, covered, kept = set(ordered), set[CommandId](), list[CommandId]()
        for command in ordered:
            if command in covered:
                continue
            kept.append(command)
            self._cover(command, covered)
            if wanted <= covered:
                break
        return tuple(reversed(kept))

    # -- parts ----------------------------------------------------------------------------------

    def _cover(self, command: CommandId, covered: set[CommandId]) -> None:
        stack = [command]
        while stack:
            entry = self._entries.get(stack.pop())
            if entry is None or entry.id in covered:
                continue
            covered.add(entry.id)
            stack.extend(entry.command.after)

    def _hold(self, entry: Entry) -> None:
        command, prints = entry.id, entry.prints
        old = self._entries.get(command)
        self._entries[command] = entry
        for key in prints.writes - old.prints.writes if old else prints.writes:
            self._writers[key].append(command)
        for key in prints.loose - old.prints.loose if old else prints.loose:
            self._loose[key].append(command)
        self._derived = None

    def _derive(self) -> "_Derived":
        epoch = self._cache.meta().epoch
        if self._derived is None or self._derived.epoch != epoch:
            pending = [e for e in self._entries.values() if e.is_pending(epoch)]
            causes = self._parked(pending)
            active = [entry for entry in pending if entry.id not in causes]
            self._derived = _Derived(
                epoch=epoch, pending=pending, causes=causes, active=active,
                active_ids=tuple(entry.id for entry in active),
            )  # fmt: skip
        return self._derived

    def _parked(self, pending: Sequence[Entry]) -> dict[CommandId, CommandId]:
        why: dict[CommandId, CommandId] = {}
        for entry in pending:  # `after` names earlier commands only: one pass is enough
            for wait in entry.command.after:
                if wait in why or self._is_bad(wait):
                    why[entry.id] = why.get(wait, wait)
                    break
        return why

    def _is_bad(self, command: CommandId) -> bool:
        entry = self._entries.get(command)
        return entry is not None and (entry.status in BAD or entry.status in WITHDRAWN)


def _shows_outside(entry: Entry, grants: frozenset[Grant]) -> bool:
    held = (text for text in (entry.made, entry.current) if text is not None)
    return any(read_envelope(text.encode()).grant not in grants for text in held)
