"""Secrets of an installation, each a file of 32 bytes beside its database."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

KEY_BYTES = 32


def read_key(file: Path) -> bytes:
    """A secret of this installation, made at first use; only its owner may read it. Of several
    processes that want it first one makes it, whole, and all have the same.
    """
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent) as made:  # 0600
            made.write(secrets.token_bytes(KEY_BYTES))
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileExistsError):  # another process was quicker: its key holds
                file.hardlink_to(made.name)
    return file.read_bytes()


def mark_of(key: bytes) -> str:
    """By which a key is known again; tells nothing of it."""
    return hmac.new(key, b"mark", hashlib.sha256).hexdigest()
