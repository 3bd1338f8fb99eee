"""A portal as the ledger sees it, and the one of a district in service: a folder that both sides
watch.

    hand_over ─► DIR/outgoing/<key>.json        the portal's collector takes it from there
    listing   ◄─ DIR/listing.json               what the portal shows, written by its exporter

Nothing that a portal says counts but its listing: one that answers "accepted" and shows nothing has
published nothing.
"""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.publication_body import PublicNotice

LISTING = "listing.json"
OUTGOING = "outgoing"


class PortalError(Exception):
    """The portal refuses the notice, and says why."""


class Looked(NamedTuple):
    """When a portal's listing was read last and how many decisions it showed; `is_silent`: it has
    not answered since. `at` None: it never has.
    """

    master: CaseMaster
    at: datetime | None = None
    shown: int = 0
    is_silent: bool = True


class Shown(Struct, frozen=True, kw_only=True):
    """One line of a portal's listing; a decision that it shows twice has two."""

    decision_no: str
    receipt: str
    at: datetime


class Portal(Protocol):
    """Where decisions are shown to everybody. Each call may raise ConnectionError."""

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        """Ask for publication, once a key. Raises PortalError."""
        ...

    def take_down(self, decision_no: str, reason: str) -> None:
        """Ask for withdrawal; asked again as long as it is shown."""
        ...

    def listing(self) -> tuple[Shown, ...]:
        """Everything that it shows now."""
        ...


class PortalFolder:
    """The portal behind a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        """Drop the notice, whole or not at all."""
        self._drop(key, {"act": "publish", "key": key, "notice": notice})

    def take_down(self, decision_no: str, reason: str) -> None:
        """Drop the demand."""
        self._drop(
            f"withdraw/{decision_no}",
            {"act": "withdraw", "decision_no": decision_no, "reason": reason},
        )

    def listing(self) -> tuple[Shown, ...]:
        """What the exporter wrote last. Raises ConnectionError where it cannot be read: an
        unreadable listing is no empty one.
        """
        try:
            raw = (self._folder / LISTING).read_bytes()
            return msgspec.json.decode(raw, type=tuple[Shown, ...])
        except (OSError, msgspec.DecodeError) as error:
            raise ConnectionError(f"the portal's listing cannot be read: {error}") from error

    def _drop(self, key: str, what: object) -> None:
        folder = self._folder / OUTGOING
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        part = folder / f"{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(canonical(what))
            os.replace(part, folder / f"{name}.json")
        except OSError as error:
            raise ConnectionError(f"the portal's folder cannot be written: {error}") from error
