"""Looks at a party 当事人: by whom the right is held, in the audit with the purpose.

    party-look   its numbers were opened            the purpose that was given
    party-find   a number, name or address was asked for     likewise
    party-sent   party records went to a workstation         case-work, and which

No look without its row: the numbers' row is written in the transaction that opens the seal, the
records' before the answer goes out. What a case says of its party is no look: who may see the case
may know whom it is about (docs/decisions/0014).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, audit, records
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import Grant
from xiuzhou_desktop.domain.party import KEEPERS, SEALED, SOUGHT

FOUND_BY = {**SEALED, **SOUGHT}
CASE_WORK = "case-work"  # the purpose for which a role's right to party records is given


class PartyDesk:
    """Opens, finds, and notes."""

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
        """Parties with a number, a name, an address. Raises ProblemError."""
        given = {name: value for name in FOUND_BY if (value := getattr(asked, name)) is not None}
        if len(given) != 1:
            raise ProblemError("malformed", f"one of {', '.join(FOUND_BY)}")
        if not any(role in KEEPERS for role, _ in person.assignments):
            raise ProblemError("forbidden")
        [(name, value)] = given.items()
        with self._store.transaction() as connection:
            every = self._store.vault.find(connection, name, FOUND_BY[name](value))
            pairs = [(one, records.find_with_grant(connection, one)) for one in every]
            mine = tuple(one for one, found in pairs if found and found.grant in person.grants)
            audit.append(connection, self._note(person, "party-find", name, asked.purpose))
        return PartyFound(records=mine)

    async def note_sent(self, person: Person, parties: Sequence[str]) -> None:
        """Before an answer that shows these party records goes out, if any."""
        if parties:
            await self._store.write(lambda: self._sent(person, parties))

    def _sent(self, person: Person, parties: Sequence[str]) -> None:
        told = f"{CASE_WORK}: {' '.join(parties)}"
        with self._store.transaction() as connection:
            audit.append(connection, self._note(person, "party-sent", str(len(parties)), told))

    def _note(self, person: Person, act: str, subject: str, purpose: str) -> Note:
        return Note(
            at=self._now(), who=person.account.user, act=act, subject=subject, detail=purpose
        )
