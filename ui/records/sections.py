"""Which rows a list has: sections one below the other, each a query with its head, seen as one run
of row numbers.

row 0        head of the first section
row 1 … n    its records, if it is open
row n+1      head of the second …
"""

import msgspec

from xiuzhou_desktop.client.views import RecordQuery


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A query with a head; without a title it has no head row. `hides_when_empty`: nor while it
    has no records."""

    key: str
    title: str | None
    query: RecordQuery
    is_open: bool = True
    hides_when_empty: bool = False


class Spot(msgspec.Struct, frozen=True):
    """What lies at a row: a section, and a place in it; None is its head."""

    section: int
    offset: int | None


class Extent(msgspec.Struct, frozen=True):
    """A section with the number of records that it shows."""

    section: Section
    total: int = 0

    @property
    def head_rows(self) -> int:
        if self.section.title is None or (self.section.hides_when_empty and not self.total):
            return 0
        return 1

    @property
    def rows(self) -> int:
        return self.head_rows + (self.total if self.section.is_open else 0)


def rows_of(extents: tuple[Extent, ...]) -> int:
    return sum(extent.rows for extent in extents)


def spot_at(extents: tuple[Extent, ...], row: int) -> Spot:
    """What lies at a row. Raises IndexError."""
    for number, extent in enumerate(extents):
        if row < extent.rows:
            offset = row - extent.head_rows
            return Spot(number, None if offset < 0 else offset)
        row -= extent.rows
    raise IndexError(row)


def row_of(extents: tuple[Extent, ...], spot: Spot) -> int:
    """The row at which something lies."""
    before = sum(extent.rows for extent in extents[: spot.section])
    return before + (0 if spot.offset is None else extents[spot.section].head_rows + spot.offset)


def head_rows(extents: tuple[Extent, ...]) -> tuple[int, ...]:
    """The rows of heads."""
    return tuple(
        row_of(extents, Spot(number, None))
        for number, extent in enumerate(extents)
        if extent.head_rows
    )
