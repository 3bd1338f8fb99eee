"""The hub takes over a town's scope: the town is refused and told why, the hub judges, what the
town sends late comes out once (decision 0016).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uuid_utils

from tests.backend.district import MORNING, TOWN, District
from tests.backend.process import (
    Backend,
    administer,
    do,
    push,
    report,
    results,
    slugs,
    with_officer,
    with_towns_officer,
)
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Role

WHY = "光缆中断"
UNTIL = MORNING + timedelta(hours=9)


def taking(town: str, until: datetime) -> dict[str, object]:
    """The JSON of a take-over."""
    args = {"town": town, "until": until.isoformat(), "reason": WHY}
    return report(kind="custody", transition="take_over", args=args)


def in_town(address: str) -> dict[str, object]:
    """The JSON of a report there."""
    args = {"category": "05-05", "address": address, "channel": "phone", "area": TOWN}
    return report(args=args)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_towns_officer(with_officer(tmp_path_factory.mktemp("custody") / "data"))
    with Backend(folder) as one:
        yield one


@pytest.fixture
def hub(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client() as one:
        yield one


@pytest.fixture
def town(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client("town") as one:
        yield one


def test_a_town_is_taken_over_judged_for_and_handed_back(
    backend: Backend, hub: httpx.Client, town: httpx.Client
) -> None:
    flags = [in_town(f"镇东路 {number} 号") for number in range(3)]
    assert slugs(push(town, *flags)) == ["applied"] * 3
    first, second, third = (one["record"] for one in flags)
    early = do("dismiss", second)  # before the take-over, on its way until after it
    taken = taking(TOWN, datetime.now(UTC) + timedelta(hours=2))
    assert slugs(push(town, taken)) == ["custody-of-hub"]
    taken = taken | {"id": str(uuid_utils.uuid7())}
    assert slugs(push(hub, taken)) == ["applied"]

    (refused,) = results(push(town, do("dismiss", first)))
    assert (refused["status"], refused["problem"]["slug"]) == ("refused", "custody")
    assert refused["problem"]["status"] == httpx.codes.FORBIDDEN
    told = refused["problem"]["facts"]
    assert (told["scope"], told["name"], told["why"]) == (TOWN, "duty", WHY)
    assert slugs(push(town, in_town("镇西路"))) == ["custody"]
    assert slugs(push(hub, do("dismiss", first))) == ["applied"]
    assert slugs(push(town, early)) == ["applied"]

    again = taking(TOWN, datetime.now(UTC) + timedelta(hours=1))
    assert slugs(push(hub, again)) == ["custody-stands"]
    back = do("hand_back", taken["record"], kind="custody", args={"note": "已恢复"})
    assert slugs(push(town, back)) == ["role"]  # it holds none there
    assert slugs(push(hub, back | {"id": str(uuid_utils.uuid7())})) == ["applied"]
    assert slugs(push(town, do("dismiss", third))) == ["applied"]

    audit = administer(backend.folder, "audit", "export").stdout
    acts = [act for act in ("custody.take_over", "custody.hand_back") if act in audit]
    assert acts == ["custody.take_over", "custody.hand_back"]
    assert "flag.dismiss: custody" in audit


def taken_over(district: District) -> Record:
    command = district.command(
        "take_over", kind=Kind.CUSTODY,
        args={"town": TOWN, "until": UNTIL.isoformat(), "reason": WHY},
    )  # fmt: skip
    assert district.send(command).result.status is Status.APPLIED
    found = district.record(command.record)
    assert found is not None
    return found


def ends(district: District, commands: list[Command], user: str) -> list[str]:
    """What becomes of each; told again it is the same."""
    told = []
    for command in commands:
        judged = [district.send(command, user) for _ in range(2)]
        assert [one.is_new for one in judged] == [True, False]
        assert judged[0].result == judged[1].result
        problem = judged[0].result.problem
        told.append(problem.slug if problem else str(judged[0].result.status))
    return told


def dismissed(district: District, record: RecordId) -> int:
    found = district.record(record)
    assert found is not None
    return [entry.name for entry in found.log].count("dismiss")


@pytest.mark.parametrize(
    ("is_early", "ended"),
    [(True, ["version", "applied", "applied"]), (False, ["version", "custody", "custody"])],
)
def test_each_late_verdict_of_the_town_comes_out_once(
    district: District, is_early: bool, ended: list[str]
) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    flags = [district.reported("town", area=TOWN) for _ in range(3)]
    verdicts = [district.command("dismiss", flag) for flag in flags] if is_early else []
    district.wall.advance(minutes=5)
    taken_over(district)
    district.wall.advance(minutes=5)
    verdicts = verdicts or [district.command("dismiss", flag) for flag in flags]
    assert ends(district, [district.command("dismiss", flags[0])], "duty") == ["applied"]
    district.wall.advance(minutes=5)

    assert ends(district, verdicts, "town") == ended

    assert [dismissed(district, flag.id) for flag in flags] == [1, is_early, is_early]


def test_a_custody_ends_by_the_clock_and_again_by_its_timer(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    flag = district.reported("town", area=TOWN)
    held = taken_over(district)
    district.wall.at = UNTIL - timedelta(seconds=1)
    assert ends(district, [district.command("dismiss", flag)], "town") == ["custody"]
    district.wall.at = UNTIL
    assert ends(district, [district.command("dismiss", flag)], "town") == ["applied"]

    timers = Timers(district.store, district.clock, district.desk, district.wall)
    for _ in range(2):
        timers.turn()

    ended = district.record(held.id)
    assert ended is not None
    assert [(ended.state, entry.name) for entry in ended.log] == [
        ("LAPSED", "take_over"), ("LAPSED", "lapse"),
    ]  # fmt: skip
