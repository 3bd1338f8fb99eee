"""`backend session …` and `backend workstation …`: who is signed in, and from which
computers one may be.
"""

import argparse

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.cli.opened import noted, opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.console import CONSOLE
from xiuzhou_desktop.backend.enrolment import Enrolment
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
    with opened(asked) as place:
        code = Enrolment(place.store).invite(asked.name)
        noted(place, "workstation-invite", asked.name)
    print(f"code {code}")
    return 0


def remove(asked: argparse.Namespace) -> int:
    """Take a workstation off the list; nobody signs in from it any more."""
    with opened(asked) as place:
        if not Enrolment(place.store).remove(asked.name):
            raise RefusedError(f"there is no workstation {asked.name}")
        noted(place, "workstation-remove", asked.name)
    print(f"workstation {asked.name} removed")
    return 0


def list_workstations(asked: argparse.Namespace) -> int:
    """One line each: name, since when it is enrolled."""
    with opened(asked) as (store, _):
        for name, since in Enrolment(store).known():
            print(f"{name}\t{since}")
    return 0
