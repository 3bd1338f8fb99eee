"""What may be done with a workstation: let one in by a code, give another code, take one off the
list.
"""

from plugins.admin.change import Change, Confirm, always
from plugins.admin.entries import World
from xiuzhou_desktop.contract.sessions import EnrolmentAct, EnrolmentSay
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.domain.fields import Line


class WorkstationForm(Args, frozen=True, kw_only=True):
    """A computer that is to be let in."""

    workstation: Line


def of_workstation(name: str) -> tuple[Change, ...]:
    """Another code, or off the list."""
    return tuple(
        Change(
            text=f"admin.change.workstation.{act.value}", kind=Kind.OFFICER, form=Confirm,
            skip=("note",), named={"place": name},
            plan=always(EnrolmentSay(act=act, workstation=name)),
        )
        for act in (EnrolmentAct.INVITE, EnrolmentAct.REMOVE)
    )  # fmt: skip


def new_workstation(_world: World) -> Change:
    """One that is not on the list."""
    return Change(
        text="admin.change.workstation.new", kind=Kind.OFFICER, form=WorkstationForm,
        plan=lambda said: EnrolmentSay(
            act=EnrolmentAct.INVITE, workstation=str(said["workstation"])
        ),
    )  # fmt: skip
