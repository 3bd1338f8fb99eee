"""The district's side of an access end: its key pair, tickets for workstations, and the safe.

The private key lies beside the other keys, outside the database and its backups; who has it opens
what officers could not send any more (`backend sealed open`).
"""

import hashlib
import hmac
from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, sealed
from xiuzhou_desktop.contract.sealing import (
    SealedContent,
    SealedKept,
    SealedSay,
    Sealing,
    open_with,
    public_of,
)
from xiuzhou_desktop.domain.canonical import format_instant

MOST_OF_A_USER = 50  # a ticket that leaked fills no disk
LONGEST_NAME = 80


class Safe:
    """Keeps sealed work."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._private_key = store.sealing_key

    def sealing_for(self, user: str) -> Sealing:
        """What a workstation of this user keeps for the end."""
        public = public_of(self._private_key).hex()
        return Sealing(public_key=public, ticket=self._ticket(user))

    def keep(self, said: SealedSay, at: datetime) -> SealedKept:
        """Put it away. Raises ProblemError."""
        if not hmac.compare_digest(said.ticket.encode(), self._ticket(said.user).encode()):
            raise ProblemError("forbidden", "ticket")
        if not said.sealed or said.sealed != said.sealed.lower() or not _is_hex(said.sealed):
            raise ProblemError("malformed", "sealed")
        kept = SealedKept(id=hashlib.sha256(bytes.fromhex(said.sealed)).hexdigest())
        with self._store.transaction() as connection:
            is_full = sealed.count_of(connection, said.user) >= MOST_OF_A_USER
            if is_full and sealed.one(connection, kept.id) is None:
                raise ProblemError("too-many-requests")
            sealed.keep(
                connection,
                {
                    "id": kept.id, "user": said.user,
                    "workstation": said.workstation[:LONGEST_NAME], "commands": said.commands,
                    "sealed": said.sealed, "at": format_instant(at),
                },
            )  # fmt: skip
        return kept

    def open(self, content: bytes) -> SealedContent | None:
        """What is inside; None where it is damaged or another district's."""
        plain = open_with(self._private_key, content)
        return None if plain is None else msgspec.json.decode(plain, type=SealedContent)

    def _ticket(self, user: str) -> str:
        said = f"sealed work of {user}".encode()
        return hmac.new(self._store.mac_key, said, hashlib.blake2b).hexdigest()[:64]


def _is_hex(text: str) -> bool:
    try:
        bytes.fromhex(text)
    except ValueError:
        return False
    return len(text) % 2 == 0
