"""The proof in a receipt: a MAC whose key lies outside the database (R18).

After a restore the database has forgotten commands that officers were told of; the receipt they
bring back proves what was told.
"""

import hashlib
import hmac
from functools import lru_cache

import msgspec

from xiuzhou_desktop.contract.sync import Receipt
from xiuzhou_desktop.domain.canonical import Json, canonical, digest
from xiuzhou_desktop.domain.command import Command, Outcome
from xiuzhou_desktop.domain.kinds import KINDS


def fingerprint(key: bytes, command: Command) -> str:
    """What makes two sends of one id the same command. It stands in the database: of one that
    carries what is kept sealed it is under the key, or the number could be tried out against it.
    Raises FloatInCanonicalError.
    """
    row = KINDS[command.kind].transition(command.transition)
    if row is None or not row.sealed_args(command.args):
        return digest(command)
    return _under(key, canonical(command))


def outcome_digest(outcome: Outcome) -> str:
    """What an outcome comes to: the state of every record it writes, and its effects."""
    told: dict[str, Json] = {
        "states": {one.id: str(one.state) for one in outcome.written},
        "effects": [effect.kind.value for effect in outcome.effects],
    }
    return digest(told)


def signed(key: bytes, receipt: Receipt) -> Receipt:
    """The receipt with its MAC."""
    return msgspec.structs.replace(receipt, mac=_mac(key, receipt))


def is_proof(key: bytes, receipt: Receipt, command: Command, user: str) -> bool:
    """Whether this backend gave that receipt to that user for that very command."""
    return (
        receipt.command == command.id
        and receipt.user == user
        and receipt.fingerprint == fingerprint(key, command)
        and is_ours(key, receipt)
    )


def is_ours(key: bytes, receipt: Receipt) -> bool:
    """Whether it was given under that key, whoever shows it."""
    return hmac.compare_digest(receipt.mac.encode(), _mac(key, receipt).encode())


def _mac(key: bytes, receipt: Receipt) -> str:
    return _under(key, canonical(msgspec.structs.replace(receipt, mac="")))


def _under(key: bytes, said: bytes) -> str:
    keyed = _keyed(key).copy()
    keyed.update(said)
    return keyed.hexdigest()[:64]


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> hmac.HMAC:
    """Before the first word: to take in the key costs more than most of what is signed."""
    return hmac.new(key, digestmod=hashlib.blake2b)
