"""Numbers of a party 当事人, which no record shows: each look says what it is for."""

from typing import Annotated

import msgspec

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId

Purpose = Annotated[str, msgspec.Meta(min_length=2, max_length=200, pattern=r"\S")]


class PartyLook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/parties/look`."""

    record: RecordId
    purpose: Purpose


class PartyNumbers(Struct, frozen=True, kw_only=True):
    """What is kept sealed; None: it was never given."""

    resident_id: str | None = None
    phone: str | None = None


class PartyFind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/parties/find`: exactly one of these, whole."""

    purpose: Purpose
    resident_id: str | None = None
    phone: str | None = None
    name: str | None = None
    address: str | None = None


class PartyFound(Struct, frozen=True, kw_only=True):
    """Parties of which that is so, within the reader's grants."""

    records: tuple[RecordId, ...]
