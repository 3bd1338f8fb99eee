"""A penalty case 案件, as far as its filing 立案 (domain.md §3): made only by filing a flag, in
the state FILED.

Who is master, the province's system or we, is a setting; `due_at` is the legal limit of the
decision: 90 calendar days (APL 60).
"""

from datetime import datetime
from enum import StrEnum

from .case_master import CaseMaster
from .envelope import Args, Body, Kind, KindGroup
from .ids import RecordId
from .roles import OFFICERS
from .workflow import Changes, KindSpec, Moves, Role, Situation, Transition
from .writing import target_of


class CaseState(StrEnum):
    """Filed; the investigation is the case panel's."""

    FILED = "FILED"


class CaseBody(Body, frozen=True, kw_only=True):
    """The filing: from which flag, by which two officers, on which basis."""

    flag: RecordId
    master: CaseMaster = CaseMaster.PROVINCIAL
    provincial_no: str | None = None
    officers: tuple[RecordId, ...] = ()
    basis: str | None = None
    facts: str = ""
    party: RecordId | None = None
    evidence: tuple[RecordId, ...] = ()
    filed_at: datetime
    decide_by: datetime
    note: str | None = None


S = CaseState


def _unchanged(s: Situation[Args]) -> Changes:
    return Changes(target=target_of(s))


SPEC = KindSpec(
    kind=Kind.CASE,
    group=KindGroup.CASE,
    body=CaseBody,
    states=CaseState,
    closed=frozenset(),
    number_prefix="XZ-A",
    merge_fields=frozenset({"note"}),
    transitions=(
        Transition(
            name="annotate", sources=frozenset({S.FILED}), targets=(S.FILED,),
            roles=OFFICERS | {Role.REVIEWER, Role.CLERK}, writes=_unchanged, moves=Moves.CONTENT,
        ),
    ),
)  # fmt: skip
