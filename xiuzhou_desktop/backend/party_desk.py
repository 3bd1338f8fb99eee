"""Looks at a party's numbers: by whom the right is held, in the audit with the purpose.

The row is written in the transaction that opens the seal: no look without its row.
"""

from collections.abc import Callable
from datetime import datetime

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, audit, records
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import Grant
from xiuzhou_desktop.domain.party import KEEPERS, SEALED


class PartyDesk:
    """Opens and finds."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def look(self, person: Person, asked: PartyLook) -> PartyNumbers:
        """The numbers of one party. Raises ProblemError."""
        with self._store.transaction() as connection:
            found = records.find_with_grant(connection, asked.record)
            if found is None or found.kind != Kind.PARTY.value or found.grant not in person.grants:
                raise ProblemError("not-found")
            if not person.actor(Grant(found.grant)).roles & KEEPERS:
                raise ProblemError("forbidden")
            numbers = self._store.vault.open(connection, asked.record)
            note = self._note(person, "party-look", asked.record, asked.purpose)
            audit.append(connection, note)
        return PartyNumbers(**numbers)

    def find(self, person: Person, asked: PartyFind) -> PartyFound:
        """Parties with a number. Raises ProblemError."""
        given = {name: value for name in SEALED if (value := getattr(asked, name)) is not None}
        if len(given) != 1:
            raise ProblemError("malformed", "one of resident_id, phone")
        if not any(role in KEEPERS for role, _ in person.assignments):
            raise ProblemError("forbidden")
        [(name, value)] = given.items()
        with self._store.transaction() as connection:
            every = self._store.vault.find(connection, name, SEALED[name](value))
            pairs = [(one, records.find_with_grant(connection, one)) for one in every]
            mine = tuple(one for one, found in pairs if found and found.grant in person.grants)
            audit.append(connection, self._note(person, "party-find", name, asked.purpose))
        return PartyFound(records=mine)

    def _note(self, person: Person, act: str, subject: str, purpose: str) -> Note:
        return Note(
            at=self._now(), who=person.account.user, act=act, subject=subject, detail=purpose
        )
