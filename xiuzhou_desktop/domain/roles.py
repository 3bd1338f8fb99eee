"""Sets of roles that the tables share."""

from .workflow import Role

OFFICERS = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
SUPERVISORS = frozenset({Role.SUPERVISOR})
SYSTEM = frozenset({Role.SYSTEM})
OFFICERS_AND_SYSTEM = OFFICERS | SYSTEM
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})
NOBODY: frozenset[Role] = frozenset()  # a row that only another kind's transition may take
