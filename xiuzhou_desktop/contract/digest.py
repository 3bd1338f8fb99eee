"""The digest of one grant's records (sync.md §4.4): both sides compare what they hold without
sending it.

n and the XOR of BLAKE2b-64 over (id, seq). XOR has no order and is its own inverse, so a store
keeps it up to date line by line: `x ^= line_digest(id, old_seq) ^ line_digest(id, new_seq)`.
"""

import hashlib

from xiuzhou_desktop.contract.sync import GrantDigest


def line_digest(record: str, seq: int) -> int:
    """64 bits for one record as it stands."""
    return int.from_bytes(hashlib.blake2b(f"{record}/{seq}".encode(), digest_size=8).digest())


def grant_digest(n: int, x: int) -> GrantDigest:
    """The value on the wire: the XOR in 16 hex digits."""
    return GrantDigest(n=n, x=f"{x:016x}")
