"""The round of renewals, while hands and colleagues go on: what was given back stays given back."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

from xiuzhou_desktop.client.engine.claims import Claims
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.client.views import Lease
from xiuzhou_desktop.contract.live import LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

FIRST, SECOND = RecordId("flag-1"), RecordId("flag-2")


class Server:
    """Answers what is said on the live lane; `meanwhile` happens before an answer is given."""

    def __init__(self) -> None:
        self.said: list[tuple[LiveAct, RecordId]] = []
        self.meanwhile: Callable[[LiveSay], object] = lambda said: None
        self.taken: set[RecordId] = set()

    async def live_say(self, said: LiveSay) -> LeaseState:
        self.said.append((said.act, said.record))
        self.meanwhile(said)
        if said.record in self.taken:
            facts = {"holder": "li", "name": "李"}
            raise Rejected(Problem(slug="claimed", facts=facts))
        holder = None if said.act is LiveAct.RELEASE else "wang"
        return LeaseState(kind=said.kind, record=said.record, holder=holder)


class Desk:
    """A workstation's claims without anything around them."""

    def __init__(self) -> None:
        self.server, self.told = Server(), list[Lease]()
        self.versions = {FIRST: 1, SECOND: 1}
        account = Account(user="wang", name="王", officer=None, roles=())
        cache = SimpleNamespace(
            record=lambda one: SimpleNamespace(state_version=self.versions[one])
        )
        spine = SimpleNamespace(account=account, cache=cache, pace=0.0)
        link = SimpleNamespace(is_up=True, wait_up=lambda: asyncio.sleep(0))
        news = SimpleNamespace(lease=self.told.append)
        self.claims = Claims(spine, self.server, link, news)

    async def hold_both(self) -> None:
        for record in (FIRST, SECOND):
            await self.claims.say("claim", Kind.FLAG, record)
        self.server.said.clear()

    async def rounds(self, until: Callable[[], bool]) -> None:
        """Renew until something is so."""
        work = asyncio.create_task(self.claims.run())
        async with asyncio.timeout(180):
            while not until() and not work.done():
                await asyncio.sleep(0)
        work.cancel()
        (error,) = await asyncio.gather(work, return_exceptions=True)
        assert isinstance(error, asyncio.CancelledError)


def test_a_claim_given_back_in_the_midst_of_a_round_is_not_taken_again() -> None:
    async def run() -> None:
        desk = Desk()
        await desk.hold_both()
        released: list[asyncio.Task[Lease | None]] = []

        def give_back(said: LiveSay) -> None:
            if not released and said.record == FIRST:
                giving = desk.claims.say("release", Kind.FLAG, SECOND)
                released.append(asyncio.ensure_future(giving))

        async def answer_late(said: LiveSay) -> LeaseState:
            told = await Server.live_say(desk.server, said)
            await asyncio.sleep(0.01)
            return told

        desk.server.meanwhile = give_back
        desk.server.live_say = answer_late  # type: ignore[method-assign]
        await desk.rounds(lambda: desk.server.said.count((LiveAct.RENEW, FIRST)) >= 3)
        of_second = [act for act, record in desk.server.said if record == SECOND]
        assert of_second == [LiveAct.RELEASE]
        assert not any(lease.is_lost for lease in desk.told)

    asyncio.run(run())


def test_a_colleagues_claim_on_what_has_moved_on_stops_no_other_renewal() -> None:
    async def run() -> None:
        desk = Desk()
        await desk.hold_both()
        desk.versions[FIRST], desk.server.taken = 2, {FIRST}
        await desk.rounds(lambda: desk.server.said.count((LiveAct.RENEW, SECOND)) >= 2)
        assert desk.server.said.count((LiveAct.RELEASE, FIRST)) == 1

    asyncio.run(run())
