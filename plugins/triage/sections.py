"""The groups of the queue, in the order in which they want a hand.

Each is a query, so that no list is ever held whole:

同一相机 n 条 → 待研判 → 再次研判到期 → 现场处置 → 已通知待改正 → 待归档 → 暂缓 → 刚处理
"""

from datetime import datetime

import msgspec

from plugins.triage.rows import place_text
from plugins.triage.storms import Storm, StormOf
from ui.records import Section, Sentences
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.order_body import OrderState
from xiuzhou_desktop.plugin_api.context import Text

KINDS = (Kind.FLAG, Kind.ORDER)
STORM = "storm:"  # begins the key of a storm's group

TO_JUDGE = (
    FlagState.DETECTED, OrderState.REPORTED, OrderState.VERIFIED, OrderState.FILED,
    OrderState.RETURNED, OrderState.FEEDBACK, OrderState.CHECKING,
)  # fmt: skip
SECOND_LOOK = (FlagState.L1_NOTIFIED, FlagState.UNDETERMINED)
ON_SITE = (
    FlagState.L3_DISPATCHED, FlagState.ACCEPTED, FlagState.ARRIVED,
    OrderState.DISPATCHED, OrderState.ACCEPTED, OrderState.IN_PROGRESS, OrderState.REWORK,
    OrderState.EXTENDED, OrderState.ESCALATED,
)  # fmt: skip
WAITING = (
    FlagState.CONFIRMED, FlagState.L1_NOTIFIED, FlagState.UNDETERMINED, OrderState.SUSPENDED,
)  # fmt: skip
TO_CLOSE = (
    FlagState.SELF_CORRECTED, FlagState.CORRECTED_ON_SITE, FlagState.LEFT,
    FlagState.SIMPLE_PENALTY, FlagState.CASE_FILED, FlagState.TRANSFERRED,
)  # fmt: skip
ENDED = (
    FlagState.CLOSED, FlagState.FALSE_ALARM, FlagState.DUPLICATE,
    OrderState.CLOSED, OrderState.REJECTED, OrderState.MERGED,
)  # fmt: skip
JUST_HANDLED = tuple(sorted({*WAITING, *TO_CLOSE, *ENDED} - {OrderState.SUSPENDED}))


class Filters(Struct, frozen=True, kw_only=True):
    """What the officer narrowed the queue to; a saved view is one of these with a name."""

    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    text: str | None = None
    order: Order = Order.URGENCY

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.categories or self.areas or self.text)


def queue_sections(
    text: Text,
    filters: Filters,
    found: Section,
    storms: tuple[Storm, ...] = (),
    at: datetime | None = None,
) -> tuple[Section, ...]:
    """The queue's groups under the officer's filters.

    `found`: the group of an item that was asked for by name. Where words are looked
    for, what has ended is found, too. Each of the `storms` has a group of its own, folded. `at`: as
    the queue stood at that instant.
    """
    base = RecordQuery(
        kinds=KINDS,
        categories=filters.categories,
        areas=filters.areas,
        text=filters.text,
        order=filters.order,
        at=at,
    )

    def section(key: str, **narrow: object) -> Section:
        query = msgspec.structs.replace(base, **narrow)
        return Section(
            key=key, title=text(f"triage.group.{key}"), query=query,
            hides_when_empty=key != "to_judge",
        )  # fmt: skip

    def running(key: str, **narrow: object) -> Section:
        """Of open records only: those are few, and an index finds them."""
        return section(key, is_open=True, **narrow)

    stormy = tuple(record for storm in storms for record in storm.ids)
    ended = section("ended", states=ENDED, is_open=False, order=Order.NEWEST)
    return (
        *(storm_section(text, base, storm) for storm in storms),
        running("to_judge", states=TO_JUDGE, snoozed=False, without=stormy),
        running("second_look", states=SECOND_LOOK, due="passed", snoozed=False),
        running("on_site", states=ON_SITE),
        folded(running("waiting", states=WAITING, due="ahead")),
        folded(running("to_close", states=TO_CLOSE)),
        running("snoozed", states=(*TO_JUDGE, *SECOND_LOOK), snoozed=True),
        section("just_handled", states=JUST_HANDLED, pending=True, order=Order.NEWEST),
        *((ended,) if filters.text else ()),
        found,
    )


def storm_section(text: Text, base: RecordQuery, storm: Storm) -> Section:
    """The head of a storm, with its flags below once it is opened."""
    record, names = storm.first.record, Sentences(text)
    where = names.area(record.area) if storm.of is StormOf.STREET else place_text(record)
    title = text(f"triage.storm.{storm.of}", what=names.category(record.category), where=where)
    query = msgspec.structs.replace(
        base, ids=storm.ids, states=TO_JUDGE, is_open=True, snoozed=False
    )
    return Section(
        key=f"{STORM}{storm.key}", title=title, query=query, is_open=False, hides_when_empty=True
    )


def summed(sections: tuple[Section, ...], totals: tuple[int, ...]) -> tuple[int, int]:
    """How many are to be judged, storms with them, and how many are due for a second look."""
    counted = dict(zip((one.key for one in sections), totals, strict=True))
    stormy = sum(total for key, total in counted.items() if key.startswith(STORM))
    return counted.get("to_judge", 0) + stormy, counted.get("second_look", 0)


def folded(section: Section) -> Section:
    """A group whose rows show when it is opened."""
    return msgspec.structs.replace(section, is_open=False)
