"""A sparse window on long lists: pages of prepared rows, a few of them, the least used dropped
first.

The list itself is never in memory: a page is asked for when a row of it is first looked at.
"""

from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from ui.records.rows import QueueRow
from xiuzhou_desktop.client.views import RecordView

PAGE_ROWS = 100
KEPT_PAGES = 24


class Line(msgspec.Struct, frozen=True):
    """A record and its prepared row."""

    view: RecordView
    row: QueueRow


PageKey = tuple[int, int]  # section, page number


class Pages:
    """Loaded pages by section and number."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, tuple[Line, ...]] = OrderedDict()

    def line(self, section: int, offset: int) -> Line | None:
        key = (section, offset // PAGE_ROWS)
        page = self._pages.get(key)
        if page is None:
            return None
        self._pages.move_to_end(key)
        within = offset % PAGE_ROWS
        return page[within] if within < len(page) else None

    def has(self, key: PageKey) -> bool:
        return key in self._pages

    def keys(self) -> tuple[PageKey, ...]:
        return tuple(self._pages)

    def put(self, key: PageKey, lines: tuple[Line, ...]) -> None:
        self._pages[key] = lines
        self._pages.move_to_end(key)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def replace(self, pages: dict[PageKey, tuple[Line, ...]]) -> None:
        """Forget all that is loaded and keep these."""
        self._pages = OrderedDict(pages)

    def each(self) -> Iterator[tuple[int, int, Line]]:
        """Section, offset and line of all that is loaded."""
        for (section, number), page in self._pages.items():
            for within, line in enumerate(page):
                yield section, number * PAGE_ROWS + within, line

    def clear(self) -> None:
        self._pages.clear()
