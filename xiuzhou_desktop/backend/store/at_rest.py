"""Texts at rest: whatever names a party 当事人 lies sealed, and is opened for whoever may read it.

    record.doc · transition_log.image · receipt.result ──laid──► "~" AES-GCM ──opened──► JSON

Records of the groups case and party (`domain.envelope.SEALED`) are sealed whole, so that a field
of tomorrow is sealed without anybody's thinking of it. The columns by which facts are found stay
as they are: state, scope, area, dates, and the subject key, which is a plate or an organisation's
public code. The vault goes with the engine, so every connection of the store can do both.
"""

from sqlalchemy import Connection, Engine

from xiuzhou_desktop.backend.store.vault import Vault
from xiuzhou_desktop.domain.envelope import SEALED

MARK = "~"  # no JSON text begins with it
ENDS = tuple(f":{group.value}" for group in SEALED)


def equip(engine: Engine, vault: Vault) -> None:
    """Give every connection of this engine the vault."""
    engine.update_execution_options(vault=vault)


def lend(connection: Connection, vault: Vault) -> None:
    """Give it to this one connection."""
    connection.execution_options(vault=vault)


def vault_of(connection: Connection) -> Vault:
    """The vault of the district that this connection belongs to."""
    vault = connection.get_execution_options().get("vault")
    if not isinstance(vault, Vault):
        raise AssertionError("a connection that was not opened by the store")
    return vault


def is_sealed(grant: str) -> bool:
    """Whether texts under that grant lie sealed."""
    return grant.endswith(ENDS)


def laid(connection: Connection, grant: str, text: str) -> str:
    """The text as it is stored under that grant."""
    return seal(connection, text) if is_sealed(grant) else text


def seal(connection: Connection, text: str) -> str:
    """The text under the district's key."""
    return MARK + vault_of(connection).seal(text.encode(), MARK)


def opened(connection: Connection, text: str) -> str:
    """The text as it was laid. Raises OtherKeyError."""
    if not text.startswith(MARK):
        return text
    return vault_of(connection).unseal(text[len(MARK) :], MARK).decode()


def opened_bytes(connection: Connection, text: bytes) -> bytes:
    """The same of a text's bytes."""
    if not text.startswith(MARK.encode()):
        return text
    return vault_of(connection).unseal(text[len(MARK) :].decode(), MARK)
