"""Is the district's key at hand the one under which its parties lie sealed? (decision 0014)

    no key, nothing sealed here yet ──► made           no key, a district that has one ──► refused
    a key ──► its mark is noted in `sync_meta.key_mark` at the first start, compared at each later

Made anew in the place of a lost one, or by a second server for itself, it would seal a second half
that the first key does not open. What a district sealed before the mark was noted is tried instead.
"""

from sqlalchemy import Connection, inspect, select

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import meta
from xiuzhou_desktop.backend.store.at_rest import MARK
from xiuzhou_desktop.backend.store.migrating import UnusableError
from xiuzhou_desktop.backend.store.schema import party_secret, record, sync_meta, transition_log
from xiuzhou_desktop.backend.store.vault import (
    OtherKeyError,
    Vault,
    has_key,
    key_file,
    vault_of_district,
)
from xiuzhou_desktop.domain.envelope import SEALED
from xiuzhou_desktop.domain.kinds import KINDS

SEALED_KINDS = tuple(kind.value for kind, spec in KINDS.items() if spec.group in SEALED)


def district_vault(connection: Connection, settings: Settings) -> Vault:
    """The vault; its key is made where the district has none yet. Raises UnusableError."""
    refuse_lost_key(connection, settings)
    return vault_of_district(settings)


def refuse_lost_key(connection: Connection, settings: Settings) -> None:
    """Raises UnusableError where this district has a key and it is not here."""
    if has_key(settings):
        return
    if _noted(connection) is not None or _something_sealed(connection) is not None:
        raise UnusableError(
            f"the key of this district's parties is missing, {key_file(settings)}: put it back from"
            " where the keys are kept apart from backups, or from the district's other server"
        )


def refuse_other_key(connection: Connection, vault: Vault) -> None:
    """Raises UnusableError where this district's parties lie sealed under another key."""
    noted = _noted(connection)
    if noted is None:
        is_its_own = _opens(vault, _something_sealed(connection))
    else:
        is_its_own = noted == vault.mark
    if not is_its_own:
        raise UnusableError(
            "this district's parties lie sealed under another key than keys/party.key or"
            " XIUZHOU_PARTY_KEY hold here: find the right one and put it back"
        )


def hold_to_key(connection: Connection, vault: Vault) -> None:
    """From now on the district has this key. Raises UnusableError where it has another."""
    refuse_other_key(connection, vault)
    if _noted(connection) is None:
        meta.note_key(connection, vault.mark)


def _noted(connection: Connection) -> str | None:
    """The mark, where the schema knows of it and a server has started since."""
    if not _has_column(connection, sync_meta.name, sync_meta.c.key_mark.name):
        return None
    noted: str | None = connection.execute(select(sync_meta.c.key_mark)).scalar()
    return noted


def _has_column(connection: Connection, table: str, column: str) -> bool:
    looked = inspect(connection)
    return looked.has_table(table) and column in {one["name"] for one in looked.get_columns(table)}


def _something_sealed(connection: Connection) -> tuple[str, str] | None:
    """A text that lies sealed here, and what it is about; looked for where an index finds it."""
    has = inspect(connection).has_table
    if has(party_secret.name):
        number = connection.execute(
            select(party_secret.c.sealed, party_secret.c.record_id).limit(1)
        ).first()
        if number is not None:
            return number.sealed, number.record_id
    for table, column in ((record, record.c.doc), (transition_log, transition_log.c.image)):
        if not has(table.name):
            continue
        of_parties = select(column).where(table.c.kind.in_(SEALED_KINDS)).limit(1)
        text: str | None = connection.execute(of_parties).scalar()
        if text is not None and text.startswith(MARK):
            return text.removeprefix(MARK), MARK
    return None


def _opens(vault: Vault, sealed: tuple[str, str] | None) -> bool:
    """Whether it does; nothing is opened by every key."""
    if sealed is None:
        return True
    try:
        vault.unseal(*sealed)
    except OtherKeyError:
        return False
    return True
