"""The watchdog: what hinders the work on this computer just now, as a table of checks over values
that the engine reads in one go. Status bar and `doctor` say each with its sentence
`watch.<check>` and its remedy `watch.<check>.remedy`.

    Signs ──► CHECKS ──► Concern, Concern …      none: all is well

An upload queue that stood still for ever without anybody told is what other offline clients were
found with (sync.md §2, Jepsen on PowerSync): here the oldest waiting command speaks up.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from xiuzhou_desktop.domain.envelope import Struct

Facts = Mapping[str, int | str]

WAITS_ONLINE = timedelta(minutes=2)  # the server answers, and yet a command is not delivered
WAITS_OFFLINE = timedelta(minutes=30)  # a network that nobody is mending
FAILS_OFTEN = 3  # times that one command alone failed while others passed
RETRY_GROWN = timedelta(seconds=20)  # until the next try: the link failed at least five times
WORST_SKEW = timedelta(minutes=2)
LEAST_FREE = 2 * 1024**3  # cache, pictures and logs of a year
ALARM_FREE = 200 * 1024**2  # below it the journal itself is in danger


class Signs(Struct, frozen=True, kw_only=True):
    """What the engine sees of itself at one moment.

    Ages are seconds of this computer's clock; `retry_in_s` counts to the next try of a link that is
    down; `skew_ms` is this computer's clock minus the server's; `free` is in bytes.
    """

    is_online: bool
    oldest_pending_s: int | None = None
    pending: int = 0
    worst_attempts: int = 0
    attention: int = 0
    retry_in_s: int | None = None
    skew_ms: int | None = None
    free: int | None = None
    refused_unseen: int = 0
    kept_until: str | None = None  # in local time; the hub keeps this town


class Concern(Struct, frozen=True, kw_only=True):
    """One thing that a person should know. An alarm endangers work; the rest only delays it."""

    check: str
    is_alarm: bool
    facts: Facts = {}


def watch(signs: Signs) -> tuple[Concern, ...]:
    """Every check that does not pass, alarms first."""
    found = [concern for look in CHECKS.values() if (concern := look(signs))]
    return tuple(sorted(found, key=lambda concern: not concern.is_alarm))


def _disk(signs: Signs) -> Concern | None:
    if signs.free is None or signs.free >= LEAST_FREE:
        return None
    facts = {"free_mib": signs.free // 1024**2}
    return Concern(check="disk", is_alarm=signs.free < ALARM_FREE, facts=facts)


def _refused_unseen(signs: Signs) -> Concern | None:
    if not signs.refused_unseen:
        return None
    return Concern(check="refused_unseen", is_alarm=True, facts={"count": signs.refused_unseen})


def _custody(signs: Signs) -> Concern | None:
    """What is asked for now is refused: the hub acts in this town's stead."""
    if signs.kept_until is None:
        return None
    return Concern(check="custody", is_alarm=True, facts={"until": signs.kept_until})


def _stuck(signs: Signs) -> Concern | None:
    """The lane of a command that alone fails again and again, or was given up on."""
    if signs.worst_attempts < FAILS_OFTEN and not signs.attention:
        return None
    facts = {"attempts": signs.worst_attempts, "count": max(1, signs.attention)}
    return Concern(check="stuck", is_alarm=True, facts=facts)


def _oldest_pending(signs: Signs) -> Concern | None:
    age_s = signs.oldest_pending_s
    longest = WAITS_ONLINE if signs.is_online else WAITS_OFFLINE
    if age_s is None or age_s < longest.total_seconds():
        return None
    facts = {"minutes": age_s // 60, "count": signs.pending}
    return Concern(check="oldest_pending", is_alarm=signs.is_online, facts=facts)


def _retry(signs: Signs) -> Concern | None:
    wait_s = signs.retry_in_s
    if signs.is_online or wait_s is None or wait_s < RETRY_GROWN.total_seconds():
        return None
    return Concern(check="retry", is_alarm=False, facts={"seconds": wait_s})


def _clock(signs: Signs) -> Concern | None:
    skew_ms = signs.skew_ms
    if skew_ms is None or abs(skew_ms) <= WORST_SKEW.total_seconds() * 1000:
        return None
    return Concern(check="clock", is_alarm=False, facts={"seconds": round(skew_ms / 1000)})


CHECKS: Mapping[str, Callable[[Signs], Concern | None]] = {
    "custody": _custody,
    "disk": _disk,
    "refused_unseen": _refused_unseen,
    "stuck": _stuck,
    "oldest_pending": _oldest_pending,
    "retry": _retry,
    "clock": _clock,
}
