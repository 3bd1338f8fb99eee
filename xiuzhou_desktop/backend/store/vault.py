"""What is sealed under the district's key, which lies outside the database.

seal   AES-GCM: numbers of a party, bound to the record they belong to, and whole texts
       (at_rest.py)
blind  HMAC-SHA256 of a number, a name, an address: equal ones are found again, none can be
       read back or guessed without the key
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

    def seal(self, plain: bytes, about: str) -> str:
        """These bytes as text, to be opened only as being about the same."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._sealing.encrypt(nonce, plain, about.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unseal(self, text: str, about: str) -> bytes:
        """The bytes. Raises OtherKeyError."""
        sealed = base64.b64decode(text)
        try:
            return self._sealing.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except InvalidTag as error:
            raise OtherKeyError(about) from error

    def keep(self, connection: Connection, record: str, numbers: Mapping[str, str]) -> None:
        """Put these beside what is kept of a record; a new number takes the old one's place."""
        held = {**self.open(connection, record), **numbers}
        connection.execute(delete(party_secret).where(party_secret.c.record_id == record))
        sealed = self.seal(canonical(held), record)
        connection.execute(insert(party_secret), {"record_id": record, "sealed": sealed})
        self.index(connection, record, numbers)

    def open(self, connection: Connection, record: str) -> dict[str, str]:
        """Name → number; nothing where nothing is kept. Raises OtherKeyError."""
        kept = connection.execute(_SEALED, {"wanted": record}).scalar_one_or_none()
        if kept is None:
            return {}
        return msgspec.json.decode(self.unseal(kept, record), type=dict[str, str])

    def index(self, connection: Connection, record: str, values: Mapping[str, str]) -> None:
        """From now on the record is found by these values of these fields."""
        if not values:
            return
        connection.execute(_UNINDEX, {"wanted": record, "fields": list(values)})
        rows = [
            {"field": field, "blind": self.blind(field, value), "record_id": record}
            for field, value in values.items()
        ]
        connection.execute(insert(party_index), rows)

    def find(self, connection: Connection, field: str, value: str) -> tuple[RecordId, ...]:
        """Records that are found by that value."""
        asked = {"field": field, "wanted": self.blind(field, value)}
        return tuple(RecordId(one) for one in connection.execute(_FOUND, asked).scalars())

    def blind(self, field: str, value: str) -> str:
        """By what a value is found again."""
        return hmac.new(self._index_key, f"{field}:{value}".encode(), hashlib.sha256).hexdigest()


def forget(connection: Connection, record: str) -> None:
    """Nothing sealed outlives its record."""
    connection.execute(delete(party_secret).where(party_secret.c.record_id == record))
    connection.execute(delete(party_index).where(party_index.c.record_id == record))


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, use, hashlib.sha256).digest()


_SEALED = select(party_secret.c.sealed).where(party_secret.c.record_id == bindparam("wanted"))
_UNINDEX = delete(party_index).where(
    party_index.c.record_id == bindparam("wanted"),
    party_index.c.field.in_(bindparam("fields", expanding=True)),
)
_FOUND = (
    select(party_index.c.record_id)
    .where(party_index.c.field == bindparam("field"), party_index.c.blind == bindparam("wanted"))
    .order_by(party_index.c.record_id)
)
