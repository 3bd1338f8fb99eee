"""Who is signed in where; an administrator ends it. A workstation enrols by its code."""

import asyncio

from xiuzhou_desktop.backend.enrolment import Enrolment
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.persons import CHIEF, Person
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.sessions import (
    Enrol,
    Enrolled,
    EnrolmentAct,
    Enrolments,
    EnrolmentSay,
    Sessions,
)

ACTS = {EnrolmentAct.INVITE: Enrolment.invite, EnrolmentAct.REMOVE: Enrolment.remove}


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def listed(call: Call) -> Reply:
        await _administrator(call)
        found = await parts.store.read(parts.accounts.sessions)
        return Reply(body=encode_body(Sessions(sessions=found)))

    async def end(call: Call) -> Reply:
        who, session = await _administrator(call), call.path("session")
        await parts.store.write(lambda: parts.accounts.end_session(session, who.account.user))
        await parts.door.look_at_all()
        parts.pokes.poke()
        return Reply(status=204)

    async def enrol(call: Call) -> Reply:
        asked = await call.body(Enrol)
        enrolled = await parts.store.write(lambda: parts.enrolment.enrol(asked.code))
        return Reply(body=encode_body(enrolled))

    async def enrolments(call: Call) -> Reply:
        await _administrator(call)
        known = await asyncio.to_thread(parts.enrolment.known)
        return Reply(body=encode_body(Enrolments(enrolments=known)))

    async def say(call: Call) -> Reply:
        who, asked = (await _administrator(call)).account.user, await call.body(EnrolmentSay)
        code = await parts.store.write(
            lambda: ACTS[asked.act](parts.enrolment, asked.workstation, who)
        )
        known = await asyncio.to_thread(parts.enrolment.known)
        return Reply(body=encode_body(Enrolments(enrolments=known, code=code)))

    return (
        Operation(
            method="GET", path="/v1/enrolments", name="enrolments", gives=Enrolments,
            about="The workstations that are let in or invited; for administrators.",
            run=enrolments, problems=("forbidden",),
        ),
        Operation(
            method="POST", path="/v1/enrolments", name="enrolment", takes=EnrolmentSay,
            gives=Enrolments, about="Invite a workstation, or take it off the list.", run=say,
            problems=("forbidden", "not-found"),
        ),
        Operation(
            method="GET", path="/v1/sessions", name="sessions", gives=Sessions, run=listed,
            about="Everybody who is signed in; for administrators.", problems=("forbidden",),
        ),
        Operation(
            method="DELETE", path="/v1/sessions/{session}", name="end_session", status=204,
            about="End somebody's session, and its streams; for administrators.", run=end,
            problems=("forbidden", "not-found"),
        ),
        Operation(
            method="POST", path="/v1/workstations", name="enrol", is_open=True, takes=Enrol,
            gives=Enrolled, about="The key of a workstation for an administrator's code.",
            run=enrol, problems=("bad-code",),
        ),
    )  # fmt: skip


async def _administrator(call: Call) -> Person:
    """Who asks, if an administrator of the district. Raises ProblemError."""
    person = await call.person()
    if CHIEF not in person.assignments:
        raise ProblemError("forbidden")
    return person
