"""An administrator's operations: accounts, and what a change would affect."""

from xiuzhou_desktop.backend.account_office import AccountOffice
from xiuzhou_desktop.backend.foreseeing import foreseen
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.administration import (
    AccountList,
    AccountSay,
    Foreseen,
    ForesightSay,
)


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    office = AccountOffice(parts.store, parts.accounts)

    async def accounts(call: Call) -> Reply:
        person = await call.person()
        return Reply(body=encode_body(await parts.store.read(lambda c: office.listed(c, person))))

    async def account(call: Call) -> Reply:
        person, said = await call.person(), await call.body(AccountSay)
        now = parts.clock.now()
        done = await parts.store.write(lambda: office.act(person, said, now))
        return Reply(body=encode_body(done))

    async def foresight(call: Call) -> Reply:
        person, said = await call.person(), await call.body(ForesightSay)
        now = parts.clock.now()
        told = await parts.store.read(lambda c: foreseen(parts.store, c, person, said, now))
        return Reply(body=encode_body(told))

    return (
        Operation(
            method="GET", path="/v1/accounts", name="accounts", gives=AccountList, run=accounts,
            about="Every account with its roles.", problems=("forbidden",),
        ),
        Operation(
            method="POST", path="/v1/accounts", name="account", takes=AccountSay,
            gives=AccountList, run=account, about="One act on an account.",
            problems=("forbidden", "malformed", "not-found", "account-exists",
                      "last-administrator"),
        ),
        Operation(
            method="POST", path="/v1/foresight", name="foresight", takes=ForesightSay,
            gives=Foreseen, run=foresight,
            about="What a command would affect; it is not carried out.",
            problems=("grant-revoked", "malformed"),
        ),
    )  # fmt: skip
