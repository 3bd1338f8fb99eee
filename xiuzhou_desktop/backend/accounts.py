"""Accounts: who they are, what they may, and the proof that it is them.

    password ─sign_in─► Tokens(access 30 min, refresh 14 days) ─refresh─► the next Tokens; a refresh
        token is used once

Tokens are random and only their hashes are stored. A refresh token that comes a second time was
stolen: its session ends. All times here are real time, since a demonstration's business clock may
stand in another year.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, or_, select, update

from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, audit, persons, sessions
from xiuzhou_desktop.backend.store import schema as s
from xiuzhou_desktop.backend.store.persons import Assignments, NewPerson, Person
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.contract.sessions import SessionLine
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId
from xiuzhou_desktop.domain.workflow import Actor, Role

ACCESS_FOR = timedelta(
    minutes=30
)  # a revoked session is refused at once anyway: each call looks it up
REFRESH_FOR = timedelta(days=14)  # longest time offline (72 h) and a holiday
LONGEST_USER = 64
LONGEST_NAME = 80
SPENT_FOR = timedelta(seconds=60)  # a client that was killed comes back within a minute
FAILURES = 5
BUCKETS = 4096  # rows that invented names may fill
LOCKED_FOR = timedelta(minutes=15)
SYSTEM = Actor(
    user="system", name="系统", roles=frozenset({Role.SYSTEM}),
    grants=grants_for([(Role.SYSTEM, DISTRICT)]),
)  # fmt: skip


class NewAccount(Struct, frozen=True, kw_only=True):
    """What an administrator says of a new account."""

    user: str
    name: str
    password: str
    assignments: Assignments
    officer: RecordId | None = None


class Accounts:
    """The door: passwords in, tokens out, tokens in, persons out."""

    def __init__(self, store: Store, wall: Callable[[], datetime] = wall_clock) -> None:
        self._store = store
        self._wall = wall
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._no_one = self._hasher.hash(secrets.token_hex(8))  # unknown users cost the same time

    def hashed(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(password)

    def add(self, new: NewAccount) -> None:
        """Make an account. Raises ProblemError `account-exists`."""
        person = NewPerson(
            user=new.user, name=new.name, officer=new.officer, assignments=new.assignments,
            password_hash=self.hashed(new.password), made_at=self._wall(),
        )  # fmt: skip
        with self._store.transaction() as connection:
            persons.add_person(connection, person)

    def reset_password(self, user: str, password: str) -> bool:
        """Set a new password, end all sessions, lift a lock-out; whether there is such a user."""
        hashed = self.hashed(password)
        with self._store.transaction() as connection:
            return persons.set_password(connection, user, hashed)

    def disable(self, user: str) -> bool:
        """Shut an account; whether there is such a user. Raises ProblemError where it is the last
        administrator's.
        """
        with self._store.transaction() as connection:
            return persons.disable(connection, user)

    def sign_in(self, user: str, password: str, workstation: str) -> Tokens:
        """Tokens for the right password. Raises ProblemError."""
        if len(user) > LONGEST_USER:
            raise ProblemError("wrong-password")
        with self._store.snapshot() as connection:
            row = connection.execute(select(s.account).where(s.account.c.user == user)).first()
        counted_as = user if row else bucket_of(user)
        self._refuse_locked_out(counted_as)
        if not self._is_password(row, password):
            self._count_failure(counted_as)
            raise ProblemError("wrong-password")
        if row is None or row.disabled:
            raise ProblemError("account-disabled")
        with self._store.transaction() as connection:
            persons.forget_failures(connection, user)
            self._note(connection, user, "sign-in", workstation)
            return self._open_session(connection, user, workstation)

    def refresh(self, token: str) -> Tokens:
        """The next tokens for a refresh token, which is spent by it. Raises ProblemError.

        Soon after it was spent it is taken once more: its client may have died before it kept the
        answer. Later it was stolen, and its session ends.
        """
        spent = _hash(token)
        with self._store.transaction() as connection:
            row = connection.execute(_BY_REFRESH, {"wanted": spent}).first()
            if row is not None and row.disabled:
                raise ProblemError("account-disabled")
            tokens = None
            if row is not None and self._may_refresh(row, spent):
                tokens = self._rotate(connection, row.id, spent)
            elif row is not None:
                connection.execute(delete(s.session).where(s.session.c.id == row.id))
                self._note(connection, row.user, "session-stolen", row.id)
        if tokens is None:
            raise ProblemError("session-ended")
        return tokens

    def _may_refresh(self, row: Row[str, str, str, str, str, bool], spent: str) -> bool:
        now = self._wall()
        rotated_lately = row.access_until > format_instant(now + ACCESS_FOR - SPENT_FOR)
        is_alive: bool = row.refresh_until > format_instant(now)
        return is_alive and (row.refresh_hash == spent or rotated_lately)

    def sign_out(self, access: str) -> None:
        """End the session of an access token."""
        with self._store.transaction() as connection:
            ended = delete(s.session).where(s.session.c.access_hash == _hash(access))
            for row in connection.execute(ended.returning(s.session.c.user, s.session.c.id)):
                self._note(connection, row.user, "sign-out", row.id)

    def sessions(self, connection: Connection) -> tuple[SessionLine, ...]:
        """Who is signed in where."""
        return sessions.all_open(connection, self._wall(), ACCESS_FOR)

    def end_session(self, session: str, by: str) -> None:
        """End somebody's session. Raises ProblemError `not-found`."""
        with self._store.transaction() as connection:
            user = sessions.end(connection, session)
            if user is None:
                raise ProblemError("not-found")
            note = Note(at=self._wall(), who=by, act="session-end", subject=user, detail=session)
            audit.append(connection, note)

    def person_of(self, connection: Connection, access: str) -> Person:
        """Who holds this access token now. Raises ProblemError."""
        rows = _BY_ACCESS.rows(connection, {"wanted": _hash(access)})
        if not rows or rows[0][0] <= format_instant(self._wall()):
            raise ProblemError("signed-out")
        return persons.in_service(persons.person_of(row[1:] for row in rows))

    def _is_password(self, row: Row[tuple[object, ...]] | None, password: str) -> bool:
        try:
            self._hasher.verify(row.password_hash if row else self._no_one, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return row is not None

    def _refuse_locked_out(self, user: str) -> None:
        with self._store.snapshot() as connection:
            row = connection.execute(_failures_of(user)).first()
        since = format_instant(self._wall() - LOCKED_FOR)
        if row and row.failures >= FAILURES and row.last_at > since:
            raise ProblemError("locked-out", minutes=LOCKED_FOR // timedelta(minutes=1))

    def _count_failure(self, user: str) -> None:
        now = self._wall()
        with self._store.transaction() as connection:
            row = connection.execute(_failures_of(user)).first()
            is_recent = row is not None and row.last_at > format_instant(now - LOCKED_FOR)
            count = 1 + (row.failures if row and is_recent else 0)
            persons.forget_failures(connection, user)
            connection.execute(
                insert(s.sign_in_failure).values(
                    user=user, failures=count, last_at=format_instant(now)
                )
            )
            self._note(connection, user, "sign-in-refused", f"failure {count}")

    def _note(self, connection: Connection, user: str, act: str, subject: str) -> None:
        """A row of the audit. An invented name stands there as its bucket: people type passwords
        into the wrong field.
        """
        audit.append(
            connection, Note(at=self._wall(), who=user, act=act, subject=subject, detail="")
        )

    def _open_session(self, connection: Connection, user: str, workstation: str) -> Tokens:
        tokens, hashes = self._tokens()
        connection.execute(
            insert(s.session).values(
                id=str(uuid4()),
                user=user,
                workstation=workstation[:LONGEST_NAME],
                opened_at=format_instant(self._wall()),
                **hashes,
            )
        )
        return tokens

    def _rotate(self, connection: Connection, session: str, spent: str) -> Tokens:
        tokens, hashes = self._tokens()
        connection.execute(
            update(s.session).where(s.session.c.id == session).values(spent_hash=spent, **hashes)
        )
        return tokens

    def _tokens(self) -> tuple[Tokens, dict[str, str]]:
        now = self._wall()
        tokens = Tokens(
            access=secrets.token_urlsafe(32), refresh=secrets.token_urlsafe(32),
            expires_at=now + ACCESS_FOR,
        )  # fmt: skip
        return tokens, {
            "access_hash": _hash(tokens.access),
            "access_until": format_instant(tokens.expires_at),
            "refresh_hash": _hash(tokens.refresh),
            "refresh_until": format_instant(now + REFRESH_FOR),
        }


def bucket_of(invented: str) -> str:
    """Under which name failures of a name that nobody has are counted: there are few such names,
    whatever is invented, and a known user's count is never pushed out.
    """
    digest = hashlib.blake2b(invented.encode(), digest_size=4).digest()
    return f"?{int.from_bytes(digest) % BUCKETS}"


def _failures_of(user: str) -> Select[tuple[str, int, str]]:
    return select(s.sign_in_failure).where(s.sign_in_failure.c.user == user)


def _hash(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


_BY_ACCESS = Prepared(
    select(s.session.c.access_until, *persons.PERSON)
    .join_from(s.session, s.account, s.session.c.user == s.account.c.user)
    .outerjoin(s.account_role, s.account_role.c.user == s.account.c.user)
    .where(s.session.c.access_hash == bindparam("wanted"))
)
_BY_REFRESH = (
    select(
        s.session.c.id,
        s.session.c.user,
        s.session.c.refresh_hash,
        s.session.c.refresh_until,
        s.session.c.access_until,
        s.account.c.disabled,
    )
    .join(s.account, s.account.c.user == s.session.c.user)
    .where(
        or_(
            s.session.c.refresh_hash == bindparam("wanted"),
            s.session.c.spent_hash == bindparam("wanted"),
        )
    )
)
