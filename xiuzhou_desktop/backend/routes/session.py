"""Signing in and out, and whether the backend is well."""

import asyncio

from xiuzhou_desktop.backend.feed import SCHEMAS
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.settings import VERSION
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.session import Health, Refresh, SignIn, Tokens


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def health(_: Call) -> Reply:
        told = Health(
            status="ok", server_time=parts.clock.now(), schema_min=SCHEMAS.min,
            schema_max=SCHEMAS.max, demo=parts.settings.demo, version=VERSION,
        )  # fmt: skip
        return Reply(body=encode_body(told))

    async def sign_in(call: Call) -> Reply:
        asked = await call.body(SignIn)
        workstation = await asyncio.to_thread(
            parts.enrolment.admit, asked.workstation_key, asked.workstation
        )
        tokens = await asyncio.to_thread(
            parts.accounts.sign_in, asked.user, asked.password, workstation
        )
        return Reply(body=encode_body(tokens))

    async def refresh(call: Call) -> Reply:
        asked = await call.body(Refresh)
        tokens = await parts.store.write(lambda: parts.accounts.refresh(asked.refresh))
        return Reply(body=encode_body(tokens))

    async def sign_out(call: Call) -> Reply:
        await call.person()
        token = call.bearer()
        await parts.store.write(lambda: parts.accounts.sign_out(token))
        return Reply(status=204)

    return (
        Operation(
            method="GET", path="/v1/health", name="health", is_open=True, gives=Health,
            about="Whether the backend is there, and which schema it speaks.", run=health,
        ),
        Operation(
            method="POST", path="/v1/session", name="sign_in", is_open=True, takes=SignIn,
            gives=Tokens, about="Sign in at a workstation.", run=sign_in,
            problems=("wrong-password", "account-disabled", "locked-out", "not-enrolled"),
        ),
        Operation(
            method="POST", path="/v1/session/refresh", name="refresh", is_open=True,
            takes=Refresh, gives=Tokens, about="The next tokens; the refresh token is spent.",
            run=refresh, problems=("session-ended",),
        ),
        Operation(
            method="DELETE", path="/v1/session", name="sign_out", status=204,
            about="End this session.", run=sign_out,
        ),
    )  # fmt: skip
