"""Workspaces are roles at work: a panel belongs to those whose role its manifest names, and stands
where its manifest says until a person has arranged it otherwise."""

from enum import StrEnum

from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.manifest import Manifest, Stand


class Workspace(StrEnum):
    """Values of --workspace and of saved layouts."""

    DUTY = "duty"
    SUPERVISION = "supervision"
    LEGAL = "legal"
    PUBLICATION = "publication"
    ADMINISTRATION = "administration"


ROLE_OF = {
    Workspace.DUTY: Role.DUTY_OFFICER,
    Workspace.SUPERVISION: Role.SUPERVISOR,
    Workspace.LEGAL: Role.REVIEWER,
    Workspace.PUBLICATION: Role.CLERK,
    Workspace.ADMINISTRATION: Role.ADMINISTRATOR,
}


def open_to(roles: frozenset[Role]) -> tuple[Workspace, ...]:
    """The workspaces of a person, his own first; an administrator sees them all."""
    own = tuple(one for one in Workspace if ROLE_OF[one] in roles)
    if Role.ADMINISTRATOR not in roles:
        return own
    return (*own, *(one for one in Workspace if one not in own))


def first_workspace(roles: frozenset[Role], wanted: str | None) -> Workspace:
    """The wanted one if it is open to the person, else the first that is."""
    may = open_to(roles) or (Workspace.DUTY,)
    return next((one for one in may if one.value == wanted), may[0])


def belongs(manifest: Manifest, workspace: Workspace) -> bool:
    return not manifest.roles or ROLE_OF[workspace] in manifest.roles


def stand_of(manifest: Manifest | None, workspace: Workspace) -> Stand:
    """Where a panel stands at first in a workspace."""
    stands = manifest.stands if manifest is not None else {}
    return stands.get(ROLE_OF[workspace], Stand.BEHIND)
