"""The towns of the demonstration: three at work, one that fell silent just now, one whose link is
down and that the hub has taken over; and a custody of the day before yesterday.
"""

from datetime import datetime, timedelta

from xiuzhou_desktop.backend.demo.ledger import Deed
from xiuzhou_desktop.backend.demo.people import DUTY2, SUPERVISOR, Person
from xiuzhou_desktop.backend.store import Store, platform_links
from xiuzhou_desktop.domain.areas import TOWNS
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId, Scope, derived_id

XINCHENG, HONGHE = Scope("330411104"), Scope("330411106")
SILENT_FOR = {XINCHENG: timedelta(minutes=12), HONGHE: timedelta(minutes=74)}  # at the opening
AT_WORK = tuple(town for town in TOWNS if town not in SILENT_FOR)


def custodies(opening: datetime) -> list[Deed]:
    """One that stands, one that was handed back."""
    before = opening - timedelta(days=2, minutes=30)
    return [
        _taken(DUTY2, XINCHENG, before, "镇机房停电检修"),
        Deed(
            at=before + timedelta(minutes=95), actor=DUTY2.actor(), kind=Kind.CUSTODY,
            record=_record(XINCHENG), transition="hand_back", args={"note": "已送电"},
        ),
        _taken(SUPERVISOR, HONGHE, opening - timedelta(minutes=58), "镇至区光缆中断,抢修中"),
    ]  # fmt: skip


def fall_silent(store: Store, opening: datetime) -> None:
    """When those were last heard that are not at work."""
    with store.transaction() as connection:
        platform_links.keep(
            connection, {town: opening - silent for town, silent in SILENT_FOR.items()}
        )


def _taken(person: Person, town: Scope, at: datetime, reason: str) -> Deed:
    until = format_instant(at + timedelta(hours=4))
    return Deed(
        at=at, actor=person.actor(), kind=Kind.CUSTODY, record=_record(town),
        transition="take_over", args={"town": town, "until": until, "reason": reason},
    )  # fmt: skip


def _record(town: Scope) -> RecordId:
    return derived_id("custody", town)
