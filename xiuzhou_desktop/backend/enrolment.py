"""Workstations that an administrator has let in.

    administrator  invite NAME ──► code (a day, once)
    workstation    code ──► key, kept on it; shown at each sign-in where `enrolled_only` holds

Only hashes are stored. A session bears the name under which its workstation was let in, and no
computer without its key signs in under that, even where others may. Taking one off the list shuts
its next sign-in.
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
from xiuzhou_desktop.contract.sessions import Enrolled, EnrolmentLine
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant

CODE_FOR = timedelta(days=1)
CODE_BYTES, KEY_BYTES = 10, 32


class Enrolment:
    """The list of workstations."""

    def __init__(self, store: Store, wall: Callable[[], datetime] = wall_clock) -> None:
        self._store = store
        self._wall = wall

    def invite(self, name: str, by: str) -> str:
        """A code for that workstation, told once; a key that it had is worth nothing now."""
        code = secrets.token_hex(CODE_BYTES)
        until = format_instant(self._wall() + CODE_FOR)
        with self._store.transaction() as connection:
            connection.execute(delete(table).where(table.c.name == name))
            connection.execute(
                insert(table).values(name=name, code_hash=_hash(code), code_until=until)
            )
            self._note(connection, by, "workstation-invite", name)
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
            self._note(connection, row.name, "workstation-enrol", row.name)
        return Enrolled(workstation=row.name, key=key)

    def admit(self, key: str | None, said: str) -> str:
        """Before a sign-in: the workstation's name, its own where it is enrolled, else what it says
        of itself. Raises ProblemError where this is none and only enrolled ones may, or it says the
        name of one.
        """
        with self._store.snapshot() as connection:
            known = select(table.c.name).where(table.c.key_hash == _hash(key or ""))
            name: str | None = connection.execute(known).scalar()
            if name is not None:
                return name
            if self._store.surroundings(connection).policy.enrolled_only:
                raise ProblemError("not-enrolled")
            key_of = select(table.c.key_hash).where(table.c.name == said)
            if connection.execute(key_of).scalar() is not None:
                raise ProblemError("not-enrolled", "the key of that workstation was not shown")
        return said

    def remove(self, name: str, by: str) -> None:
        """Take one off the list. Raises ProblemError `not-found`."""
        with self._store.transaction() as connection:
            if connection.execute(delete(table).where(table.c.name == name)).rowcount == 0:
                raise ProblemError("not-found")
            self._note(connection, by, "workstation-remove", name)

    def known(self) -> tuple[EnrolmentLine, ...]:
        """Every workstation, by name."""
        with self._store.snapshot() as connection:
            rows = connection.execute(select(table).order_by(table.c.name)).all()
        return tuple(
            EnrolmentLine(
                workstation=row.name,
                enrolled_at=parse_instant(row.enrolled_at) if row.enrolled_at else None,
                invited_until=parse_instant(row.code_until) if row.code_until else None,
            )
            for row in rows
        )

    def _note(self, connection: Connection, who: str, act: str, name: str) -> None:
        note = Note(at=self._wall(), who=who[:64], act=act, subject=name, detail="")
        audit.append(connection, note)


def _hash(secret: str) -> str:
    return hashlib.blake2b(secret.encode(), digest_size=32).hexdigest()
