"""The one encoding of everything that is signed, hashed, stored or sent (architecture.md rule
12).

UTF-8 JSON, keys sorted, no space, no float; instants are RFC 3339 UTC with milliseconds and Z.
Two equal values have the same bytes on every machine, so a fingerprint made on a workstation can
be checked on the server.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"
else:
    Json = Any  # msgspec decodes no recursive alias; `canonical` refuses what is not one of these


class FloatInCanonicalError(TypeError):
    """A float reached a canonical body. Use the integer units of architecture.md rule 12 (1e-7°,
    1e-4, fen).
    """


@lru_cache(maxsize=4096)  # a record's instants are written with each of its changes
def format_instant(at: datetime) -> str:
    """RFC 3339 UTC with milliseconds and Z: sorts as text exactly as it sorts in time. Raises
    ValueError without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_instant(text: str) -> datetime:
    """The instant that `format_instant` wrote (any RFC 3339 offset is accepted). Raises
    ValueError.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return whole_ms(at.astimezone(UTC))


def whole_ms(at: datetime) -> datetime:
    """Cut to milliseconds, the resolution of every stored instant, so that a round trip compares
    equal.
    """
    part = at.microsecond % 1000
    return at.replace(microsecond=at.microsecond - part) if part else at


def to_json(value: object) -> Json:
    """A value of Structs, dates and builtins as plain JSON values; dict keys become text."""
    return _plain(msgspec.to_builtins(value, builtin_types=_LEFT, str_keys=True))


def canonical(value: object) -> bytes:
    """The canonical bytes of a value. Raises FloatInCanonicalError."""
    return msgspec.json.encode(to_json(value), order="sorted")


def digest(value: object) -> str:
    """BLAKE2b-256 of the canonical bytes, in hex: the fingerprint of a command, the digest of an
    outcome.
    """
    return hashlib.blake2b(canonical(value), digest_size=32).hexdigest()


class _Writers(dict[type, Callable[[Any], Json]]):
    """How each type is written that is no atom."""

    def __missing__(self, kind: type) -> Callable[[Any], Json]:
        raise TypeError(f"no canonical form for {kind.__name__}")


def _plain(value: Any) -> Json:  # noqa: ANN401 - what `to_builtins` gives
    kind = type(value)
    return value if kind in _ATOMS else _WRITERS[kind](value)


def _object(value: dict[str, Any]) -> Json:
    """In place where it can: `to_builtins` made the dictionaries, nobody else holds them."""
    for name, part in value.items():
        kind = type(part)
        if kind not in _ATOMS:
            value[name] = _WRITERS[kind](part)
    return value


def _array(value: list[Any]) -> Json:
    return [part if type(part) in _ATOMS else _WRITERS[type(part)](part) for part in value]


def _refuse_float(value: float) -> Json:
    raise FloatInCanonicalError(repr(value))


_LEFT = (datetime, date)  # what `to_builtins` leaves for us to write
_ATOMS = frozenset({type(None), bool, int, str})  # most parts of a record: no call for each
_WRITERS = _Writers({
    dict: _object, list: _array, tuple: _array, set: _array, frozenset: _array,
    datetime: format_instant, date: date.isoformat, float: _refuse_float,
})  # fmt: skip
