"""An administrator's own operations: accounts, and what a change would affect.

GET  /v1/accounts     who has an account, with which roles where
POST /v1/accounts     one act on an account; the answer is the list as it is then
POST /v1/foresight    a command that is not carried out: what it would affect
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.foresight import Count
from xiuzhou_desktop.domain.ids import RecordId, Scope
from xiuzhou_desktop.domain.workflow import Role


class AccountAct(StrEnum):
    """What may be done with an account."""

    ADD = "add"
    GRANT = "grant"  # a role in a scope
    REVOKE = "revoke"
    RESET = "reset"  # a new password, drawn by the server; sessions end
    DISABLE = "disable"
    ENABLE = "enable"


class Held(Struct, frozen=True, kw_only=True):
    """A role in a scope."""

    role: Role
    scope: Scope


class AccountLine(Struct, frozen=True, kw_only=True):
    """An account as an administrator sees it; never its password."""

    user: str
    name: str
    officer: RecordId | None = None
    held: tuple[Held, ...] = ()
    disabled: bool = False
    made_at: datetime | None = None


class AccountSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /v1/accounts`. `add` needs name, role and scope; `grant` and `revoke` role and
    scope.
    """

    act: AccountAct
    user: str
    name: str = ""
    role: Role | None = None
    scope: Scope | None = None
    officer: RecordId | None = None


class AccountList(Struct, frozen=True, kw_only=True):
    """Every account, by user. `password`: the one just drawn, told this once."""

    accounts: tuple[AccountLine, ...]
    password: str | None = None


class ForesightSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command as it would be sent; `record` None: one yet to be made."""

    kind: Kind
    record: RecordId | None = None
    transition: str
    args: Mapping[str, Json] = {}


class Foreseen(Struct, frozen=True, kw_only=True):
    """What it would affect among `looked_at` open records; or why it cannot be."""

    looked_at: int
    counts: tuple[Count, ...] = ()
    refusal: Refusal | None = None
