"""Persons as one transaction sees them: an account with its roles, and what these grant."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import schema as s
from xiuzhou_desktop.backend.store import sessions
from xiuzhou_desktop.backend.store.prepared import PlainRow, Prepared
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.grants import acting_grants, grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, RecordId, Scope
from xiuzhou_desktop.domain.workflow import Actor, Role

Assignments = tuple[tuple[Role, Scope], ...]
CHIEF = (Role.ADMINISTRATOR, DISTRICT)


class PersonRow(NamedTuple):
    """An account beside one of its roles, or beside none."""

    user: str
    name: str
    officer: RecordId | None
    disabled: bool
    role: str | None
    scope: str | None


class Person(Struct, frozen=True, kw_only=True):
    """An account as one transaction sees it."""

    account: Account
    assignments: Assignments
    disabled: bool = False

    @property
    def grants(self) -> frozenset[Grant]:
        """Everything that it may read."""
        return grants_for(self.assignments)

    def actor(self, grant: Grant | None) -> Actor:
        """Who acts on a record under `grant`: only the roles held there count. None: a record yet
        to be made.
        """
        roles = (
            role
            for role, scope in self.assignments
            if grant is None or grant in acting_grants(role, scope)
        )
        return Actor(
            user=self.account.user, name=self.account.name, officer=self.account.officer,
            roles=frozenset(roles), grants=self.grants,
        )  # fmt: skip


class NewPerson(Struct, frozen=True, kw_only=True):
    """An account to be made."""

    user: str
    name: str
    password_hash: str
    made_at: datetime
    assignments: Assignments
    officer: RecordId | None = None


def read_person(connection: Connection, user: str) -> Person:
    """An account with its roles. Raises ProblemError when there is none or it is disabled."""
    return in_service(person_of(_ONE_PERSON.rows(connection, {"wanted": user})))


def person_of(found: Iterable[PlainRow]) -> Person | None:
    """The account in rows of the columns PERSON; None where they hold none."""
    rows = [PersonRow(*row) for row in found]
    return _person(rows) if rows and rows[0].user is not None else None


def in_service(person: Person | None) -> Person:
    """Who may act. Raises ProblemError when there is no such account or it is disabled."""
    if person is None:
        raise ProblemError("session-ended")
    if person.disabled:
        raise ProblemError("account-disabled")
    return person


def list_persons(connection: Connection) -> tuple[Person, ...]:
    """Every account, by name."""
    by_user: dict[str, list[PersonRow]] = {}
    for row in connection.execute(_PERSON.order_by(s.account.c.user)):
        by_user.setdefault(row.user, []).append(PersonRow(*row))
    return tuple(_person(rows) for rows in by_user.values())


def is_known(connection: Connection, user: str) -> bool:
    """Whether there is such an account, shut or not."""
    wanted = select(s.account.c.user).where(s.account.c.user == user)
    return connection.execute(wanted).first() is not None


def add_person(connection: Connection, new: NewPerson) -> None:
    """Make an account with its roles. Raises ProblemError `account-exists`."""
    if is_known(connection, new.user):
        raise ProblemError("account-exists", user=new.user)
    connection.execute(
        insert(s.account).values(
            user=new.user, name=new.name, officer=new.officer, password_hash=new.password_hash,
            disabled=False, made_at=format_instant(new.made_at),
        )
    )  # fmt: skip
    for role, scope in new.assignments:
        grant_role(connection, new.user, role, scope)


def set_password(connection: Connection, user: str, password_hash: str) -> bool:
    """Its sessions end, a lock-out is lifted; whether there is such an account."""
    sessions.end_all_of(connection, user)
    forget_failures(connection, user)
    return _changed(connection, user, password_hash=password_hash)


def disable(connection: Connection, user: str) -> bool:
    """Shut an account; whether there is such a one. Its sessions stay, and are answered
    `account-disabled`, so that workstations know why. Raises ProblemError where it is the last
    administrator's.
    """
    refuse_without_administrator(connection, user)
    return _changed(connection, user, disabled=True)


def enable(connection: Connection, user: str) -> bool:
    """Open it again; whether there is such an account."""
    return _changed(connection, user, disabled=False)


def forget_failures(connection: Connection, user: str) -> None:
    """Wrong passwords so far count no longer."""
    connection.execute(delete(s.sign_in_failure).where(s.sign_in_failure.c.user == user))


def _changed(connection: Connection, user: str, **values: object) -> bool:
    found = update(s.account).where(s.account.c.user == user).values(**values)
    return connection.execute(found).rowcount == 1


def revoke_role(connection: Connection, user: str, role: Role, scope: Scope) -> bool:
    """Take a role in a scope away; whether it was held. Raises ProblemError."""
    if (role, scope) == CHIEF:
        refuse_without_administrator(connection, user)
    held = delete(s.account_role).where(
        s.account_role.c.user == user, s.account_role.c.role == role.value,
        s.account_role.c.scope == scope,
    )  # fmt: skip
    return connection.execute(held).rowcount == 1


def grant_role(connection: Connection, user: str, role: Role, scope: Scope) -> None:
    """Give an account a role in a scope; again changes nothing."""
    known = select(s.account_role).where(
        s.account_role.c.user == user, s.account_role.c.role == role.value,
        s.account_role.c.scope == scope,
    )  # fmt: skip
    if connection.execute(known).first() is None:
        connection.execute(insert(s.account_role).values(user=user, role=role.value, scope=scope))


def refuse_without_administrator(connection: Connection, user: str) -> None:
    """Nobody shuts the last administrator of the district out, himself included. Raises
    ProblemError.
    """
    chiefs = {
        one.account.user
        for one in list_persons(connection)
        if CHIEF in one.assignments and not one.disabled
    }
    if chiefs == {user}:
        raise ProblemError("last-administrator")


def _person(rows: Iterable[PersonRow]) -> Person:
    all_rows = list(rows)
    held = tuple((Role(row.role), Scope(row.scope)) for row in all_rows if row.role and row.scope)
    first = all_rows[0]
    account = Account(
        user=first.user, name=first.name, officer=first.officer,
        roles=tuple(sorted({role for role, _ in held})),
    )  # fmt: skip
    return Person(account=account, assignments=held, disabled=bool(first.disabled))


PERSON = (
    s.account.c.user, s.account.c.name, s.account.c.officer, s.account.c.disabled,
    s.account_role.c.role, s.account_role.c.scope,
)  # fmt: skip
_PERSON = select(*PERSON).join_from(
    s.account, s.account_role, s.account.c.user == s.account_role.c.user, isouter=True
)
_ONE_PERSON = Prepared(_PERSON.where(s.account.c.user == bindparam("wanted")))
