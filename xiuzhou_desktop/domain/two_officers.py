"""No penalty by one officer alone (行政处罚法 42, 55): the facts and the guard that flags and cases
share.
"""

from .command import Refusal
from .envelope import Args, Kind, Record
from .officer import has_valid_certificate
from .workflow import Actor, Fact, FactKey, Situation
from .writing import fact_of

TWO_OFFICERS = "行政处罚法 art. 42, 55"
UNKNOWN = "—"


def _own(_target: Record | None, _args: Args, actor: Actor) -> str | None:
    return actor.officer


def _named(field: str) -> Fact:
    def key(_target: Record | None, args: Args, _actor: Actor) -> str | None:
        value: str | None = getattr(args, field)
        return value

    return Fact(kind=Kind.OFFICER, by=FactKey.ID, key=key, closed=True)


OWN_AND_SECOND = {
    "first_officer": Fact(kind=Kind.OFFICER, by=FactKey.ID, key=_own, closed=True),
    "second_officer": _named("second_officer"),
}
BOTH_NAMED = {
    "first_officer": _named("first_officer"), "second_officer": _named("second_officer"),
}  # fmt: skip


def two_officers(s: Situation[Args]) -> Refusal | None:
    """Both officers hold a certificate that is valid today."""
    first, second = fact_of(s, "first_officer"), fact_of(s, "second_officer")
    if first is not None and second is not None and first.id == second.id:
        return Refusal(slug="second-officer-same", article=TWO_OFFICERS)
    for slug, officer in (("first-certificate", first), ("second-certificate", second)):
        if officer is None or not has_valid_certificate(officer, s.now):
            name = officer.title if officer else UNKNOWN
            return Refusal(slug=slug, facts={"name": name}, article=TWO_OFFICERS)
    return None
