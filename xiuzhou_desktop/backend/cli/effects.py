"""`backend effects …`: messages of which only the provider knows whether they went out."""

import argparse

from xiuzhou_desktop.backend.cli.opened import opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.console import CONSOLE
from xiuzhou_desktop.backend.store import Store, effects
from xiuzhou_desktop.backend.store.effects import Owed
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.telling import Became, Teller, was_not_sent, was_sent
from xiuzhou_desktop.domain.canonical import format_instant

SAID = {"sent": was_sent, "not-sent": was_not_sent}
CAME_OF_IT = {
    Became.TOLD: "it went out, and the flag goes on as with any message that was sent",
    Became.KEPT: "it went out; nothing else waited for that",
    Became.NOTICE_OVER: "it went out, but the notice is over (notice-over): its flag stays as is",
    Became.CORRECTED: "it went out, and its notice was voided since: a correction goes out next",
    Became.QUEUED: "it did not go out; it is sent with the next turn",
    Became.DROPPED: "it did not go out, and its notice is over by now: it is not sent any more",
}


def list_asked(asked: argparse.Namespace) -> int:
    """One line each: the provider's key, kind, record, since when."""
    with opened(asked) as (store, _), store.snapshot() as connection:
        for one in effects.in_doubt(connection):
            print(f"{one.key}\t{one.kind.value}\t{one.record}\t{format_instant(one.at)}")
    return 0


def settle(asked: argparse.Namespace) -> int:
    """What the provider says of that key; who said so is in the audit."""
    with opened(asked) as (store, clock):
        owed = _in_doubt(store, asked.key)
        teller = Teller(Desk(store, clock), clock)
        with store.writing() as tables:
            became = SAID[asked.said](tables, teller, owed)
            if became is None:
                raise RefusedError(f"somebody settled {asked.key} meanwhile")
            tables.note(
                Note(
                    at=clock.now(), who=CONSOLE.user, act="effect-settle", subject=asked.key,
                    detail=asked.said,
                )
            )  # fmt: skip
    print(f"{asked.key}: {CAME_OF_IT[became]}")
    return 0


def _in_doubt(store: Store, key: str) -> Owed:
    """Raises RefusedError."""
    with store.snapshot() as connection:
        found = next((one for one in effects.in_doubt(connection) if one.key == key), None)
    if found is None:
        raise RefusedError(f"no effect {key} is in doubt: see `backend effects list`")
    return found
