"""A message of which only the provider knows whether it went out: a person says so, once; and one
that waits for its receipt for days keeps none from being heard.
"""

from datetime import datetime

import pytest

from tests.backend.district import District
from tests.backend.test_timers_and_effects import (
    Provider,
    confirmed,
    effect_states,
    names,
    now,
    outbox_of,
)
from xiuzhou_desktop.backend import effects as outbox_module
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.hooks import Delivery
from xiuzhou_desktop.backend.store import audit
from xiuzhou_desktop.backend.store.effects import EffectState
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
