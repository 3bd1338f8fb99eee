"""Gateways of text messages: none, and the provider `demo`, which behaves as a real one does
without sending anything.

send ─► accepted (kept by key in its own file, outside our database) ─► receipt after some seconds
    of business time
    └─► failure: switched on, or a number that ends in 0000 is out of service
"""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import Delivery, Failure
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.notice_body import NoticeFailure

RECEIPT_AFTER = timedelta(seconds=20)
DEAD_NUMBER = "0000"


class NoGateway:
    """A district that has no provider yet: every notice fails at once, and says why."""

    deduplicates = True

    def send(self, key: str, number: str, words: str) -> Failure | None:
        """Never accepted."""
        del key, number, words
        return Failure(cause=NoticeFailure.SMS_FAILED.value, detail="no gateway is set up")

    def knows(self, key: str) -> bool:
        """Nothing was ever accepted."""
        del key
        return False

    def receipt(self, key: str, now: datetime) -> Delivery | None:
        """Nothing was ever delivered."""
        del key, now
        return None


class Accepted(Struct, frozen=True, kw_only=True):
    """A message as the demo provider keeps it."""

    key: str
    number: str
    words: str
    at: datetime


class DemoGateway:
    """The provider `demo`; what it accepted lies in `file`, one line a message, as it would lie
    with a real one.
    """

    deduplicates = True

    def __init__(self, file: Path, clock: BusinessClock) -> None:
        self.failing = False
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._accepted = {one.key: one for one in _read(file)}

    def send(self, key: str, number: str, words: str) -> Failure | None:
        """Accept a message, once a key."""
        if self.failing or number.endswith(DEAD_NUMBER):
            return Failure(cause=NoticeFailure.SMS_FAILED.value)
        with self._lock:
            if key not in self._accepted:
                one = Accepted(key=key, number=number, words=words, at=self._clock.now())
                with self._file.open("ab") as file:
                    file.write(canonical(one) + b"\n")
                self._accepted[key] = one
        return None

    def knows(self, key: str) -> bool:
        """Whether a message with that key was accepted."""
        return key in self._accepted

    def receipt(self, key: str, now: datetime) -> Delivery | None:
        """Delivered some seconds after it was accepted."""
        one = self._accepted.get(key)
        if one is None or now < one.at + RECEIPT_AFTER:
            return None
        return Delivery(key=key, at=one.at + RECEIPT_AFTER)


def _read(file: Path) -> list[Accepted]:
    if not file.exists():
        return []
    lines = file.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Accepted) for line in lines if line]
