"""An administrator's operations: accounts, what a change would affect, a file that contradicts."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.backend.district import TOWN, District, open_district
from tests.backend.process import Backend, push, report
from tests.unit.media.waiting import wait_until
from xiuzhou_desktop.backend import timers_anew
from xiuzhou_desktop.backend.account_office import AccountOffice
from xiuzhou_desktop.backend.config import ConfigError, import_config
from xiuzhou_desktop.backend.console import Console
from xiuzhou_desktop.backend.foreseeing import foreseen
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.schema import audit, record
from xiuzhou_desktop.contract.administration import (
    AccountAct,
    AccountList,
    AccountSay,
    Foreseen,
    ForesightSay,
    Held,
)
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.foresight import Effect
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of

CLERK = Held(role=Role.CLERK, scope=DISTRICT)


@pytest.fixture
def chief(small_district: District) -> District:
    """The district with its one administrator."""
    small_district.add_officer("admin", Role.ADMINISTRATOR)
    return small_district


def act(one: District, act: AccountAct, user: str, held: Held | None = None) -> AccountList:
    said = AccountSay(
        act=act, user=user, role=held.role if held else None, scope=held.scope if held else None
    )
    office = AccountOffice(one.store, one.accounts)
    return office.act(one.person("admin"), said, one.clock.now())


def line(told: AccountList, user: str) -> tuple[tuple[Held, ...], bool]:
    found = next(one for one in told.accounts if one.user == user)
    return found.held, found.disabled


def test_an_account_is_made_with_a_password_told_once(chief: District) -> None:
    told = act(chief, AccountAct.ADD, "wu", CLERK)
    assert told.password is not None
    assert line(told, "wu") == ((CLERK,), False)
    assert chief.accounts.sign_in("wu", told.password, "ZB-01").access
    again = act(chief, AccountAct.RESET, "wu")
    with pytest.raises(ProblemError):
        chief.accounts.sign_in("wu", told.password, "ZB-01")
    assert again.password and chief.accounts.sign_in("wu", again.password, "ZB-01").access


def test_roles_and_access_go_and_come_back_each_act_in_the_audit(chief: District) -> None:
    town = Held(role=Role.DUTY_OFFICER, scope=TOWN)
    act(chief, AccountAct.GRANT, "duty", town)
    act(chief, AccountAct.DISABLE, "duty")
    assert line(act(chief, AccountAct.ENABLE, "duty"), "duty")[1] is False
    assert town not in line(act(chief, AccountAct.REVOKE, "duty", town), "duty")[0]
    with chief.store.snapshot() as connection:
        rows = connection.execute(select(audit.c.act, audit.c.who, audit.c.subject)).all()
    done = [row.act for row in rows if (row.who, row.subject) == ("admin", "duty")]
    assert done == ["account.grant", "account.disable", "account.enable", "account.revoke"]


@pytest.mark.parametrize(
    ("wanted", "user", "held", "slug"),
    [
        (AccountAct.DISABLE, "admin", None, "last-administrator"),
        (AccountAct.REVOKE, "admin", Held(role=Role.ADMINISTRATOR, scope=DISTRICT),
         "last-administrator"),
        (AccountAct.ADD, "duty", CLERK, "account-exists"),
        (AccountAct.GRANT, "duty", Held(role=Role.SYSTEM, scope=DISTRICT), "malformed"),
        (AccountAct.GRANT, "nobody", CLERK, "not-found"),
        (AccountAct.ADD, "a b", CLERK, "malformed"),
    ],
)  # fmt: skip
def test_what_would_lock_out_or_makes_no_sense_is_refused(
    chief: District, wanted: AccountAct, user: str, held: Held | None, slug: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        act(chief, wanted, user, held)
    assert refused.value.slug == slug
    assert line(act(chief, AccountAct.ENABLE, "admin"), "admin")[1] is False


@pytest.mark.parametrize("more", [{"name": "王" * 65}, {"officer": RecordId("x" * 37)}])
def test_what_no_column_holds_makes_no_account(chief: District, more: dict[str, str]) -> None:
    said = AccountSay(
        act=AccountAct.ADD,
        user="new",
        role=Role.CLERK,
        scope=DISTRICT,
        **more,  # type: ignore[arg-type]
    )
    office = AccountOffice(chief.store, chief.accounts)
    with pytest.raises(ProblemError) as refused:
        office.act(chief.person("admin"), said, chief.clock.now())
    assert refused.value.slug == "malformed"


def test_only_an_administrator_of_the_district_changes_accounts(chief: District) -> None:
    office = AccountOffice(chief.store, chief.accounts)
    said = AccountSay(act=AccountAct.DISABLE, user="admin")
    with pytest.raises(ProblemError) as refused:
        office.act(chief.person("duty"), said, chief.clock.now())
    with chief.store.snapshot() as connection, pytest.raises(ProblemError):
        office.listed(connection, chief.person("duty"))
    assert refused.value.slug == "forbidden"


def asked(one: District, user: str, name: str, value: Json) -> Foreseen:
    said = ForesightSay(kind=Kind.SETTING, transition="define", args={"name": name, "value": value})
    with one.store.snapshot() as connection:
        return foreseen(one.store, connection, one.person(user), said, one.clock.now())


def test_a_term_of_files_is_foreseen_over_what_has_ended(chief: District) -> None:
    chief.reported()
    ended = chief.reported()
    chief.send(chief.command("dismiss", ended, args={"category": "no_violation"}))
    told = asked(chief, "admin", "flag_files_days", 30)
    assert [(one.effect, one.count) for one in told.counts] == [(Effect.EARLIER, 1)]
    assert told.looked_at == 2
    assert asked(chief, "admin", "order_files_days", 30).counts == ()


def test_what_a_setting_would_affect_is_counted_and_nothing_is_written(chief: District) -> None:
    flag = chief.reported(plate="浙F12345", plate_colour="blue")
    chief.reported(category="01-02")
    value = {"05-05": "市公安局交警支队"}
    told = asked(chief, "admin", "jurisdictions", value)
    assert told.looked_at == 2
    assert [(one.effect, one.kind, one.count) for one in told.counts] == [
        (Effect.NAMED, Kind.FLAG, 1)
    ]
    assert chief.record(flag.id) == flag
    assert Console(chief.store, chief.clock).external("setting", "jurisdictions") is None


def test_for_what_affects_nothing_else_no_record_is_looked_at(chief: District) -> None:
    flag = chief.reported()
    said = ForesightSay(kind=Kind.FLAG, record=flag.id, transition="confirm")
    with chief.store.snapshot() as connection:
        told = foreseen(chief.store, connection, chief.person("duty"), said, chief.clock.now())
    assert told == Foreseen(looked_at=0)


def test_what_would_be_refused_is_foreseen_as_that(chief: District) -> None:
    refusal = asked(chief, "admin", "jurisdictions", {"77-77": "某局"}).refusal
    other = asked(chief, "duty", "jurisdictions", {}).refusal
    assert refusal is not None and refusal.slug == "category-unknown"
    assert other is not None and other.slug == "role"


def test_a_file_that_contradicts_itself_changes_nothing(chief: District) -> None:
    console = Console(chief.store, chief.clock)
    file: dict[str, Json] = {"holidays": ["2027-02-06"], "workdays": ["2027-02-06"],
                             "receipt_within_min": 4}  # fmt: skip
    with pytest.raises(ConfigError) as refused:
        import_config(chief.store, console, file, "")
    assert "day-of-two-kinds" in str(refused.value)
    assert console.external("setting", "receipt_within_min") is None


def test_a_file_is_taken_in_the_order_in_which_it_makes_sense(chief: District) -> None:
    console = Console(chief.store, chief.clock)
    import_config(chief.store, console, {"holidays": ["2027-02-06"]}, "")
    moved: dict[str, Json] = {"workdays": ["2027-02-06"], "holidays": []}
    changed = import_config(chief.store, console, moved, "调休")
    assert [one.name for one in changed] == ["holidays", "workdays"]


def test_a_file_that_a_crash_left_half_done_is_finished_by_the_same_again(
    chief: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_: object) -> None:
        raise KeyboardInterrupt

    flag, console = chief.reported(), Console(chief.store, chief.clock)
    with chief.store.writing() as tables:
        tables.set_timer(flag.id, None)
    file: dict[str, Json] = {"receipt_within_min": 4}
    monkeypatch.setattr(timers_anew, "ask", dies)
    with pytest.raises(KeyboardInterrupt):
        import_config(chief.store, console, file, "")
    monkeypatch.undo()
    assert import_config(chief.store, console, file, "") == []
    look_at_all(chief)
    assert has_timer(chief, flag.id)


def test_timers_follow_a_setting_that_was_applied_and_none_that_was_refused(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "data")
    with open_district(settings) as one, Backend(settings.folder) as backend:
        one.add_officer("admin", Role.ADMINISTRATOR)
        flag = one.reported()
        with one.store.writing() as tables:
            tables.set_timer(flag.id, None)
        define(backend, "duty")
        with one.store.snapshot() as connection:
            assert not timers_anew.is_asked(connection)
        define(backend, "admin")
        wait_until(lambda: body_of(one.record(flag.id), FlagBody).alarmed_at is not None)


def test_every_open_record_is_looked_at_some_at_a_time(
    chief: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers_anew, "AT_ONCE", 2)
    flags = without_timers(chief, 5)
    timers_anew.ask(chief.store)
    assert timers_anew.turn(chief.store)
    assert [has_timer(chief, one.id) for one in flags] == [True, True, False, False, False]
    look_at_all(chief)  # where it was: a process that died has left the note
    assert all(has_timer(chief, one.id) for one in flags)
    assert not timers_anew.turn(chief.store)


def test_records_of_one_command_are_looked_at_together(
    chief: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers_anew, "AT_ONCE", 2)
    flags = without_timers(chief, 4)
    with chief.store.transaction() as connection:
        same = select(record.c.seq).where(record.c.id == flags[1].id).scalar_subquery()
        moved = update(record).where(record.c.id == flags[2].id).values(seq=same)
        connection.execute(moved)
    timers_anew.ask(chief.store)
    look_at_all(chief)
    assert all(has_timer(chief, one.id) for one in flags)


def without_timers(chief: District, count: int) -> list[Record]:
    flags = [chief.reported() for _ in range(count)]
    with chief.store.writing() as tables:
        for one in flags:
            tables.set_timer(one.id, None)
    return flags


def look_at_all(chief: District) -> None:
    while timers_anew.turn(chief.store):
        pass


def define(backend: Backend, user: str) -> None:
    args = {"name": "receipt_within_min", "value": 5}
    with backend.client(user) as client:
        push(client, report(kind="setting", transition="define", args=args))


def has_timer(one: District, flag: str) -> bool:
    wanted = select(record.c.timer_at).where(record.c.id == flag)
    with one.store.snapshot() as connection:
        return connection.execute(wanted).scalar_one() is not None
