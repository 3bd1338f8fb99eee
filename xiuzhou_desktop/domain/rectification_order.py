"""The rectification order 责令限期改正: without it a shop that trades outside cannot be fined
([ZJ-SR] 17).

    ISSUED ─served─► ISSUED (its limit runs) ─corrected─► CORRECTED
       ├─not_corrected─► NOT_CORRECTED
       └─void─► VOIDED

It moves only with its flag.
"""

from datetime import datetime
from enum import StrEnum

from .envelope import Args, Body, Kind, KindGroup
from .ids import RecordId
from .roles import NOBODY
from .workflow import Changes, KindSpec, Situation, Transition
from .writing import target_of


class RectificationState(StrEnum):
    """How the order ended."""

    ISSUED = "ISSUED"
    CORRECTED = "CORRECTED"
    NOT_CORRECTED = "NOT_CORRECTED"
    VOIDED = "VOIDED"


class ServedBy(StrEnum):
    """How it reached the person."""

    SMS = "sms"
    ON_SITE = "on_site"


class RectificationOrderBody(Body, frozen=True, kw_only=True):
    """`correct_by` is known once it was served."""

    flag: RecordId
    basis: str | None = None
    served_by: ServedBy | None = None
    served_at: datetime | None = None
    correct_by: datetime | None = None
    ended_at: datetime | None = None
    void_reason: str | None = None


S = RectificationState


def _unchanged(s: Situation[Args]) -> Changes:
    return Changes(target=target_of(s))


def _row(name: str, sources: set[RectificationState], target: RectificationState) -> Transition:
    return Transition(
        name=name, sources=frozenset(sources), targets=(target,), roles=NOBODY, writes=_unchanged
    )


SPEC = KindSpec(
    kind=Kind.RECTIFICATION_ORDER,
    group=KindGroup.DISPATCH,
    body=RectificationOrderBody,
    states=RectificationState,
    closed=frozenset({S.CORRECTED, S.NOT_CORRECTED, S.VOIDED}),
    number_prefix="XZ-R",
    transitions=(
        _row("served", {S.ISSUED}, S.ISSUED),
        _row("corrected", {S.ISSUED, S.NOT_CORRECTED}, S.CORRECTED),
        _row("not_corrected", {S.ISSUED}, S.NOT_CORRECTED),
        _row("void", {S.ISSUED, S.CORRECTED, S.NOT_CORRECTED}, S.VOIDED),
    ),
)
