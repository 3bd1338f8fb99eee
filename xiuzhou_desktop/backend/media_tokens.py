"""Tickets for players: a URL that libVLC opens carries no header, so it carries a token for that
path and a minute.

token = expiry . MAC(path, expiry), with a key outside the database; nothing is stored.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.problems import ProblemError

TOKEN_FOR = timedelta(seconds=60)


class MediaTokens:
    """Gives and checks tickets; on real time."""

    def __init__(self, key: bytes, wall: Callable[[], datetime] = wall_clock) -> None:
        self._key = key
        self._wall = wall

    def give(self, path: str) -> tuple[str, datetime]:
        """A ticket for one path and when it ends."""
        until = self._wall() + TOKEN_FOR
        expiry = str(int(until.timestamp()))
        return f"{expiry}.{self._mac(path, expiry)}", until

    def check(self, token: str, path: str) -> None:
        """Raises ProblemError for a ticket of another path, another backend or another minute."""
        expiry, _, mac = token.partition(".")
        is_ours = hmac.compare_digest(mac.encode(), self._mac(path, expiry).encode())
        if not is_ours or int(expiry) < self._wall().timestamp():
            raise ProblemError("signed-out", "media token")

    def _mac(self, path: str, expiry: str) -> str:
        raw = hmac.new(self._key, f"{path} {expiry}".encode(), hashlib.blake2b).digest()[:24]
        return base64.urlsafe_b64encode(raw).decode()
