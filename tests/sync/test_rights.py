"""Rights that change while a cache is loading, and records that may only come to exist."""

from datetime import datetime

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.workstation import Crash, Workstation
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.sync.view import Forecasted
from xiuzhou_desktop.client.views import Forecast
from xiuzhou_desktop.domain.command import Command, Refusal
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, Scope, spawned_id

ALL = DUTY.grants
ONE, OTHER = (grant_for(Scope(town), KindGroup.DISPATCH) for town in ("330411103", "330411104"))
HERE = frozenset(grant for grant in ALL if grant.startswith(f"{DISTRICT}:"))


def a_flag_at(number: int, **columns: object) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), **columns)


def test_rights_that_come_and_go_while_they_are_loaded_lose_no_change() -> None:
    server = DistrictServer(MORNING, ALL - {ONE}, DUTY)
    server.put(a_flag_at(1), *(a_flag_at(n, scope=Scope("330411103")) for n in range(10, 20)))
    desk = Workstation("duty", server)
    desk.sync()
    server.grants_of["duty"] = ALL - {OTHER}
    with pytest.raises(Crash):
        desk.pull("crash", 100)
    desk.open()
    server.grants_of["duty"] = ALL - {ONE}
    server.put(msgspec.structs.replace(server.records[rid(1)], title="moved on"))
    desk.pull_all()
    found = desk.cache.record(rid(1))
    assert found is not None and found.title == "moved on"
    assert not desk.alarms


@pytest.fixture
def unsure() -> tuple[Workstation, str]:
    """A patrol that may come to be sent: whether it is, the server says."""
    server = DistrictServer(MORNING, HERE, DUTY)
    server.put(a_flag_at(1))
    desk = Workstation("duty", server)
    desk.sync()
    told = desk.save(Kind.FLAG, rid(1), "attach", parent=rid(77))
    assert told.forecast is Forecast.UNDECIDED
    sent = desk.save(Kind.FLAG, rid(1), "send_onsite")
    assert sent.command is not None and sent.forecast is Forecast.UNDECIDED
    return desk, sent.command


def test_work_goes_on_with_a_record_that_may_come_to_exist(
    unsure: tuple[Workstation, str],
) -> None:
    desk, sent = unsure
    told = desk.save(Kind.TASK, spawned_id(sent, 0), "accept")
    assert told.forecast is Forecast.UNDECIDED and told.command is not None
    entry = desk.outbox.get(told.command)
    assert entry is not None and sent in entry.command.after
    later = desk.save(Kind.FLAG, rid(1), "dismiss")
    follows = desk.outbox.get(later.command)
    assert follows is not None and told.command in follows.command.after


def test_a_bad_argument_is_refused_though_the_record_is_undecided(
    unsure: tuple[Workstation, str],
) -> None:
    desk, _ = unsure
    told = desk.save(Kind.FLAG, rid(1), "attach", parent=7)
    assert told.forecast is Forecast.REFUSED and told.command is None
    assert isinstance(told.refusal, Refusal) and told.refusal.slug == "bad-argument"


def test_a_record_that_commands_build_on_is_not_evicted() -> None:
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1), a_flag_at(2))
    desk = Workstation("duty", server)
    for number in (1, 2):
        desk.sync()
        desk.save(Kind.FLAG, rid(number), "dismiss")
    desk.sync()
    desk.save(Kind.FLAG, rid(1), "annotate")
    assert desk.feed.evict(2, frozenset(desk.view.overlay())) == 1
    assert desk.cache.record(rid(1)) is not None
    assert desk.cache.record(rid(2)) is None


def test_an_edit_that_leaves_every_argument_out_is_sent_as_it_is() -> None:
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1))
    desk = Workstation("duty", server)
    desk.sync()
    said = desk.save(Kind.FLAG, rid(1), "dismiss", note="a note")
    assert said.command is not None
    server.put(msgspec.structs.replace(server.records[rid(1)], state_version=9))
    desk.sync()
    entry = desk.resolver.needs_a_person(said.command)
    assert entry is not None
    (again,) = desk.resolver.mine(entry, desk.moment(), {})
    edited = desk.outbox.get(again.command)
    assert edited is not None and edited.command.args == {}


def test_what_is_expected_is_what_was_judged_though_a_page_comes_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1))
    desk = Workstation("duty", server)
    desk.sync()
    forecast = desk.view.forecast

    def overtaken(command: Command, now: datetime) -> Forecasted:
        told = forecast(command, now)
        if server.colleague(Kind.FLAG, rid(1), "dismiss"):
            desk.pull_all()
        return told

    monkeypatch.setattr(desk.view, "forecast", overtaken)
    told = desk.save(Kind.FLAG, rid(1), "confirm")
    assert told.forecast is Forecast.REFUSED
    assert not desk.outbox.pending()
