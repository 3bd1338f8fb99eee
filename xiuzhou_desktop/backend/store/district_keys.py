"""Are the keys at hand the district's own? (decision 0014)

    no key, a district that has none yet ──► made      no key, a district that has one ──► refused
    a key ──► its mark is noted in `sync_meta` at the first start, compared at each later

Made anew in the place of a lost one, or by a second server for itself, a key leaves two halves
that no one key opens: parties, receipts that prove nothing, work sealed by workstations to the
public half that they hold. What a district of before a mark left behind is tried instead.
"""

import os
import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, Connection, inspect, select, update

from xiuzhou_desktop.backend.receipt_proof import is_ours
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.at_rest import MARK
from xiuzhou_desktop.backend.store.keys import mark_of, read_key
from xiuzhou_desktop.backend.store.migrating import UnusableError
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.schema import (
    party_secret,
    receipt,
    record,
    sealed_work,
    sync_meta,
    transition_log,
)
from xiuzhou_desktop.backend.store.vault import OtherKeyError, Vault
from xiuzhou_desktop.domain.envelope import SEALED
from xiuzhou_desktop.domain.kinds import KINDS

SEALED_KINDS = tuple(kind.value for kind, spec in KINDS.items() if spec.group in SEALED)
HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")

Witness = Callable[[bytes], bool]  # is it this key?


class DistrictKeys(NamedTuple):
    """The secrets that a district has once and for ever."""

    party: bytes
    receipt: bytes
    sealing: bytes


class Watched(NamedTuple):
    """One of them: where it lies, where its mark is noted, what it left behind before that."""

    file: str
    variable: str | None  # of the environment, as 64 hex digits, instead of the file
    mark: Column[str]
    witness: Callable[[Connection], Witness | None]


def district_keys(connection: Connection, settings: Settings) -> DistrictKeys:
    """Those of this district, made where it has none yet. Raises UnusableError."""
    refuse_lost_keys(connection, settings)
    keys = DistrictKeys(*(_read(settings, one) for one in WATCHED))
    refuse_other_keys(connection, keys)
    return keys


def refuse_lost_keys(connection: Connection, settings: Settings) -> None:
    """Raises UnusableError where this district has a key and it is not here."""
    lost = [
        one.file
        for one in WATCHED
        if not _is_here(settings, one)
        and (_noted(connection, one) is not None or one.witness(connection) is not None)
    ]
    if lost:
        raise UnusableError(
            f"{', '.join(lost)} of this district missing in {settings.key_folder}: put back what"
            " is kept of the keys, apart from the backups, or copy it from the other server"
        )


def refuse_other_keys(connection: Connection, keys: DistrictKeys) -> None:
    """Raises UnusableError where this district has others."""
    others = [
        one.file
        for one, key in zip(WATCHED, keys, strict=True)
        if not _is_its_own(connection, one, key)
    ]
    if others:
        raise UnusableError(
            f"{', '.join(others)} here: another key than the one that this district has: find"
            " that one and put it back"
        )


def hold_to_keys(connection: Connection, keys: DistrictKeys) -> None:
    """From now on the district has these; the schema is up to date."""
    for one, key in zip(WATCHED, keys, strict=True):
        noting = update(sync_meta).where(one.mark.is_(None)).values({one.mark: mark_of(key)})
        connection.execute(noting)


def keys_at_hand(settings: Settings) -> DistrictKeys | None:
    """Whatever lies here, nothing made; None where one is missing. Raises UnusableError."""
    if not all(_is_here(settings, one) for one in WATCHED):
        return None
    return DistrictKeys(*(_read(settings, one) for one in WATCHED))


def _is_here(settings: Settings, watched: Watched) -> bool:
    in_environment = watched.variable is not None and watched.variable in os.environ
    return in_environment or (settings.key_folder / watched.file).exists()


def _read(settings: Settings, watched: Watched) -> bytes:
    given = os.environ.get(watched.variable) if watched.variable else None
    if given is None:
        return read_key(settings.key_folder / watched.file)
    if not HEX_KEY.fullmatch(given):
        raise UnusableError(f"{watched.variable} is not 64 hex digits: the whole key is needed")
    return bytes.fromhex(given)


def _is_its_own(connection: Connection, watched: Watched, key: bytes) -> bool:
    noted = _noted(connection, watched)
    if noted is not None:
        return noted == mark_of(key)
    witness = watched.witness(connection)
    return witness is None or witness(key)


def _noted(connection: Connection, watched: Watched) -> str | None:
    """The mark, where the schema knows of it and a server has started since."""
    looked = inspect(connection)
    if not looked.has_table(sync_meta.name):
        return None
    if watched.mark.name not in {one["name"] for one in looked.get_columns(sync_meta.name)}:
        return None
    noted: str | None = connection.execute(select(watched.mark)).scalar()
    return noted


def _of_parties(connection: Connection) -> Witness | None:
    """What lies sealed; looked for where an index finds it."""
    found = _something_sealed(connection)
    return None if found is None else lambda key: _opens(Vault(key), *found)


def _something_sealed(connection: Connection) -> tuple[str, str] | None:
    """A text that lies sealed here, and what it is about."""
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


def _opens(vault: Vault, text: str, about: str) -> bool:
    try:
        vault.unseal(text, about)
    except OtherKeyError:
        return False
    return True


def _of_receipts(connection: Connection) -> Witness | None:
    """The newest that lies in clear."""
    if not inspect(connection).has_table(receipt.name):
        return None
    newest = (
        select(receipt.c.result)
        .where(receipt.c.mac.is_not(None), receipt.c.result.not_like(f"{MARK}%"))
        .order_by(receipt.c.seq.desc())
        .limit(1)
    )
    text: str | None = connection.execute(newest).scalar()
    if text is None:
        return None
    given = msgspec.json.decode(text, type=StoredResult).receipt
    return None if given is None else lambda key: is_ours(key, given)


def _of_sealed_work(connection: Connection) -> Witness | None:
    """That there is any: what a workstation sent may be damaged and convicts no key."""
    if not inspect(connection).has_table(sealed_work.name):
        return None
    found = connection.execute(select(sealed_work.c.id).limit(1)).first()
    return None if found is None else lambda _: True


WATCHED = (  # in the order of DistrictKeys
    Watched("party.key", "XIUZHOU_PARTY_KEY", sync_meta.c.key_mark, _of_parties),
    Watched("receipt.key", None, sync_meta.c.receipt_key_mark, _of_receipts),
    Watched("sealing.key", None, sync_meta.c.sealing_key_mark, _of_sealed_work),
)
