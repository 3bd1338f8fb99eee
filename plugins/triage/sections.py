"""The groups of the queue, in the order in which they want a hand.

Each is a query, so that no list is ever held whole:

待研判 → 再次研判到期 → 现场处置 → 已通知待改正 → 暂缓 → 刚处理(未送达可撤销)
"""

import msgspec

from ui.records import Section
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.order_body import OrderState
from xiuzhou_desktop.plugin_api.context import Text

KINDS = (Kind.FLAG, Kind.ORDER)

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
WAITING = (FlagState.CONFIRMED, FlagState.L1_NOTIFIED, FlagState.UNDETERMINED)
SETTLED = tuple(
    state for state in (*FlagState, *OrderState) if state not in TO_JUDGE and state not in ON_SITE
)


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


def queue_sections(text: Text, filters: Filters) -> tuple[Section, ...]:
    """The queue's groups under the officer's filters."""
    base = RecordQuery(
        kinds=KINDS,
        categories=filters.categories,
        areas=filters.areas,
        text=filters.text,
        order=filters.order,
    )

    def section(key: str, *, is_open: bool = True, **narrow: object) -> Section:
        query = msgspec.structs.replace(base, **narrow)
        return Section(key=key, title=text(f"triage.group.{key}"), query=query, is_open=is_open)

    return (
        section("to_judge", states=TO_JUDGE, snoozed=False),
        section("second_look", states=SECOND_LOOK, due="passed", snoozed=False),
        section("on_site", states=ON_SITE),
        section("waiting", states=WAITING, due="ahead", is_open=False),
        section("snoozed", states=(*TO_JUDGE, *SECOND_LOOK), snoozed=True),
        section("just_handled", states=SETTLED, pending=True, order=Order.NEWEST),
    )
