"""Numbers of persons, sealed: what a party's command carries and no record shows.

    seal   AES-GCM under a key outside the database, bound to the record it belongs to
    blind  HMAC-SHA256 of a number: equal numbers are found again, none can be read back or guessed
           without the key

Names and addresses stand in the records: everybody who may read a case needs them.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, insert, select

from xiuzhou_desktop.backend.store.schema import party_index, party_secret
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.ids import RecordId

NONCE_BYTES = 12


class OtherKeyError(Exception):
    """Sealed under another key, or for another record."""


class Vault:
    """Seals, opens and finds, within the caller's transaction."""

    def __init__(self, key: bytes) -> None:
        self._sealing = AESGCM(_derived(key, b"seal"))
        self._index_key = _derived(key, b"index")

    def keep(self, connection: Connection, record: str, values: Mapping[str, str]) -> None:
        """Put these beside what is kept of a record; a new number takes the old one's place."""
        held = {**self.open(connection, record), **values}
        connection.execute(delete(party_secret).where(party_secret.c.record_id == record))
        connection.execute(delete(party_index).where(party_index.c.record_id == record))
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._sealing.encrypt(nonce, canonical(held), record.encode())
        connection.execute(
            insert(party_secret), {"record_id": record, "sealed": base64.b64encode(sealed).decode()}
        )
        rows = [{"blind": self.blind(*one), "record_id": record} for one in held.items()]
        connection.execute(insert(party_index), rows)

    def open(self, connection: Connection, record: str) -> dict[str, str]:
        """Name → number; nothing where nothing is kept. Raises OtherKeyError."""
        kept = connection.execute(_SEALED, {"wanted": record}).scalar_one_or_none()
        if kept is None:
            return {}
        sealed = base64.b64decode(kept)
        try:
            plain = self._sealing.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], record.encode()
            )
        except InvalidTag as error:
            raise OtherKeyError(record) from error
        return msgspec.json.decode(plain, type=dict[str, str])

    def find(self, connection: Connection, name: str, value: str) -> tuple[RecordId, ...]:
        """Records of which that number is kept."""
        rows = connection.execute(_FOUND, {"wanted": self.blind(name, value)})
        return tuple(RecordId(one) for one in rows.scalars())

    def blind(self, name: str, value: str) -> str:
        """By what a number is found again."""
        return hmac.new(self._index_key, f"{name}:{value}".encode(), hashlib.sha256).hexdigest()


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, use, hashlib.sha256).digest()


_SEALED = select(party_secret.c.sealed).where(party_secret.c.record_id == bindparam("wanted"))
_FOUND = (
    select(party_index.c.record_id)
    .where(party_index.c.blind == bindparam("wanted"))
    .order_by(party_index.c.record_id)
)
