"""The digest of one grant's records: the same few lines on both sides, or it would compare nothing (sync.md §4.4, R21).

    x = XOR over the records of BLAKE2b-64(id ‖ "|" ‖ seq); empty = 0. Incremental: XOR a row out, XOR its successor in.
"""

import hashlib

from .sync import GrantDigest


def record_hash(record: str, seq: int) -> int:
    """What one record adds to the XOR of its grant."""
    raw = hashlib.blake2b(f"{record}|{seq}".encode(), digest_size=8).digest()
    return int.from_bytes(raw, "big")


def grant_digest(count: int, xor: int) -> GrantDigest:
    """The digest as it travels."""
    return GrantDigest(n=count, x=f"{xor:016x}")
