"""The district's streets by name, from the base map: the palette finds a place by its street."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from ui.map.base_map import BaseMap, BaseMapError, Named, read_base_map
from ui.map.opening import BASE_MAP
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.domain.ids import SubjectKey
from xiuzhou_desktop.plugin_api.subjects import place_subject
from xiuzhou_desktop.text.initials import initials

Fetch = Callable[[str], Awaitable[bytes]]


class Street(msgspec.Struct, frozen=True, kw_only=True):
    """A street and the place in the middle of it."""

    name: str
    initials: str
    place: SubjectKey


class Streets:
    """Read once; none while the base map is neither here nor to be had."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: tuple[Street, ...] | None = None

    async def named(self, words: str) -> tuple[Street, ...]:
        """Streets whose name holds the words, or whose pinyin initials do."""
        known = await self._read()
        return tuple(one for one in known if words in one.name or words.lower() in one.initials)

    async def _read(self) -> tuple[Street, ...]:
        if self._known is None:
            try:
                content = await self._fetch(BASE_MAP)
                base = await asyncio.to_thread(read_base_map, content)
            except (Unavailable, BaseMapError):
                return ()
            self._known = tuple(_streets(base))
        return self._known


def _streets(base: BaseMap) -> list[Street]:
    longest: dict[str, Named] = {}
    for one in (*base.trunks, *base.streets):
        known = longest.get(one.name)
        if one.name and (known is None or len(known.line) < len(one.line)):
            longest[one.name] = one
    return [_street(base, one) for one in longest.values()]


def _street(base: BaseMap, named: Named) -> Street:
    point = base.projection.to_point(named.line[len(named.line) // 2])
    return Street(
        name=named.name,
        initials=initials(named.name),
        place=place_subject(*point.e7),
    )
