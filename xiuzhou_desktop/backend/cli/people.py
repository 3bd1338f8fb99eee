"""`backend init` and `backend user …`: accounts, their roles, and the certificates that make an act
lawful.
"""

import argparse
import getpass
import secrets
import sys

from xiuzhou_desktop.backend.accounts import Accounts, NewAccount
from xiuzhou_desktop.backend.cli.opened import Opened, noted, opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.console import Console, NotDoneError
from xiuzhou_desktop.backend.store.persons import (
    Assignments,
    grant_role,
    is_known,
    list_persons,
    revoke_role,
)
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId, derived_id
from xiuzhou_desktop.domain.workflow import Role

FIRST = "admin"
OFFICER_SOURCE = "officer"


def init(asked: argparse.Namespace) -> int:
    """Make the first administrator; the password is told once."""
    with opened(asked) as place:
        store = place.store
        with store.snapshot() as connection:
            known = list_persons(connection)
        if known:
            raise RefusedError("this district has accounts already: use `user add`")
        password = secrets.token_urlsafe(12)
        first = NewAccount(
            user=FIRST, name="管理员", password=password,
            assignments=((Role.ADMINISTRATOR, DISTRICT),),
        )  # fmt: skip
        Accounts(store).add(first)
        noted(place, "user-add", FIRST, _held(first.assignments))
    print(f"user {FIRST}\npassword {password}")
    return 0


def add(asked: argparse.Namespace) -> int:
    """Make an account with its officer record."""
    password = _ask_password()
    with opened(asked) as place:
        if _is_known(place, asked.user):
            raise RefusedError(f"there is a user {asked.user} already")
        officer = _officer(Console(*place), asked)
        new = NewAccount(
            user=asked.user, name=asked.name or asked.user, password=password, officer=officer,
            assignments=((asked.role, asked.scope),),
        )  # fmt: skip
        Accounts(place.store).add(new)
        noted(place, "user-add", asked.user, _held(new.assignments))
    print(f"user {asked.user} added")
    return 0


def disable(asked: argparse.Namespace) -> int:
    """Shut an account; its sessions end at once."""
    with opened(asked) as place:
        if not Accounts(place.store).disable(asked.user):
            raise _unknown(asked.user)
        noted(place, "user-disable", asked.user)
    print(f"user {asked.user} disabled")
    return 0


def reset(asked: argparse.Namespace) -> int:
    """Set a new password; sessions end, a lock-out is lifted."""
    password = _ask_password()
    with opened(asked) as place:
        if not Accounts(place.store).reset_password(asked.user, password):
            raise _unknown(asked.user)
        noted(place, "user-reset", asked.user)
    print(f"user {asked.user} has a new password")
    return 0


def grant(asked: argparse.Namespace) -> int:
    """Give a role in a scope, a certificate, or both."""
    if asked.role is None and asked.certificate is None:
        raise RefusedError("say --role, --certificate, or both")
    with opened(asked) as place:
        if not _is_known(place, asked.user):
            raise _unknown(asked.user)
        if asked.role is not None:
            with place.store.transaction() as connection:
                grant_role(connection, asked.user, asked.role, asked.scope)
            noted(place, "user-grant", asked.user, _held(((asked.role, asked.scope),)))
        if asked.certificate is not None:
            _officer(Console(*place), asked)
    print(f"user {asked.user} granted")
    return 0


def revoke(asked: argparse.Namespace) -> int:
    """Take a role in a scope away; workstations lose its records at their next pull."""
    with opened(asked) as place:
        with place.store.transaction() as connection:
            if not revoke_role(connection, asked.user, asked.role, asked.scope):
                raise RefusedError(f"{asked.user} is not {asked.role.value} in {asked.scope}")
        noted(place, "user-revoke", asked.user, _held(((asked.role, asked.scope),)))
    print(f"user {asked.user} is no longer {asked.role.value} in {asked.scope}")
    return 0


def list_all(asked: argparse.Namespace) -> int:
    """One line an account."""
    with opened(asked) as (store, _), store.snapshot() as connection:
        for one in list_persons(connection):
            held = _held(one.assignments)
            state = "disabled" if one.disabled else "active"
            print(f"{one.account.user}\t{one.account.name}\t{state}\t{held}")
    return 0


def _is_known(place: Opened, user: str) -> bool:
    with place.store.snapshot() as connection:
        return is_known(connection, user)


def _held(assignments: Assignments) -> str:
    return " ".join(f"{role.value}@{scope}" for role, scope in assignments)


def _officer(console: Console, asked: argparse.Namespace) -> RecordId:
    """The officer record of an account, made where it lacks, with the certificate given."""
    try:
        officer = console.external(OFFICER_SOURCE, asked.user) or _enrol(console, asked)
        if asked.certificate is not None:
            _certify(console, officer, asked)
    except NotDoneError as error:
        raise RefusedError(str(error)) from error
    return officer.id


def _enrol(console: Console, asked: argparse.Namespace) -> Record:
    named = {"user": asked.user, "name": asked.name or asked.user, "scope": asked.scope or DISTRICT}
    return console.create(Kind.OFFICER, derived_id(OFFICER_SOURCE, asked.user), "enrol", named)


def _certify(console: Console, officer: Record, asked: argparse.Namespace) -> None:
    if asked.valid_from is None or asked.valid_to is None:
        raise RefusedError("--certificate needs --valid-from and --valid-to")
    named = {
        "number": asked.certificate,
        "valid_from": asked.valid_from.isoformat(),
        "valid_to": asked.valid_to.isoformat(),
    }
    console.change(officer, "certify", named)


def _ask_password() -> str:
    """From the terminal, or the first line of stdin."""
    if sys.stdin.isatty():
        password = getpass.getpass("password: ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < 8:
        raise RefusedError("a password has at least 8 characters")
    return password


def _unknown(user: str) -> RefusedError:
    return RefusedError(f"there is no user {user}")
