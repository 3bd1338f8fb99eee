"""The password as this computer remembers it: a lock opens, and persons change, with no server.

Only a slow hash of it, and that within the session file, which lies under the profile's key.
"""

import hashlib
import hmac
import secrets

COST, BLOCK = 2**15, 8  # 32 MiB and about 80 ms for each guess
SALT_BYTES = 16


def remembered(password: str) -> str:
    """What is kept of it. Takes its time: call it off the event loop."""
    salt = secrets.token_bytes(SALT_BYTES)
    return f"{salt.hex()}:{_slow(password, salt)}"


def is_same(kept: str, password: str) -> bool:
    """Whether this is the one. Takes its time: call it off the event loop."""
    salt, _, slow = kept.partition(":")
    return hmac.compare_digest(_slow(password, bytes.fromhex(salt)), slow)


def _slow(password: str, salt: bytes) -> str:
    room = 2 * 128 * COST * BLOCK
    told = password.encode()
    return hashlib.scrypt(told, salt=salt, n=COST, r=BLOCK, p=1, maxmem=room).hex()
