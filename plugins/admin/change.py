"""One change of a line: the form that asks for it, and the plan that its answers become."""

from collections.abc import Callable, Mapping, Sequence

from ui.records import Choice
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.administration import AccountSay
from xiuzhou_desktop.contract.sessions import EnrolmentSay
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Args, Kind, Struct
from xiuzhou_desktop.domain.fields import Notes

Given = Mapping[str, Json]


class EndSession(Struct, frozen=True, kw_only=True):
    """Somebody has to sign in anew at one workstation."""

    session: str


Plan = Draft | AccountSay | EnrolmentSay | EndSession


class Confirm(Args, frozen=True, kw_only=True):
    """Nothing but why."""

    note: Notes = ""


class Change(Struct, frozen=True, kw_only=True):
    """`kind` names the fields of the form; `text` the act, with its `named` arguments. `is_drawn`:
    its zone may be drawn first. `labels`: of fields that the form calls otherwise.
    """

    text: str
    kind: Kind
    form: type[Args]
    plan: Callable[[Given], Plan]
    values: Given = {}
    skip: tuple[str, ...] = ()
    choices: Mapping[str, Sequence[Choice]] = {}
    labels: Mapping[str, str] = {}
    named: Mapping[str, str] = {}
    is_drawn: bool = False


def always(plan: Plan) -> Callable[[Given], Plan]:
    """A plan that no answer changes."""
    return lambda _said: plan
