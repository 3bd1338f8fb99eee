"""The watchdog's table: what is well says nothing, each concern has its sentence and its remedy."""

import msgspec
import pytest

from xiuzhou_desktop.client.watch import CHECKS, Concern, Signs, watch
from xiuzhou_desktop.text.catalogue import LANGUAGES, Catalogue

WELL = Signs(is_online=True, oldest_pending_s=5, pending=1, skew_ms=900, free=50 * 1024**3)

TROUBLES: dict[str, tuple[dict[str, object], bool]] = {
    "oldest_pending": ({"oldest_pending_s": 180, "pending": 4}, True),
    "stuck": ({"worst_attempts": 3}, True),
    "refused_unseen": ({"refused_unseen": 2}, True),
    "retry": ({"is_online": False, "retry_in_s": 25}, False),
    "clock": ({"skew_ms": -240_000}, False),
    "disk": ({"free": 1024**3}, False),
    "custody": ({"kept_until": "18:00"}, True),
}


def signs(**changes: object) -> Signs:
    return msgspec.structs.replace(WELL, **changes)


def test_all_is_well() -> None:
    assert watch(WELL) == ()


def test_every_check_has_a_trouble_that_it_alone_sees() -> None:
    assert set(TROUBLES) == set(CHECKS)
    for check, (changes, is_alarm) in TROUBLES.items():
        (concern,) = watch(signs(**changes))
        assert (concern.check, concern.is_alarm) == (check, is_alarm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_concern_is_said_with_what_to_do(language: str) -> None:
    text = Catalogue(language)
    for changes, _ in TROUBLES.values():
        (concern,) = watch(signs(**changes))
        assert text(f"watch.{concern.check}", **concern.facts)
        assert text(f"watch.{concern.check}.remedy")


def test_alarms_come_first() -> None:
    found = watch(signs(free=100 * 1024**2, skew_ms=300_000, refused_unseen=1))
    assert [concern.check for concern in found] == ["disk", "refused_unseen", "clock"]
    assert [concern.is_alarm for concern in found] == [True, True, False]


def test_a_long_wait_offline_is_said_later_and_is_no_alarm() -> None:
    assert watch(signs(is_online=False, oldest_pending_s=600)) == ()
    assert watch(signs(is_online=False, oldest_pending_s=1900)) == (
        Concern(check="oldest_pending", is_alarm=False, facts={"minutes": 31, "count": 1}),
    )


def test_a_command_that_was_given_up_stays_in_sight() -> None:
    (concern,) = watch(signs(attention=1))
    assert concern.check == "stuck"
