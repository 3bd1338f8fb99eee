"""`backend session …` and `backend workstation …`: who is signed in, and from which
computers one may be.
"""

import argparse

import msgspec

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.cli.opened import opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.console import CONSOLE
from xiuzhou_desktop.backend.enrolment import Enrolment
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.contract.sessions import EnrolmentLine, Name
from xiuzhou_desktop.domain.canonical import format_instant


def list_sessions(asked: argparse.Namespace) -> int:
    """One line each: id, user, workstation, last renewed."""
    with opened(asked) as (store, _), store.snapshot() as connection:
        for one in Accounts(store).sessions(connection):
            renewed = format_instant(one.renewed_at)
            print(f"{one.id}\t{one.user}\t{one.workstation}\t{renewed}")
    return 0


def end(asked: argparse.Namespace) -> int:
    """One session by its id; its streams end within 15 seconds."""
    with opened(asked) as (store, _):
        Accounts(store).end_session(asked.session, CONSOLE.user)
    print(f"session {asked.session} ended")
    return 0


def invite(asked: argparse.Namespace) -> int:
    """A code for a workstation, told once."""
    try:
        name = msgspec.convert(asked.name, Name)
    except msgspec.ValidationError as error:
        raise RefusedError("a workstation's name has 1 to 80 characters") from error
    with opened(asked) as (store, _):
        code = Enrolment(store).invite(name, CONSOLE.user)
    print(f"code {code}")
    return 0


def remove(asked: argparse.Namespace) -> int:
    """Take a workstation off the list; nobody signs in from it any more."""
    with opened(asked) as (store, _):
        try:
            Enrolment(store).remove(asked.name, CONSOLE.user)
        except ProblemError as error:
            raise RefusedError(f"there is no workstation {asked.name}") from error
    print(f"workstation {asked.name} removed")
    return 0


def list_workstations(asked: argparse.Namespace) -> int:
    """One line each: name, since when it is enrolled or until when its code holds."""
    with opened(asked) as (store, _):
        for one in Enrolment(store).known():
            print(f"{one.workstation}\t{_since(one)}")
    return 0


def _since(one: EnrolmentLine) -> str:
    if one.enrolled_at is not None:
        return format_instant(one.enrolled_at)
    return f"invited until {format_instant(one.invited_until)}" if one.invited_until else ""
