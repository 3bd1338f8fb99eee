"""Open streams are asked one after another whether they still stand; no event waits for it."""

import asyncio
from typing import cast

import pytest

from xiuzhou_desktop.backend import sse
from xiuzhou_desktop.backend.operation import Call
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.sse import Door
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.ids import DISTRICT, Scope
from xiuzhou_desktop.domain.workflow import Role


def a_person(scope: Scope) -> Person:
    account = Account(user="duty", name="王敏", officer=None, roles=(Role.DUTY_OFFICER,))
    return Person(account=account, assignments=((Role.DUTY_OFFICER, scope),))


class Asked:
    """A call that says who asks now, or that nobody does any more."""

    def __init__(self, person: Person) -> None:
        self.now: Person | None = person

    async def person(self) -> Person:
        if self.now is None:
            raise ProblemError("signed-out")
        return self.now


def test_a_stream_ends_when_its_session_or_its_rights_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LOOK_EVERY_S", 0.01)
    town, person = a_person(Scope("330411103")), a_person(DISTRICT)

    async def looked_at() -> None:
        door, calls = Door(), [Asked(person) for _ in range(3)]
        streams = [door.admitted(cast(Call, call), person) for call in calls]
        stays, ends, moves = [one.__enter__() for one in streams]
        calls[1].now, calls[2].now = None, town
        while ends.stands or moves.stands:
            await asyncio.sleep(0)
        assert stays.stands
        for one in streams:
            one.__exit__(None, None, None)

    asyncio.run(looked_at())
