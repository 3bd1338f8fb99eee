"""The cursor: opaque to clients, `c2.` + base64url of {epoch, seq, hash of the sorted grants}
(sync.md §4.1).
"""

import base64
import binascii
import hashlib
from functools import lru_cache

import msgspec

from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Struct

PREFIX = "c2."
MAX_LENGTH = 400


class Cursor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in the feed under a set of grants."""

    epoch: str
    seq: int
    grants: str

    def text(self) -> str:
        """As the client keeps it."""
        return _text(self)


@lru_cache(maxsize=256)  # every page of a load names the same place
def _text(cursor: Cursor) -> str:
    return PREFIX + base64.urlsafe_b64encode(canonical(cursor)).decode().rstrip("=")


@lru_cache(maxsize=256)
def grants_hash(grants: frozenset[str]) -> str:
    """Two sets of grants are the same set."""
    return hashlib.blake2b(" ".join(sorted(grants)).encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=256)  # a workstation at rest asks from one place again and again
def parse_cursor(text: str) -> Cursor:
    """The place that a client kept. Raises ProblemError."""
    if not text.startswith(PREFIX) or len(text) > MAX_LENGTH:
        raise ProblemError("bad-cursor")
    padded = text[len(PREFIX) :] + "=" * (-len(text[len(PREFIX) :]) % 4)
    try:
        return msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=Cursor
        )
    except (binascii.Error, ValueError) as error:
        raise ProblemError("bad-cursor") from error
