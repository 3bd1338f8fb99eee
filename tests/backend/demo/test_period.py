"""The closed period, the equipment, and that all of it follows from seed and date."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.backend.demo.conftest import DAY, SEED, opened_of
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.demo.demo_date import demo_date, reporting_period
from xiuzhou_desktop.backend.demo.pictures import Pictures, Shot
from xiuzhou_desktop.backend.demo.seed import Opened, Seed
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import at_rest, open_store
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.domain.camera_body import CameraBatch, CameraBody
from xiuzhou_desktop.domain.case_body import CaseBody, Procedure
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.officer import has_valid_certificate
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.policy import Policy

Standing = tuple[Record, ...]


def test_the_period_has_the_districts_orders_all_closed_within_it(standing: Standing) -> None:
    start, end = reporting_period(DAY)
    orders = [one for one in standing if one.kind is Kind.ORDER]
    assert len(orders) == 18_675
    assert all(
        start <= one.opened_at < end and one.closed_at and one.closed_at < end for one in orders
    )


def test_the_period_has_the_districts_cases_all_decided_within_it(standing: Standing) -> None:
    start, end = reporting_period(DAY)
    cases = [one for one in standing if isinstance(one.body, CaseBody) and one.closed_at]
    bodies = [one.body for one in cases if isinstance(one.body, CaseBody)]
    assert len(cases) == 611
    assert sum(one.procedure is Procedure.FAST_TRACK for one in bodies) == 157
    assert all(start <= one.opened_at < end for one in cases)
    assert all(one.closed_at < end for one in cases if one.closed_at)
    assert all(body.decided_on and body.notice_on for body in bodies)
    assert all(body.notice_on <= body.decided_on for body in bodies)  # type: ignore[operator]
    assert len({one.number for one in cases}) == 611


def test_the_desk_has_a_case_at_every_step_and_the_odd_ones(opened: Opened, world: World) -> None:
    cases = {one.title: one for one in opened.records if one.kind is Kind.CASE}
    wanted = "LEAD FILED INVESTIGATING LEGAL_REVIEW STATEMENT_WINDOW HEARING DECIDED SERVED CLOSED"
    assert {one.state for one in cases.values()} >= set(wanted.split())
    held = {title: phases(one, world.opening, Policy()) for title, one in cases.items()}
    assert "overdue" in held["乱堆物料 · 建兴建材"]
    assert "returned" in held["道路遗撒 · 宏达运输"]
    assert "with_province" in held["人行道违停 · 李明"]
    lacking = cases["越门经营 · 顺风轮胎"].body
    assert isinstance(lacking, CaseBody)
    assert len(lacking.officers) == 1


def test_nothing_of_the_morning_falls_into_the_period(opened: Opened) -> None:
    _, end = reporting_period(DAY)
    assert all(one.opened_at >= end for one in opened.records if one.kind is Kind.ORDER)


def test_every_camera_has_a_precision_of_its_own(standing: Standing) -> None:
    judged: dict[object, Counter[str]] = {}
    for one in standing:
        if one.kind is Kind.FLAG:
            judged.setdefault(getattr(one.body, "camera"), Counter())[one.state] += 1  # noqa: B009 - any body
    shares = {count[FlagState.CLOSED] / sum(count.values()) for count in judged.values()}
    assert 2_000 <= sum(sum(count.values()) for count in judged.values()) <= 4_000
    assert len(shares) > 20
    assert 0.3 <= min(shares) < max(shares) <= 1


def test_cameras_are_152_of_before_79_installed_and_some_planned(standing: Standing) -> None:
    cameras = [one.body for one in standing if isinstance(one.body, CameraBody)]
    new = [one for one in cameras if one.batch is CameraBatch.NEW]
    assert len(cameras) - len(new) == 152
    assert sum(one.installed_on is not None for one in new) == 79


def test_one_certificate_has_lapsed_and_the_others_hold(world: World, standing: Standing) -> None:
    officers = {one.title: one for one in standing if one.kind is Kind.OFFICER}
    valid = {name: has_valid_certificate(one, world.opening) for name, one in officers.items()}
    assert valid["张敏"] and valid["李强"]
    assert not valid["徐伟"]


def test_the_same_seed_and_date_give_the_same_records(
    world: World, opened: Opened, standing: Standing
) -> None:
    again = Seed(World(SEED, DAY))
    assert opened_of(again).records == opened.records
    assert tuple(again.standing()) == standing


def test_another_seed_gives_another_morning(opened: Opened) -> None:
    other = opened_of(Seed(World(SEED + 1, DAY)))
    assert {one.title for one in other.records} != {one.title for one in opened.records}


def test_two_stores_export_the_same(tmp_path: Path, opened: Opened, standing: Standing) -> None:
    some = [one for one in standing if one.kind is not Kind.ORDER]
    exported = []
    for name in ("one", "other"):
        settings = Settings(folder=tmp_path / name, demo=True)
        store = open_store(settings, datetime(2026, 11, 23, tzinfo=UTC))
        store.bulk_load(some)
        store.bulk_load(opened.records)
        with store.snapshot() as connection:
            rows = connection.execute(record.select().order_by(record.c.seq)).all()
            docs = [json.loads(at_rest.opened(connection, row.doc)) for row in rows]
        exported.append([(row.seq, row.number, doc) for row, doc in zip(rows, docs, strict=True)])
        store.close()
    assert exported[0] == exported[1]
    assert len(exported[0]) == len(some) + len(opened.records)


def test_pictures_of_two_districts_are_the_same(tmp_path: Path, world: World) -> None:
    shots = [Shot("C-0137", world.opening), Shot("C-0042", world.opening, 480)]
    names = []
    for name in ("one", "other"):
        pictures, blobs = Pictures(SEED, DAY, tmp_path / name), Blobs(tmp_path / f"{name}-blobs")
        try:
            taken = [future.result() for future in pictures.begin(shots)]
        finally:
            pictures.close()
        names.append([blobs.put(jpeg) for some in taken for jpeg in some.values()])
    assert names[0] == names[1]
    assert len(set(names[0])) == 2


@pytest.mark.parametrize(
    ("today", "day"),
    [
        ("2026-11-24T03:00:00+08:00", date(2026, 11, 24)),
        ("2026-11-22T12:00:00+08:00", date(2026, 11, 20)),  # a Sunday
        ("2026-10-05T12:00:00+08:00", date(2026, 9, 30)),  # within the National Day holiday
    ],
)
def test_the_demonstration_plays_on_the_last_working_day(today: str, day: date) -> None:
    assert demo_date(None, datetime.fromisoformat(today)) == day
    assert demo_date(date(2026, 5, 1), datetime.fromisoformat(today)) == date(2026, 5, 1)
