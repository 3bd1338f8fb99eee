"""`backend sealed …`: what officers could not send before their access ended."""

import argparse
import json
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.cli.opened import opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.sealed_work import Safe
from xiuzhou_desktop.backend.store import Store, sealed
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.contract.sealing import SealedContent, SealedSay


def list_all(asked: argparse.Namespace) -> int:
    """One line each: id, user, workstation, commands, when."""
    with opened(asked) as (store, _), store.snapshot() as connection:
        for one in sealed.all_kept(connection):
            print(f"{one.id}\t{one.user}\t{one.workstation}\t{one.commands}\t{one.at}")
    return 0


def open_one(asked: argparse.Namespace) -> int:
    """The commands as JSON on stdout, files below --files; who opened what is in the audit."""
    with opened(asked) as (store, clock):
        content = _content(asked.what, Safe(store), store)
        with store.writing() as tables:
            tables.note(
                Note(
                    at=clock.now(), who="console", act="sealed-open", subject=content.user,
                    detail=f"{len(content.commands)} commands of {content.workstation}",
                )
            )  # fmt: skip
    for blob, held in content.files.items() if asked.files else ():
        asked.files.mkdir(parents=True, exist_ok=True)
        (asked.files / blob.replace(":", "-")).write_bytes(bytes.fromhex(held))
    shown = msgspec.structs.replace(content, files={blob: "…" for blob in content.files})
    print(json.dumps(msgspec.to_builtins(shown), ensure_ascii=False, indent=2))
    return 0


def _content(what: str, safe: Safe, store: Store) -> SealedContent:
    """By id, or the file that a workstation left. Raises RefusedError."""
    if Path(what).is_file():
        said = msgspec.json.decode(Path(what).read_bytes(), type=SealedSay)
        found = safe.open(bytes.fromhex(said.sealed))
    else:
        with store.snapshot() as connection:
            row = sealed.one(connection, what)
        if row is None:
            raise RefusedError(f"there is no sealed work {what}, and no such file")
        found = safe.open(bytes.fromhex(row.sealed))
    if found is None:
        raise RefusedError("it is damaged, or sealed to another district's key")
    return found
