"""Persons as one transaction sees them: an account with its roles, and what these grant."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import schema as s
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.contract.sync import Account
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


def read_person(connection: Connection, user: str) -> Person:
    """An account with its roles. Raises ProblemError when there is none or it is disabled."""
    rows = [PersonRow(*row) for row in _ONE_PERSON.rows(connection, {"wanted": user})]
    if not rows:
        raise ProblemError("session-ended")
    if rows[0].disabled:
        raise ProblemError("account-disabled")
    return _person(rows)


def list_persons(connection: Connection) -> tuple[Person, ...]:
    """Every account, by name."""
    by_user: dict[str, list[PersonRow]] = {}
    for row in connection.execute(_PERSON.order_by(s.account.c.user)):
        by_user.setdefault(row.user, []).append(PersonRow(*row))
    return tuple(_person(rows) for rows in by_user.values())


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


_PERSON = select(
    s.account.c.user,
    s.account.c.name,
    s.account.c.officer,
    s.account.c.disabled,
    s.account_role.c.role,
    s.account_role.c.scope,
    # fmt: skip
).join_from(s.account, s.account_role, s.account.c.user == s.account_role.c.user, isouter=True)
_ONE_PERSON = Prepared(_PERSON.where(s.account.c.user == bindparam("wanted")))
