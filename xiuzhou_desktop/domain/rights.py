"""Who may do what, read off the tables: role × scope × kind × transition.

    may_act(role, held_in, kind, transition, lies_in)
        = the row names the role  ∧  the role's groups hold the kind  ∧  the scope is within reach

A role held in the district reaches every scope, one held in a town that town alone. What all share
(settings) is changed from the district only, though everybody reads it. `table()` is
docs/rights.md; a test asks a running backend each cell.
"""

from collections.abc import Iterator

from .areas import SCOPES, SHARED
from .envelope import Kind, Struct, grant_for
from .grants import GROUPS, acting_grants
from .ids import Scope
from .kinds import KINDS, RULING, SPECS
from .workflow import Role, Transition

PERSONS = tuple(role for role in Role if role not in {Role.SYSTEM, Role.DEVICE})
HEAD = """# Rights

Who may do what. Printed by `python -m xiuzhou_desktop.domain rights` from the tables that the judge
reads; a test fails where this page differs, another asks a running backend every cell.

- A role held in the district (330411) acts in the district and in its five towns; one held in a
  town acts in that town alone. In any other scope it is refused `grant-revoked`.
- Everybody reads the shared settings (330411000) and which towns are in custody; a role held in the
  district changes them. While the hub keeps a town its own officers are refused `custody` there.
- `system` is the backend's timers and effects, `device` a source of flags; no person has these.
- A row without a mark is no command of its own: another kind's transition takes it (`follows`).
- Every refusal for want of a right is a 403 and a row in the audit.

"""


class Right(Struct, frozen=True, kw_only=True):
    """One row of the table: a transition, and who may carry it out."""

    kind: Kind
    transition: str
    roles: frozenset[Role]


def may_act(role: Role, held_in: Scope, right: Right, lies_in: Scope) -> bool:
    """Whether somebody who holds the role in one scope may do this to a record in another."""
    there = grant_for(lies_in, KINDS[right.kind].group)
    return role in right.roles and there in acting_grants(role, held_in)


def rights() -> Iterator[Right]:
    """Every transition of every kind, in the tables' order."""
    for spec in SPECS:
        for row in spec.transitions:
            roles = frozenset(role for role in row.roles if spec.group in GROUPS[role])
            yield Right(kind=spec.kind, transition=row.name, roles=roles)


def scopes_of(kind: Kind) -> tuple[Scope, ...]:
    """Where records of a kind lie."""
    return (SHARED,) if kind in RULING else SCOPES


def table() -> str:
    """The page."""
    roles = tuple(Role)
    lines = [
        HEAD + f"| kind | transition | from | {' | '.join(roles)} |",
        f"|---|---|---|{':-:|' * len(roles)}",
    ]
    for right in rights():
        row = KINDS[right.kind].transition(right.transition)
        marks = " | ".join("●" if role in right.roles else "" for role in roles)
        lines.append(f"| {right.kind} | {right.transition} | {_sources(row)} | {marks} |")
    lines += ["", "| role | groups of kinds |", "|---|---|"]
    lines += [f"| {role} | {', '.join(sorted(GROUPS[role]))} |" for role in roles]
    return "\n".join(lines) + "\n"


def _sources(row: Transition | None) -> str:
    if row is None or row.creates:
        return "(new)"
    return " ".join(sorted(row.sources))
