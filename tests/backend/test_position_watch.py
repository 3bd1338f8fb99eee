"""What comes into the position store is told on the live lane once, also what was overtaken."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.district import District
from tests.unit.domain.builders import MORNING
from xiuzhou_desktop.backend.claims import OwnClaims
from xiuzhou_desktop.backend.live import LiveBoard
from xiuzhou_desktop.backend.positions import Fix, PositionStore, open_positions
from xiuzhou_desktop.backend.positions.watch import PositionWatch
from xiuzhou_desktop.contract.positions import LivePosition, LivePositions
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, RecordId
from xiuzhou_desktop.domain.plate import PlateColour
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType

BASE = grant_for(DISTRICT, KindGroup.BASE)


class Told(LiveBoard):
    """A board that keeps what it was told."""

    def __init__(self, district: District) -> None:
        super().__init__(district.clock, OwnClaims())
        self.heard: list[LivePositions] = []

    def see_positions(self, grant: Grant, moved: tuple[LivePosition, ...]) -> None:
        self.heard.append(LivePositions(grant=grant, positions=moved))


def a_truck(number: int) -> Record:
    plate = f"浙FA000{number}"
    body = VehicleBody(plate=plate, plate_colour=PlateColour.YELLOW, type=VehicleType.MUCK)
    return Record(
        kind=Kind.VEHICLE, id=RecordId(f"truck-{number}"), state="IN_SERVICE", opened_at=MORNING,
        title=plate, version=1, state_version=1, body=body,
    )  # fmt: skip


def a_fix(number: int, at_ms: int) -> Fix:
    return Fix(f"truck-{number}", at_ms, 1_207_090_000, 307_633_000, 100, 90, 0)


@pytest.fixture
def positions(tmp_path: Path) -> Iterator[PositionStore]:
    one = open_positions(None, tmp_path / "positions.db")
    yield one
    one.close()


def test_a_batch_that_was_overtaken_is_told_and_nothing_twice(
    small_district: District, positions: PositionStore
) -> None:
    small_district.store.bulk_load([a_truck(1), a_truck(2)])
    board = Told(small_district)
    watch = PositionWatch(small_district.store, positions, board)

    async def turn() -> list[str]:
        board.heard.clear()
        await watch.turn()
        assert {one.grant for one in board.heard} <= {BASE}
        return [fix.vehicle for told in board.heard for fix in told.positions]

    positions.add([a_fix(1, 5_000_000)], came_ms=5_001_000)
    assert asyncio.run(turn()) == ["truck-1"]
    positions.add([a_fix(2, 4_990_000)], came_ms=5_000_500)  # stamped before, committed after
    assert asyncio.run(turn()) == ["truck-2"]
    assert asyncio.run(turn()) == []
    assert positions.forget_before(4_995_000) == 1
    assert [fix.vehicle for fix in positions.newer_than(0)[0]] == ["truck-1"]
