"""The groups of the ledger, and what a tile of the strip narrows them to.

需要处理 (whatever the period: what is late must not hide) → 已撤回 → 不予公示 → 最近公示
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from ui.records import Section
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.publication_body import PublicationState
from xiuzhou_desktop.plugin_api.context import Text

S = PublicationState
KINDS = (Kind.PUBLICATION,)
WAITING = (S.DUE, S.MASKED, S.CONFIRMED, S.FAILED, S.MISSING, S.RETRACTING)
FAILED = (S.FAILED, S.MISSING)
WITHDRAWN = (S.RETRACTED,)


class Tile(StrEnum):
    """What the strip counts; a tile that is pressed shows its own rows alone."""

    OWED = "owed"
    PUBLISHED = "published"
    DIFFERENCE = "difference"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Period(Struct, frozen=True, kw_only=True):
    """Decisions of which days: from the first instant to the one behind the last."""

    key: str
    start: datetime
    end: datetime


def ledger_sections(
    text: Text, period: Period, words: str | None, tile: Tile | None
) -> tuple[Section, ...]:
    """The ledger of a period; words look through all of it."""
    base = RecordQuery(kinds=KINDS, text=words)
    inside = msgspec.structs.replace(base, opened_from=period.start, opened_to=period.end)

    def section(key: str, query: RecordQuery, **narrow: object) -> Section:
        return Section(
            key=key, title=text(f"publication.group.{key}"), hides_when_empty=key != "waiting",
            query=msgspec.structs.replace(query, **narrow),
        )  # fmt: skip

    waiting = section("waiting", base, states=WAITING, order=Order.DEADLINE)
    withdrawn = section("withdrawn", inside, states=WITHDRAWN, order=Order.NEWEST)
    exempt = section("exempt", inside, states=(S.EXEMPT,), order=Order.NEWEST)
    published = section("published", inside, states=(S.PUBLISHED,), order=Order.NEWEST)
    late = section("waiting", base, states=WAITING, due="passed", order=Order.DEADLINE)
    ahead = section("waiting", base, states=WAITING, due="ahead", order=Order.DEADLINE)
    failed = section("waiting", base, states=FAILED, order=Order.DEADLINE)
    shown: dict[Tile | None, tuple[Section, ...]] = {
        None: (waiting, withdrawn, msgspec.structs.replace(exempt, is_open=False), published),
        Tile.OWED: (waiting, published),
        Tile.PUBLISHED: (published,),
        Tile.DIFFERENCE: (waiting,),
        Tile.IN_TIME: (ahead,),
        Tile.OVERDUE: (late,),
        Tile.FAILED: (failed,),
        Tile.WITHDRAWN: (withdrawn,),
    }
    return shown[tile]
