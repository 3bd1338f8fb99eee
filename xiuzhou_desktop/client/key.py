"""The profile's key: 256 random bits in the OS keyring, else in a file that only its owner can read
(doctor names it).

A raw key opens a file in 4 ms where a passphrase's derivation costs 219 ms (sync.md §1).
"""

import os
import secrets
from enum import StrEnum
from pathlib import Path

import keyring
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from keyring.errors import KeyringError

SERVICE = "xiuzhou-desktop"
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_FILE = "key"


class KeyPlace(StrEnum):
    """Where a profile's key lies."""

    KEYRING = "keyring"
    FILE = "file"


def load_or_make_key(folder: Path) -> tuple[bytes, KeyPlace]:
    """The key of the profile in this folder.

    A file wins over the keyring: it was written where there was none.
    """
    path = folder / KEY_FILE
    if path.exists():
        return bytes.fromhex(path.read_text("ascii").strip()), KeyPlace.FILE
    name = str(folder.resolve())
    known = _from_keyring(name)
    if known:
        return known, KeyPlace.KEYRING
    key = secrets.token_bytes(KEY_BYTES)
    if _into_keyring(name, key):
        return key, KeyPlace.KEYRING
    _into_file(path, key)
    return key, KeyPlace.FILE


def destroy_key(folder: Path) -> None:
    """Whatever the key had sealed can never be read again."""
    path = folder / KEY_FILE
    if path.exists():
        path.write_bytes(b"0" * path.stat().st_size)
        path.unlink()
    try:
        keyring.delete_password(SERVICE, str(folder.resolve()))
    except (KeyringError, RuntimeError):
        return


def seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    """AES-256-GCM; `about` binds the bytes to their name."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes | None:
    """The plain bytes; None where they are damaged or another key's."""
    whole = memoryview(sealed)  # a slice of it is no copy
    try:
        return AESGCM(key).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        return None


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _from_keyring(name: str) -> bytes | None:
    try:
        text = keyring.get_password(SERVICE, name)
    except (KeyringError, RuntimeError):
        return None
    return bytes.fromhex(text) if text else None


def _into_keyring(name: str, key: bytes) -> bool:
    try:
        keyring.set_password(SERVICE, name, key.hex())
    except (KeyringError, RuntimeError):
        return False
    return _from_keyring(name) == key  # some backends accept and forget


def _into_file(path: Path, key: bytes) -> None:
    write_private(path, key.hex().encode())
