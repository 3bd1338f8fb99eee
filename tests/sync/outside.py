"""The world outside the code under test: a gateway that delivers messages, a contact book, fuses
that end a process at a chosen write, and a wire that carries bytes.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from random import Random
from types import TracebackType
from typing import TypeVar

import msgspec

from xiuzhou_desktop.backend.hooks import Delivery, Failure
from xiuzhou_desktop.backend.store import Tables, TableStore

T = TypeVar("T")


class ServerCrash(BaseException):
    """The backend's process ends here."""


class Cut(Exception):
    """The body ended early, or no answer came: nothing was learnt."""


class Fuse:
    """Burns down with every write; where it ends, the process ends, before or after that write."""

    def __init__(self, end: type[BaseException]) -> None:
        self.end = end
        self.left: int | None = None
        self.is_before = False

    def draw(self, random: Random, most: int) -> None:
        """Light it: so many writes are left, the next of them may fail before or after."""
        self.left, self.is_before = random.randint(0, most), random.random() < 0.5

    def before(self) -> None:
        if self.left == 0 and self.is_before:
            self.left = None
            raise self.end

    def after(self) -> None:
        if self.left == 0:
            self.left = None
            raise self.end
        if self.left is not None:
            self.left -= 1


class FusedStore:
    """A table store whose process may end on either side of a commit."""

    def __init__(self, store: TableStore, fuse: Fuse) -> None:
        self.store, self.fuse, self.mac_key = store, fuse, store.mac_key
        self.reading = store.reading

    def writing(self) -> "FusedTurn":
        return FusedTurn(self.store.writing(), self.fuse)


class FusedTurn:
    """A turn at writing, and the fuse on either side of its commit."""

    def __init__(self, turn: AbstractContextManager[Tables], fuse: Fuse) -> None:
        self.turn, self.fuse = turn, fuse

    def __enter__(self) -> Tables:
        return self.turn.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        at: TracebackType | None,
    ) -> None:  # fmt: skip
        if error is not None:
            self.turn.__exit__(kind, error, at)
            return
        try:
            self.fuse.before()
        except ServerCrash as crash:
            self.turn.__exit__(ServerCrash, crash, crash.__traceback__)
            raise
        self.turn.__exit__(None, None, None)
        self.fuse.after()


class Provider:
    """A gateway outside: what it delivered, by key; one kind deduplicates, another does not."""

    def __init__(self, *, deduplicates: bool) -> None:
        self.deduplicates = deduplicates
        self.delivered: Counter[str] = Counter()
        self.fails = False
        self.crashes_after = False

    def send(self, key: str, number: str, words: str) -> Failure | None:
        assert number and words
        if self.fails:
            return Failure(cause="sms_failed")
        if not (self.deduplicates and self.delivered[key]):
            self.delivered[key] += 1
        if self.crashes_after:
            raise ServerCrash
        return None

    def knows(self, key: str) -> bool:
        return self.delivered[key] > 0

    def receipt(self, key: str, now: datetime) -> Delivery | None:
        return Delivery(key=key, at=now) if self.delivered[key] else None


class Contacts:
    """Every plate has a telephone."""

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        assert purpose
        return f"1390000{len(subject_key):04d}"


class Packages:
    """Case packages that were handed over, by key."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[object, object]] = {}

    def put(self, key: str, step: str, case: object, flag: object) -> None:
        del step
        self.held[key] = case, flag

    def has(self, key: str) -> bool:
        return key in self.held


class Wire:
    """What crosses is bytes; `cut` leaves the first so many of the next body."""

    def __init__(self) -> None:
        self.cut: Callable[[int], int] | None = None

    def carried(self, value: T, form: type[T]) -> T:
        """The value as the other side decodes it. Raises Cut."""
        raw = msgspec.json.encode(value)
        if self.cut is not None:
            raw, self.cut = raw[: self.cut(len(raw))], None
        try:
            return msgspec.json.decode(raw, type=form)
        except msgspec.DecodeError as error:
            raise Cut from error
