"""`backend init` and `backend user …`."""

import argparse
import getpass
import secrets
import sys

from xiuzhou_desktop.backend.accounts import Accounts, NewAccount, list_persons
from xiuzhou_desktop.backend.cli.opened import opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.domain.workflow import Role

FIRST = "admin"


def init(asked: argparse.Namespace) -> int:
    """Make the first administrator; the password is told once."""
    with opened(asked) as store:
        with store.snapshot() as connection:
            known = list_persons(connection)
        if known:
            raise RefusedError("this district has accounts already: use `user add`")
        password = secrets.token_urlsafe(12)
        Accounts(store).add(
            NewAccount(
                user=FIRST, name="管理员", password=password,
                assignments=((Role.ADMINISTRATOR, DISTRICT),),
            )
        )  # fmt: skip
    print(f"user {FIRST}\npassword {password}")
    return 0


def ask_password() -> str:
    """From the terminal, or the first line of stdin."""
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.readline().rstrip("\n")
