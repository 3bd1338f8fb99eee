"""Claims are leases: held by one, renewed, broken, gone by themselves; told to nobody outside."""

import asyncio
from collections.abc import Awaitable

import pytest

from tests.backend.district import MORNING as START
from tests.backend.district import OTHER_TOWN, TOWN, Wall
from xiuzhou_desktop.backend.claims import LEASE_S, OwnClaims
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import SeenCamera
from xiuzhou_desktop.backend.live import LiveBoard, LiveState
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.live import CameraHealth, Health, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId, Scope
from xiuzhou_desktop.domain.workflow import Role

FLAG, CAMERA = RecordId("flag-1"), RecordId("camera-1")
DISPATCH = grant_for(DISTRICT, KindGroup.DISPATCH)
RENEW_S = 10.0


def officer(user: str, role: Role = Role.DUTY_OFFICER, scope: Scope = DISTRICT) -> Person:
    account = Account(user=user, name=user, officer=None, roles=(role,))
    return Person(account=account, assignments=((role, scope),))


WANG, LI = officer("wang"), officer("li")
SUPERVISOR = officer("zhao", Role.SUPERVISOR)


class Board:
    """A board whose monotonic time the test moves."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.wall = Wall(START)
        self.live = LiveBoard(BusinessClock(None, self.wall), OwnClaims(lambda: self.passed_s))

    def say(self, who: Person, act: LiveAct, grant: str | None = DISPATCH) -> LeaseState:
        return asyncio.run(self.says(who, act, grant))

    async def says(self, who: Person, act: LiveAct, grant: str | None = DISPATCH) -> LeaseState:
        told = await self.live.say(who, LiveSay(act=act, kind=Kind.FLAG, record=FLAG), grant)
        assert isinstance(told, LeaseState)
        return told

    def heard(self, who: Person, act: Awaitable[object]) -> list[LiveState | None]:
        """What stands, and what the act then tells this person."""

        async def listen() -> list[LiveState | None]:
            stream = self.live.stream(who)
            first = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            await act
            self.live.close()
            return [await first, *[state async for state in stream]]

        return [state for state in asyncio.run(listen()) if state is not None]


@pytest.fixture
def board() -> Board:
    return Board()


def test_a_claim_is_held_by_one(board: Board) -> None:
    board.say(WANG, LiveAct.CLAIM)
    with pytest.raises(ProblemError) as refused:
        board.say(LI, LiveAct.CLAIM)
    assert (refused.value.slug, refused.value.facts["name"]) == ("claimed", "wang")
    with pytest.raises(ProblemError):
        board.say(LI, LiveAct.RELEASE)


def test_renewals_hold_it_and_silence_frees_it_within_ninety_seconds(board: Board) -> None:
    board.say(WANG, LiveAct.CLAIM)
    for _ in range(20):
        board.passed_s += RENEW_S
        board.say(WANG, LiveAct.RENEW)
    board.passed_s += LEASE_S
    asyncio.run(board.live.look())
    assert LEASE_S <= 90
    assert board.say(LI, LiveAct.CLAIM).holder == "li"


def test_no_clock_of_a_computer_shortens_or_lengthens_a_lease(board: Board) -> None:
    board.say(WANG, LiveAct.CLAIM)
    for minutes in (5, -10):
        board.wall.advance(minutes=minutes)
        board.passed_s += RENEW_S
        assert board.say(WANG, LiveAct.RENEW).holder == "wang"
    with pytest.raises(ProblemError):
        board.say(LI, LiveAct.CLAIM)


def test_a_renewal_after_the_end_is_lost_and_takes_nothing_from_the_next(board: Board) -> None:
    board.say(WANG, LiveAct.CLAIM)
    board.passed_s += LEASE_S
    with pytest.raises(ProblemError) as lost:
        board.say(WANG, LiveAct.RENEW)
    assert lost.value.slug == "lease-lost"
    board.say(LI, LiveAct.CLAIM)
    with pytest.raises(ProblemError) as taken:
        board.say(WANG, LiveAct.RENEW)
    assert taken.value.slug == "claimed"


def test_a_supervisor_breaks_it_and_nobody_else(board: Board) -> None:
    board.say(WANG, LiveAct.CLAIM)
    with pytest.raises(ProblemError) as refused:
        board.say(LI, LiveAct.BREAK)
    assert refused.value.slug == "forbidden"
    assert board.say(SUPERVISOR, LiveAct.BREAK).holder is None
    with pytest.raises(ProblemError) as lost:
        board.say(WANG, LiveAct.RENEW)
    assert lost.value.slug == "lease-lost"


def test_a_towns_supervisor_breaks_nothing_of_the_district(board: Board) -> None:
    account = Account(user="qian", name="qian", officer=None, roles=(Role.SUPERVISOR,))
    held = ((Role.SUPERVISOR, TOWN), (Role.DUTY_OFFICER, DISTRICT))
    qian = Person(account=account, assignments=held)
    board.say(WANG, LiveAct.CLAIM)
    with pytest.raises(ProblemError) as refused:
        board.say(qian, LiveAct.BREAK)
    assert refused.value.slug == "forbidden"
    board.say(WANG, LiveAct.RELEASE)
    town_flag = grant_for(TOWN, KindGroup.DISPATCH)
    board.say(WANG, LiveAct.CLAIM, town_flag)
    assert board.say(qian, LiveAct.BREAK, town_flag).holder is None


def test_another_scope_hears_of_neither_claims_nor_cameras(board: Board) -> None:
    base = grant_for(OTHER_TOWN, KindGroup.BASE)
    board.live.cameras_lie({CAMERA: base})

    async def happens() -> None:
        await board.says(WANG, LiveAct.CLAIM)
        board.live.see_camera(CAMERA, SeenCamera(health=Health.FROZEN))

    town = officer("town", scope=TOWN)
    assert board.heard(town, happens()) == []


def test_what_stands_and_what_changes_is_told_within_the_grants(board: Board) -> None:
    base = grant_for(TOWN, KindGroup.BASE)
    board.live.cameras_lie({CAMERA: base})
    board.live.see_camera(CAMERA, SeenCamera(health=Health.FROZEN))
    town_flag = grant_for(TOWN, KindGroup.DISPATCH)
    town = officer("town", scope=TOWN)
    heard = board.heard(town, board.says(WANG, LiveAct.CLAIM, town_flag))
    assert [type(state) for state in heard] == [CameraHealth, LeaseState]


def test_a_claim_on_what_is_not_here_yet_is_told_to_its_holder_alone(board: Board) -> None:
    assert not board.heard(LI, board.says(WANG, LiveAct.CLAIM, None))
    other = Board()
    assert len(other.heard(WANG, other.says(WANG, LiveAct.CLAIM, None))) == 1
