"""A message of which only the provider knows whether it went out: a person says so, once; and one
that waits for its receipt for days keeps none from being heard.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.backend.district import District
from tests.backend.test_timers_and_effects import (
    NIGHT,
    Provider,
    confirmed,
    effect_states,
    names,
    now,
    outbox_of,
    timers_of,
)
from xiuzhou_desktop.backend import effects as outbox_module
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.hooks import Delivery
from xiuzhou_desktop.backend.store import audit
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.envelope import Record


class Settled:
    """A district with one message in doubt, and its console."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.flag: Record = confirmed(district)
        self.key = f"{now(district, self.flag).log[-1].command}/0"
        self.provider = Provider(deduplicates=False)
        self.provider.answers = False
        with pytest.raises(KeyboardInterrupt):
            self.turn()
        self.provider.answers = True
        self.turn()
        assert effect_states(district) == [EffectState.ASK]

    def turn(self) -> None:
        outbox_of(self.district, self.provider).turn()

    def console(self, *words: str) -> int:
        settings = self.district.settings
        database = ["--database", settings.database] if settings.database else []
        return main(["effects", *words, "--data", str(settings.folder), *database])

    def noted(self) -> list[tuple[str, str]]:
        with self.district.store.snapshot() as connection:
            rows = audit.lines(connection)
            return [(row.subject, row.detail) for row in rows if row.act == "effect-settle"]


Meanwhile = Callable[[Settled], None]


@pytest.fixture
def settled(district: District) -> Settled:
    return Settled(district)


def test_the_list_names_what_is_in_doubt(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settled.console("list") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.split("\t")[:3] == [settled.key, "sms", settled.flag.id]


def test_what_was_sent_is_told_and_never_sent_again(settled: Settled) -> None:
    assert settled.console("settle", settled.key, "sent") == 0
    settled.turn()
    assert settled.provider.delivered == [settled.key]
    assert effect_states(settled.district) == [EffectState.SENT]
    assert names(settled.district, settled.flag)[-1] == "notice_sent"
    assert settled.noted() == [(settled.key, "sent")]


def test_what_was_not_sent_goes_out_once_more(settled: Settled) -> None:
    assert settled.console("settle", settled.key, "not-sent") == 0
    settled.turn()
    settled.turn()
    assert settled.provider.delivered == [settled.key] * 2
    assert effect_states(settled.district) == [EffectState.SENT]
    assert names(settled.district, settled.flag).count("notice_sent") == 1
    assert settled.noted() == [(settled.key, "not-sent")]


def test_what_nobody_doubts_is_not_settled(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settled.console("settle", settled.key, "sent") == 0
    assert settled.console("settle", settled.key, "not-sent") == 1
    assert "effects list" in capsys.readouterr().err
    assert settled.noted() == [(settled.key, "sent")]
    assert effect_states(settled.district) == [EffectState.SENT]


def over(settled: Settled) -> None:
    """The patrol goes, as nobody has told of a receipt."""
    settled.district.wall.advance(hours=3)
    timers_of(settled.district).turn()
    assert "notice_failed" in names(settled.district, settled.flag)


def voided(settled: Settled) -> None:
    """An officer takes the notice back."""
    flag = now(settled.district, settled.flag)
    command = settled.district.command("void_notice", flag, args={"reason": "车牌有误"})
    assert settled.district.send(command).result.status is Status.APPLIED


@pytest.mark.parametrize("meanwhile", [over, voided])
def test_a_notice_that_is_over_is_not_sent_late(
    settled: Settled, meanwhile: Meanwhile, capsys: pytest.CaptureFixture[str]
) -> None:
    meanwhile(settled)
    assert settled.console("settle", settled.key, "not-sent") == 0
    assert "not sent any more" in capsys.readouterr().out
    settled.turn()
    assert settled.provider.delivered == [settled.key]
    assert effect_states(settled.district) == [EffectState.DROPPED]


def test_that_it_went_out_moves_no_flag_whose_notice_is_over_and_says_so(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    over(settled)
    before = names(settled.district, settled.flag)
    assert settled.console("settle", settled.key, "sent") == 0
    assert "notice-over" in capsys.readouterr().out
    settled.turn()
    assert names(settled.district, settled.flag) == before
    assert settled.provider.delivered == [settled.key]


def test_who_holds_a_voided_notice_gets_the_correction(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    voided(settled)
    assert settled.console("settle", settled.key, "sent") == 0
    assert "a correction goes out" in capsys.readouterr().out
    looked_up_first = [EffectState.SENT, EffectState.CHECK]  # a restore may have forgotten it
    assert effect_states(settled.district) == looked_up_first
    wall = settled.district.wall
    wall.at = max(wall.at, wall_clock()) + timedelta(minutes=1)  # the console's clock is the real
    settled.turn()
    void = now(settled.district, settled.flag).log[-1].command
    assert settled.provider.delivered == [settled.key, f"{void}/0"]
    with settled.district.store.reading() as tables:
        assert [one.args["template"] for one in tables.untold_effects(9, None)] == ["notice"]
    assert effect_states(settled.district) == [EffectState.SENT] * 2


def test_receipts_that_never_come_keep_no_later_one_from_being_heard(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Half(Provider):
        """Has a receipt of the newest alone."""

        def receipt(self, key: str, now: datetime) -> Delivery | None:
            return Delivery(key=key, at=now) if key == newest else None

    monkeypatch.setattr(outbox_module, "UNTOLD_AT_ONCE", 2)
    flags = []
    for _ in range(5):
        flags.append(confirmed(district))
        district.wall.advance(seconds=1)
    newest = f"{now(district, flags[-1]).log[-1].command}/0"
    outbox = outbox_of(district, Half(deduplicates=True))
    for _ in range(4):
        outbox.turn()
    told = [names(district, flag)[-1] for flag in flags]
    assert told == ["notice_sent"] * 4 + ["notice_delivered"]


def held_over_night(district: District) -> Record:
    district.wall.at = NIGHT
    return confirmed(district)


def patrolled(district: District, flag: Record, *further: str) -> None:
    """A patrol is sent to it, and comes as far as that."""
    sent = now(district, flag)
    said = {"reason": "urgent"}
    assert (
        district.send(district.command("send_onsite", sent, args=said)).result.status == "applied"
    )
    task = district.record(now(district, flag).body.task)
    for step in further:
        kind = now(district, task) if step in ("accept", "arrive") else now(district, flag)
        told = district.send(district.command(step, kind)).result
        assert told.status is Status.APPLIED, told


@pytest.mark.parametrize("further", [("accept", "arrive"), ("accept", "arrive", "leave")])
def test_a_notice_held_over_night_stays_where_an_officer_was_there_before_it(
    district: District, further: tuple[str, ...]
) -> None:
    flag = held_over_night(district)
    notice = now(district, flag).body.notice
    patrolled(district, flag, *further)
    provider = Provider(deduplicates=True)
    district.wall.advance(hours=9)
    for _ in range(2):
        outbox_of(district, provider).turn()
    assert provider.delivered == []
    assert effect_states(district) == [EffectState.DROPPED]
    told = district.record(notice)
    assert (told.state, told.body.failure) == ("FAILED", "overtaken")


def test_a_notice_held_over_night_goes_out_while_the_patrol_is_not_there(
    district: District,
) -> None:
    flag = held_over_night(district)
    patrolled(district, flag)
    provider = Provider(deduplicates=True)
    district.wall.advance(hours=9)
    outbox_of(district, provider).turn()
    assert provider.delivered == [f"{now(district, flag).log[1].command}/0"]


def test_who_was_reached_in_a_crash_and_whose_notice_is_voided_gets_the_correction(
    district: District,
) -> None:
    flag, provider = confirmed(district), Provider(deduplicates=True)
    key = f"{now(district, flag).log[-1].command}/0"
    provider.answers = False
    with pytest.raises(KeyboardInterrupt):
        outbox_of(district, provider).turn()
    provider.answers = True
    taken_back = district.command("void_notice", now(district, flag), args={"reason": "车牌有误"})
    assert district.send(taken_back).result.status is Status.APPLIED
    for _ in range(2):
        outbox_of(district, provider).turn()
        district.wall.advance(seconds=1)
    assert provider.delivered == [key, f"{taken_back.id}/0"]


def test_a_message_that_waited_until_its_notice_was_given_up_stays(district: District) -> None:
    flag, provider = confirmed(district), Provider(deduplicates=True)
    provider.silent = True
    outbox_of(district, provider).turn()
    district.wall.advance(hours=3)
    timers_of(district).turn()
    assert "notice_failed" in names(district, flag)
    provider.silent = False
    district.wall.advance(minutes=10)
    outbox_of(district, provider).turn()
    assert provider.delivered == []
    assert effect_states(district) == [EffectState.DROPPED]
