"""What an administrator does with accounts from a workstation: each act is one transaction with its
row in the audit, and none of them leaves the district without an administrator.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from xiuzhou_desktop.backend.accounts import LONGEST_USER, Accounts
from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, audit, codec, persons
from xiuzhou_desktop.backend.store import schema as s
from xiuzhou_desktop.backend.store.persons import NewPerson, Person
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.contract.administration import (
    AccountAct,
    AccountLine,
    AccountList,
    AccountSay,
    Held,
)
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.canonical import parse_instant
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.workflow import Role

READERS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
PASSWORD_BYTES = 9  # twelve letters, told once
Acts = Mapping[AccountAct, Callable[[Connection, AccountSay], None]]
Draws = Mapping[AccountAct, Callable[[Connection, AccountSay, str], None]]


class AccountOffice:
    """Accounts, read and changed on behalf of a signed-in person."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store = store
        self._accounts = accounts

    def listed(self, connection: Connection, asker: Person) -> AccountList:
        """Every account. Raises ProblemError `forbidden`."""
        _need(asker, READERS)
        return AccountList(accounts=_lines(connection))

    def act(self, asker: Person, said: AccountSay, now: datetime) -> AccountList:
        """One act, and the list as it is then. Raises ProblemError."""
        _need(asker, frozenset({Role.ADMINISTRATOR}))
        _refuse_odd(said)
        drawn = secrets.token_urlsafe(PASSWORD_BYTES) if said.act in _DRAWS else None
        hashed = self._accounts.hashed(drawn) if drawn else ""
        with self._store.transaction() as connection:
            if said.act in _DRAWS:
                _DRAWS[said.act](connection, said, hashed)
            else:
                _ACTS[said.act](connection, said)
            audit.append(connection, _note(asker, said, now))
            return AccountList(accounts=_lines(connection), password=drawn)


def _need(asker: Person, roles: frozenset[Role]) -> None:
    if not any(role in roles and scope == DISTRICT for role, scope in asker.assignments):
        raise ProblemError("forbidden")


def _refuse_odd(said: AccountSay) -> None:
    is_named = said.user.isprintable() and 0 < len(said.user) <= LONGEST_USER
    if not is_named or " " in said.user or len(said.name) > LONGEST_USER:
        raise ProblemError("malformed", "user")
    if said.officer is not None and len(said.officer) > codec.LIMITS["id"]:
        raise ProblemError("malformed", "officer")
    if said.scope is not None and said.scope not in SCOPES:
        raise ProblemError("malformed", "scope")


def _held(said: AccountSay) -> tuple[Role, Scope]:
    if said.role is None or said.scope is None or said.role in (Role.SYSTEM, Role.DEVICE):
        raise ProblemError("malformed", "role")
    return said.role, said.scope


def _add(connection: Connection, said: AccountSay, hashed: str) -> None:
    new = NewPerson(
        user=said.user, name=said.name or said.user, officer=said.officer, password_hash=hashed,
        made_at=wall_clock(), assignments=(_held(said),),
    )  # fmt: skip
    persons.add_person(connection, new)


def _reset(connection: Connection, said: AccountSay, hashed: str) -> None:
    if not persons.set_password(connection, said.user, hashed):
        raise ProblemError("not-found")


def _grant(connection: Connection, said: AccountSay) -> None:
    if not persons.is_known(connection, said.user):
        raise ProblemError("not-found")
    persons.grant_role(connection, said.user, *_held(said))


def _revoke(connection: Connection, said: AccountSay) -> None:
    if not persons.revoke_role(connection, said.user, *_held(said)):
        raise ProblemError("not-found")


def _disable(connection: Connection, said: AccountSay) -> None:
    if not persons.disable(connection, said.user):
        raise ProblemError("not-found")


def _enable(connection: Connection, said: AccountSay) -> None:
    if not persons.enable(connection, said.user):
        raise ProblemError("not-found")


def _lines(connection: Connection) -> tuple[AccountLine, ...]:
    made = dict(connection.execute(select(s.account.c.user, s.account.c.made_at)).all())
    return tuple(
        AccountLine(
            user=one.account.user, name=one.account.name, officer=one.account.officer,
            held=tuple(Held(role=role, scope=scope) for role, scope in one.assignments),
            disabled=one.disabled, made_at=parse_instant(made[one.account.user]),
        )
        for one in persons.list_persons(connection)
    )  # fmt: skip


def _note(asker: Person, said: AccountSay, now: datetime) -> Note:
    detail = f"{said.role}@{said.scope}" if said.role else ""
    act = f"account.{said.act.value}"
    return Note(at=now, who=asker.account.user, act=act, subject=said.user, detail=detail)


_ACTS: Acts = {
    AccountAct.GRANT: _grant, AccountAct.REVOKE: _revoke, AccountAct.DISABLE: _disable,
    AccountAct.ENABLE: _enable,
}  # fmt: skip
_DRAWS: Draws = {AccountAct.ADD: _add, AccountAct.RESET: _reset}
