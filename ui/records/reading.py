"""Asks the engine for what a list needs: totals, the pages in sight, the place of one record.

Records that were opened after the list was last accepted are held back (`opened_to`) and counted
apart (`opened_from`).
"""

from datetime import datetime

import msgspec

from ui.records.pages import PAGE_ROWS, PageKey
from ui.records.sections import Extent, Section, Spot
from xiuzhou_desktop.client.views import RecordQuery, RecordView
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine

Pages = dict[PageKey, tuple[RecordView, ...]]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One consistent answer: the extents, some pages, and where the selected record lies."""

    extents: tuple[Extent, ...]
    pages: Pages
    spot: Spot | None


class ListReader:
    """Reads the sections of one list as they were accepted at one moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sections: tuple[Section, ...] = ()
        self.accepted_at: datetime | None = None

    async def read(
        self, in_sight: tuple[PageKey, ...], record: RecordId | None, here: int | None
    ) -> Reading:
        """All that one change of the model needs. `here`: the section in which the record was."""
        sections = self.sections
        totals = await self._engine.counts(tuple(self._held(one.query) for one in sections))
        extents = tuple(Extent(one, total) for one, total in zip(sections, totals, strict=True))
        spot = await self.locate(record, here) if record is not None else None
        keys = [key for key in _keys(in_sight, extents, spot) if _exists(key, extents)]
        pages = {key: await self.page(key) for key in keys}
        return Reading(extents=extents, pages=pages, spot=spot)

    async def page(self, key: PageKey) -> tuple[RecordView, ...]:
        section, number = key
        query = self._held(self.sections[section].query)
        page = await self._engine.query(
            msgspec.structs.replace(query, limit=PAGE_ROWS, offset=number * PAGE_ROWS)
        )
        return page.views

    async def locate(self, record: RecordId, here: int | None = None) -> Spot | None:
        """Where a record lies among the open sections, looking first where it was."""
        order = sorted(range(len(self.sections)), key=lambda number: number != here)
        for number in order:
            section = self.sections[number]
            if not section.is_open:
                continue
            offset = await self._engine.position(self._held(section.query), record)
            if offset is not None:
                return Spot(number, offset)
        return None

    async def count_arrivals(self) -> int:
        """How many records wait to be let in."""
        if self.accepted_at is None:
            return 0
        waiting = tuple(
            msgspec.structs.replace(one.query, opened_from=self.accepted_at)
            for one in self.sections
            if one.query.opened_to is None
        )
        return sum(await self._engine.counts(waiting))

    def _held(self, query: RecordQuery) -> RecordQuery:
        if self.accepted_at is None or query.opened_to is not None:
            return query
        return msgspec.structs.replace(query, opened_to=self.accepted_at)


def _keys(
    in_sight: tuple[PageKey, ...], extents: tuple[Extent, ...], spot: Spot | None
) -> list[PageKey]:
    keys = {*in_sight, *((number, 0) for number in range(len(extents)))}
    if spot is not None and spot.offset is not None:
        keys.add((spot.section, spot.offset // PAGE_ROWS))
    return sorted(keys)


def _exists(key: PageKey, extents: tuple[Extent, ...]) -> bool:
    section, number = key
    if section >= len(extents):
        return False
    return extents[section].section.is_open and number * PAGE_ROWS < extents[section].total
