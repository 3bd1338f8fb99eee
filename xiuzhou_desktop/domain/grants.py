"""Who may reach what: grant = scope × kind group, derived from roles (sync.md §0.7).

A role in the district reaches its five towns as well (一主五副); a role in a town reaches that
town alone. Everybody reaches the shared settings. Which transitions a role may carry out stands
in the tables; here stands only which records it sees.
"""

from collections.abc import Iterable
from functools import lru_cache

from .areas import SCOPES, SHARED
from .envelope import KindGroup, grant_for
from .ids import DISTRICT, Grant, Scope
from .workflow import Role

GROUPS: dict[Role, frozenset[KindGroup]] = {
    Role.DUTY_OFFICER: frozenset({KindGroup.BASE, KindGroup.DISPATCH, KindGroup.CASE}),
    Role.SUPERVISOR: frozenset(KindGroup),
    Role.REVIEWER: frozenset(KindGroup),
    Role.CLERK: frozenset(KindGroup),
    Role.ADMINISTRATOR: frozenset({KindGroup.BASE}),
    Role.SYSTEM: frozenset(KindGroup),
    Role.DEVICE: frozenset({KindGroup.BASE, KindGroup.DISPATCH}),
}


def grants_for(assignments: Iterable[tuple[Role, Scope]]) -> frozenset[Grant]:
    """All grants that these roles in these scopes give."""
    return _grants_of(tuple(assignments))


@lru_cache(maxsize=256)  # asked at every judgement; a district has few sets of roles
def _grants_of(assignments: tuple[tuple[Role, Scope], ...]) -> frozenset[Grant]:
    found = {grant_for(SHARED, KindGroup.BASE)}
    for role, scope in assignments:
        reach = SCOPES if scope == DISTRICT else (scope,)
        found |= {grant_for(one, group) for one in reach for group in GROUPS[role]}
    return frozenset(found)


def acting_grants(role: Role, held_in: Scope) -> frozenset[Grant]:
    """Where somebody who holds that role there may act: what he reads, but for the settings that
    all share, which the district alone changes.
    """
    read = grants_for(((role, held_in),))
    return read if held_in == DISTRICT else read - {grant_for(SHARED, KindGroup.BASE)}


def home_scope(grants: frozenset[Grant], group: KindGroup) -> Scope:
    """Where a record goes whose place is in no known area: the district if reachable, else the
    actor's own town.
    """
    return next((one for one in SCOPES if grant_for(one, group) in grants), DISTRICT)
