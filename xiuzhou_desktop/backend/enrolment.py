"""Workstations that an administrator has let in.

    administrator  invite NAME ──► code (a day, once)
    workstation    code ──► key, kept on it; shown at each sign-in where `enrolled_only` holds

Only hashes are stored. A session bears the name under which its workstation was let in. Taking one
off the list shuts its next sign-in.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, audit
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.schema import workstation as table
from xiuzhou_desktop.contract.sessions import Enrolled
from xiuzhou_desktop.domain.canonical import format_instant

CODE_FOR = timedelta(days=1)
CODE_BYTES, KEY_BYTES = 10, 32
LONGEST_NAME = 80


class Enrolment:
    """The list of workstations."""

    def __init__(self, store: Store, wall: Callable[[], datetime] = wall_clock) -> None:
        self._store = store
        self._wall = wall

    def invite(self, name: str) -> str:
        """A code for that workstation, told once; a key that it had is worth nothing now."""
        code = secrets.token_hex(CODE_BYTES)
        until = format_instant(self._wall() + CODE_FOR)
        with self._store.transaction() as connection:
            connection.execute(delete(table).where(table.c.name == name[:LONGEST_NAME]))
            connection.execute(
                insert(table).values(
                    name=name[:LONGEST_NAME], code_hash=_hash(code), code_until=until
                )
            )
        return code

    def enrol(self, code: str) -> Enrolled:
        """The workstation's key for a code, which is spent by it. Raises ProblemError."""
        key, now = secrets.token_urlsafe(KEY_BYTES), format_instant(self._wall())
        with self._store.transaction() as connection:
            by_code = table.c.code_hash == _hash(code)
            row = connection.execute(select(table).where(by_code)).first()
            if row is None or row.code_until <= now:
                raise ProblemError("bad-code")
            connection.execute(
                update(table)
                .where(by_code)
                .values(code_hash=None, code_until=None, key_hash=_hash(key), enrolled_at=now)
            )
            self._note(connection, row.name)
        return Enrolled(workstation=row.name, key=key)

    def admit(self, key: str | None, said: str) -> str:
        """Before a sign-in: the workstation's name, its own where it is enrolled, else what it says
        of itself. Raises ProblemError where only enrolled ones may and this is none.
        """
        with self._store.snapshot() as connection:
            known = select(table.c.name).where(table.c.key_hash == _hash(key or ""))
            name: str | None = connection.execute(known).scalar()
            if name is None and self._store.surroundings(connection).policy.enrolled_only:
                raise ProblemError("not-enrolled")
        return name or said

    def remove(self, name: str) -> bool:
        """Take one off the list; whether it was on it."""
        with self._store.transaction() as connection:
            return connection.execute(delete(table).where(table.c.name == name)).rowcount == 1

    def known(self) -> tuple[tuple[str, str], ...]:
        """Every workstation and since when it is enrolled, or until when its code holds."""
        with self._store.snapshot() as connection:
            rows = connection.execute(select(table).order_by(table.c.name)).all()
        return tuple(
            (row.name, row.enrolled_at or f"invited until {row.code_until}") for row in rows
        )

    def _note(self, connection: Connection, name: str) -> None:
        note = Note(
            at=self._wall(), who=name[:64], act="workstation-enrol", subject=name, detail=""
        )
        audit.append(connection, note)


def _hash(secret: str) -> str:
    return hashlib.blake2b(secret.encode(), digest_size=32).hexdigest()
