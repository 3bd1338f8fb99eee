"""Work that outlives its officer's access: sealed by the workstation to the district's public key
before the workstation's own keys are destroyed (sync.md §4.4 *Access end*).

    SyncSession.sealing ──kept──► access ends ──► seal_to(public) ──► POST /v1/sealed, or a file
    DIR/keys/sealing.key ───────────────────────────────────────► open_with(private): `sealed open`

X25519 with a key of its own for each sealing, HKDF-SHA256, AES-256-GCM. `ticket` proves that the
workstation was once let in: an account that is shut has no session any more.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Struct

from .problems import Problem

KEY_BYTES, NONCE_BYTES = 32, 12
SEALED_BYTES = 16 * 1024 * 1024  # of the body; a larger one stays a file
ABOUT = b"xiuzhou sealed work 1"


class Sealing(Struct, frozen=True, kw_only=True):
    """What a workstation keeps from its session: the public key in hex, and its ticket."""

    public_key: str
    ticket: str


class SealedCommand(Struct, frozen=True, kw_only=True):
    """One command that was never confirmed, and what the server had said of it."""

    command: Command
    status: str
    problem: Problem | None = None


class SealedContent(Struct, frozen=True, kw_only=True):
    """What is inside: whose work, why it was sealed, and the files that commands name, in hex."""

    user: str
    name: str
    workstation: str
    sealed_at: datetime
    reason: str
    commands: tuple[SealedCommand, ...]
    files: Mapping[str, str] = {}


class SealedSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /v1/sealed`. `sealed` in hex."""

    user: str
    ticket: str
    workstation: str
    commands: int
    sealed: str


class SealedKept(Struct, frozen=True, kw_only=True):
    """The answer: it is kept under this id; the same again is the same."""

    id: str


def seal_to(public_key: bytes, plain: bytes) -> bytes:
    """Readable only with the private key. Raises ValueError for what is no key."""
    ours = X25519PrivateKey.generate()
    shared = ours.exchange(X25519PublicKey.from_public_bytes(public_key))
    head, nonce = ours.public_key().public_bytes_raw(), secrets.token_bytes(NONCE_BYTES)
    return head + nonce + AESGCM(_derived(shared, head)).encrypt(nonce, plain, ABOUT)


def open_with(private_key: bytes, sealed: bytes) -> bytes | None:
    """The plain bytes; None where they are damaged or sealed to another key."""
    head, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
    try:
        ours = X25519PrivateKey.from_private_bytes(private_key)
        shared = ours.exchange(X25519PublicKey.from_public_bytes(head))
        return AESGCM(_derived(shared, head)).decrypt(
            nonce, sealed[KEY_BYTES + NONCE_BYTES :], ABOUT
        )
    except (InvalidTag, ValueError):
        return None


def public_of(private_key: bytes) -> bytes:
    """The public half."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=ABOUT).derive(shared)
