"""What must happen at a time happens once; what goes out goes out at most once and the workflow
hears of it.
"""

from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Never

import pytest

from tests.backend.district import District
from xiuzhou_desktop.backend.case_packages import CasePackages
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.hooks import Delivery, Failure
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.sms_gateway import RECEIPT_AFTER, DemoGateway
from xiuzhou_desktop.backend.store import effects
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.backend.timers import LEASE_FOR, Timers
from xiuzhou_desktop.domain.envelope import Record

NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight of the district
NUMBER = "13800000001"


class Book:
    """A register of one number, or none."""

    def __init__(self, number: str | None = NUMBER) -> None:
        self.number = number

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        return self.number


class Provider:
    """A stand-in at the border: counts deliveries; may die before or after it took the message."""

    def __init__(self, *, deduplicates: bool) -> None:
        self.deduplicates = deduplicates
        self.delivered: list[str] = []
        self.silent = False
        self.answers = True

    def send(self, key: str, number: str, words: str) -> Failure | None:
        if self.silent:
            raise ConnectionError
        if not (self.deduplicates and key in self.delivered):
            self.delivered.append(key)
        if not self.answers:
            raise KeyboardInterrupt  # the process dies in the middle of the call
        return None

    def knows(self, key: str) -> bool:
        return key in self.delivered

    def receipt(self, key: str, now: datetime) -> Delivery | None:
        return None


def outbox_of(
    district: District,
    gateway: Provider | DemoGateway,
    book: Book | None = None,
    desk: Desk | None = None,
) -> Outbox:
    packages = CasePackages(district.settings.folder / "packages")
    providers = Providers(sms=gateway, contacts=book or Book(), packages=packages)
    return Outbox(district.store, district.clock, desk or district.desk, providers)


def timers_of(district: District) -> Timers:
    return Timers(district.store, district.clock, district.desk, district.wall)


def confirmed(district: District) -> Record:
    flag = district.reported(plate="浙F12345", plate_colour="blue")
    district.send(district.command("confirm", flag))
    return flag


def now(district: District, record: Record) -> Record:
    found = district.record(record.id)
    assert found is not None
    return found


def names(district: District, record: Record) -> list[str]:
    return [entry.name for entry in now(district, record).log]


def effect_states(district: District) -> list[EffectState]:
    with district.store.database.writing.connect() as connection:
        rows = connection.execute(effects.effect.select()).all()
    return [EffectState(row.state) for row in rows]


@pytest.fixture
def gateway(district: District) -> DemoGateway:
    return DemoGateway(district.settings.folder / "provider-sms.jsonl", district.clock)


def test_a_limit_that_passes_is_told_once(district: District) -> None:
    flag = district.reported()
    timers = timers_of(district)
    district.wall.advance(hours=2)

    for _ in range(3):
        timers.turn()

    assert names(district, flag) == ["report", "alarm"]
    assert now(district, flag).state_version == flag.state_version


def test_nothing_is_told_before_its_time(district: District) -> None:
    flag = district.reported()
    timers_of(district).turn()
    assert names(district, flag) == ["report"]


def test_two_processes_that_both_believe_in_the_lease_do_no_harm(district: District) -> None:
    flags = [district.reported() for _ in range(8)]
    district.wall.advance(hours=2)
    start = Barrier(2)

    def work(timers: Timers) -> None:
        start.wait()
        for flag in flags:
            timers.carry_out(flag.id)

    threads = [Thread(target=work, args=(timers_of(district),)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert all(names(district, flag) == ["report", "alarm"] for flag in flags)


def test_a_lease_changes_hands_only_when_its_holder_is_silent(district: District) -> None:
    first, second = timers_of(district), timers_of(district)
    assert first.hold_lease()
    assert not second.hold_lease()
    district.wall.advance(seconds=LEASE_FOR.total_seconds() + 1)
    assert second.hold_lease()
    assert not first.hold_lease()


def test_timers_pause_while_clients_bring_back_what_a_restore_lost(district: District) -> None:
    flag = district.reported()
    district.wall.advance(hours=2)
    begin_after_restore(district.store, district.clock.now())
    timers = timers_of(district)

    timers.turn()
    assert names(district, flag) == ["report"]
    district.wall.advance(hours=3)
    timers.turn()
    assert names(district, flag) == ["report", "alarm"]


def test_a_notice_is_sent_and_its_receipt_starts_the_limit(
    district: District, gateway: DemoGateway
) -> None:
    flag = confirmed(district)
    outbox = outbox_of(district, gateway)

    outbox.turn()
    assert names(district, flag)[-1] == "notice_sent"
    district.wall.advance(seconds=RECEIPT_AFTER.total_seconds())
    outbox.turn()
    outbox.turn()

    assert names(district, flag) == ["report", "confirm", "notice_sent", "notice_delivered"]
    assert now(district, flag).state == "L1_NOTIFIED"


@pytest.mark.parametrize("number", [None, "13800000000"])
def test_who_cannot_be_reached_is_visited(
    district: District, gateway: DemoGateway, number: str | None
) -> None:
    flag = confirmed(district)
    outbox_of(district, gateway, Book(number)).turn()
    assert now(district, flag).state == "L3_DISPATCHED"


def test_a_gateway_that_fails_sends_the_patrol(district: District, gateway: DemoGateway) -> None:
    flag = confirmed(district)
    gateway.failing = True
    outbox_of(district, gateway).turn()
    assert now(district, flag).state == "L3_DISPATCHED"


def test_no_receipt_in_ten_minutes_sends_the_patrol(district: District) -> None:
    flag = confirmed(district)
    outbox_of(district, Provider(deduplicates=True)).turn()
    district.wall.advance(minutes=11)
    timers_of(district).turn()
    assert now(district, flag).state == "L3_DISPATCHED"


def test_a_crash_in_the_call_sends_no_second_message_where_the_provider_knows_the_key(
    district: District,
) -> None:
    confirmed(district)
    provider = Provider(deduplicates=True)
    provider.answers = False
    with pytest.raises(KeyboardInterrupt):
        outbox_of(district, provider).turn()
    assert effect_states(district) == [EffectState.SENDING]
    provider.answers = True

    outbox_of(district, provider).turn()

    assert len(provider.delivered) == 1
    assert effect_states(district) == [EffectState.SENT]


class Dying(Desk):
    """The process dies before what it was told is in the log."""

    def execute_as(self, *_: object) -> Never:
        raise KeyboardInterrupt


def test_a_crash_after_the_call_leaves_no_message_untold(district: District) -> None:
    flag, provider = confirmed(district), Provider(deduplicates=True)
    dying = Dying(district.store, district.clock)
    with pytest.raises(KeyboardInterrupt):
        outbox_of(district, provider, desk=dying).turn()

    outbox_of(district, provider).turn()

    assert len(provider.delivered) == 1
    assert names(district, flag)[-1] == "notice_sent"


def test_a_crash_in_the_call_of_a_forgetful_provider_asks_a_person(district: District) -> None:
    confirmed(district)
    provider = Provider(deduplicates=False)
    provider.answers = False
    with pytest.raises(KeyboardInterrupt):
        outbox_of(district, provider).turn()
    provider.answers = True

    outbox_of(district, provider).turn()

    assert len(provider.delivered) == 1
    assert effect_states(district) == [EffectState.ASK]


def test_a_provider_that_does_not_answer_is_asked_again_later(district: District) -> None:
    flag = confirmed(district)
    provider = Provider(deduplicates=True)
    provider.silent = True
    outbox = outbox_of(district, provider)
    outbox.turn()
    provider.silent = False
    outbox.turn()
    assert provider.delivered == []

    district.wall.advance(minutes=1)
    outbox.turn()
    assert len(provider.delivered) == 1
    assert names(district, flag)[-1] == "notice_sent"


def test_what_was_in_doubt_after_a_restore_is_looked_up_and_not_sent_again(
    district: District,
) -> None:
    confirmed(district)
    provider = Provider(deduplicates=True)
    with district.store.snapshot() as connection:
        (owed,) = effects.waiting(connection, district.clock.now(), 1)
    provider.delivered.append(owed.key)
    begin_after_restore(district.store, district.clock.now())

    outbox_of(district, provider).turn()

    assert provider.delivered == [owed.key]
    assert effect_states(district) == [EffectState.SENT]


def test_a_notice_that_was_voided_in_the_night_is_never_sent(
    district: District, gateway: DemoGateway
) -> None:
    district.wall.at = NIGHT
    flag = confirmed(district)
    outbox = outbox_of(district, gateway)
    outbox.turn()
    held = now(district, flag)
    district.send(district.command("void_notice", held, args={"reason": "看错了"}))
    district.wall.advance(hours=9)

    outbox.turn()

    assert effect_states(district) == [EffectState.DROPPED]
    assert not gateway.knows(f"{held.log[-1].command}/0")


def test_the_demo_provider_remembers_across_a_stop(
    district: District, gateway: DemoGateway
) -> None:
    gateway.send("k/0", NUMBER, "…")
    again = DemoGateway(district.settings.folder / "provider-sms.jsonl", district.clock)
    assert again.knows("k/0")
    assert again.send("k/0", NUMBER, "…") is None
    lines = (district.settings.folder / "provider-sms.jsonl").read_text().splitlines()
    assert len(lines) == 1


def test_a_record_that_breaks_its_timer_keeps_no_other_waiting(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = district.reported(), district.reported()
    timers = timers_of(district)
    carry_out = timers.carry_out

    def breaking(record: str) -> None:
        if record == broken.id:
            raise ZeroDivisionError
        carry_out(record)

    monkeypatch.setattr(timers, "carry_out", breaking)
    district.wall.advance(hours=2)
    timers.turn()
    assert "alarm" in names(district, sound)
    assert timers.turn() == 0  # it is looked at later, not again and again
    monkeypatch.undo()
    district.wall.advance(minutes=11)
    timers.turn()
    assert "alarm" in names(district, broken)


def test_an_effect_that_breaks_keeps_no_other_waiting(district: District) -> None:
    class Breaking(Provider):
        def send(self, key: str, number: str, words: str) -> Failure | None:
            if key.startswith(bad):
                raise TimeoutError
            return super().send(key, number, words)

    provider = Breaking(deduplicates=True)
    bad = now(district, confirmed(district)).log[-1].command
    good = now(district, confirmed(district)).log[-1].command
    outbox_of(district, provider).turn()
    assert [key.split("/")[0] for key in provider.delivered] == [good]
    bad = "none"
    district.wall.advance(seconds=30)
    outbox_of(district, provider).turn()
    assert len(provider.delivered) == 2


def test_who_lost_the_lease_in_the_call_tells_nothing(district: District) -> None:
    class Slow(Provider):
        """While it is asked, another process takes the lease and sends the same message."""

        def send(self, key: str, number: str, words: str) -> Failure | None:
            outbox_of(district, Provider(deduplicates=True)).turn()
            return Failure(cause="sms_failed")

    flag = confirmed(district)
    outbox_of(district, Slow(deduplicates=True)).turn()
    assert names(district, flag)[-1] == "notice_sent"
    assert effect_states(district) == [EffectState.SENT]


def test_what_an_older_version_failed_without_telling_sends_the_patrol(district: District) -> None:
    flag, provider = confirmed(district), Provider(deduplicates=True)
    with district.store.transaction() as connection:
        connection.execute(effects.effect.update().values(state=EffectState.FAILED.value))
    outbox_of(district, provider).turn()
    assert names(district, flag)[-1] == "notice_failed"
    assert now(district, flag).state == "L3_DISPATCHED"
    assert untold(district) == ()


def untold(district: District) -> tuple[effects.Owed, ...]:
    with district.store.reading() as tables:
        return tables.untold_effects(10, None)


class Deaf(Desk):
    """What it is told breaks it."""

    told = 0

    def execute_as(self, *_: object) -> Never:
        self.told += 1
        raise ZeroDivisionError


def test_what_cannot_be_told_is_tried_ever_less_often_and_goes_out_once(
    district: District,
) -> None:
    confirmed(district)
    provider, deaf = Provider(deduplicates=True), Deaf(district.store, district.clock)
    outbox = outbox_of(district, provider, desk=deaf)
    for _ in range(45):  # a quarter of an hour
        outbox.turn()
        district.wall.advance(seconds=20)
    assert len(provider.delivered) == 1
    assert 5 <= deaf.told <= 8
