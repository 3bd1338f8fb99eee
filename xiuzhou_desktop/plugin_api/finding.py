"""How a panel finds what the selection is about: a table of ways, tried in order.

    WAYS = (
        Way(of=Kind.CASE, find=by_id(Kind.CASE)),
        Way(of=Scheme.PLATE, find=of_subject(Scheme.PLATE, Kind.CASE)),
        Way(of=Scheme.PLACE, find=near(Kind.CASE), is_near=False),
    )
    found_by(engine, WAYS, selected) ─► the first record that a way leads to, or None

Whatever has no index is looked for among the LOOKED_THROUGH most urgent records of its kind.
"""

from collections.abc import Awaitable, Callable, Mapping

from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.ids import AreaCode, RecordId
from xiuzhou_desktop.domain.plate import UNKNOWN_COLOUR, PlateColour
from xiuzhou_desktop.geo import Point, metres_between
from xiuzhou_desktop.plugin_api.context import Engine
from xiuzhou_desktop.plugin_api.subjects import Scheme, Selected, point_of, subject

LOOKED_THROUGH = 500  # records of a kind, open and urgent ones first
NEAR_M = 300.0  # what lies farther from a place is not about it

Find = Callable[[Engine, str], Awaitable[Record | None]]
"""Given the name of a subject, or the id of a record: what the panel shows for it."""


class Way(Struct, frozen=True, kw_only=True):
    """One way from the selection to a record of a panel.

    `of`: for records of that kind, or for subjects of that scheme. `is_near`: also where the
    subject is merely near what is selected, as the camera of a flag is.
    """

    of: Kind | Scheme
    find: Find
    is_near: bool = True

    def named_by(self, selected: Selected) -> str | None:
        """What `find` is asked for; None: the selection is about nothing of the sort."""
        if isinstance(self.of, Kind):
            return selected.record if selected.kind is self.of else None
        return selected.about(self.of) if self.is_near else selected.itself(self.of)


async def found_by(engine: Engine, ways: tuple[Way, ...], selected: Selected) -> Record | None:
    """What the first way that leads anywhere leads to."""
    for way in ways:
        name = way.named_by(selected)
        record = await way.find(engine, name) if name is not None else None
        if record is not None:
            return record
    return None


def by_id(kind: Kind) -> Find:
    """The record itself."""

    async def find(engine: Engine, name: str) -> Record | None:
        view = await engine.get(kind, RecordId(name))
        return view.record if view is not None else None

    return find


def of_subject(scheme: Scheme, *kinds: Kind) -> Find:
    """The most urgent record whose envelope names the subject; one that is open before others."""

    async def find(engine: Engine, name: str) -> Record | None:
        for one in alike(scheme, name):
            query = RecordQuery(kinds=kinds, subject_key=subject(scheme, one), limit=1)
            for view in (await engine.query(query)).views:
                return view.record
        return None

    return find


def under(kind: Kind) -> Find:
    """The most urgent record of that kind that hangs under the one that is named."""

    async def find(engine: Engine, name: str) -> Record | None:
        query = RecordQuery(kinds=(kind,), parent_id=RecordId(name), limit=1)
        views = (await engine.query(query)).views
        return views[0].record if views else None

    return find


def naming(field: str, kind: Kind) -> Find:
    """The first record of that kind whose body names it in that field."""

    async def find(engine: Engine, name: str) -> Record | None:
        return first_naming(await most_urgent(engine, kind), field, name)

    return find


def first_of(*finds: Find) -> Find:
    """What the first of them finds."""

    async def find(engine: Engine, name: str) -> Record | None:
        for one in finds:
            record = await one(engine, name)
            if record is not None:
                return record
        return None

    return find


def seen_by(*chain: Kind) -> Find:
    """The first record of the first kind that a camera's flag led to. `chain`: how it hangs under
    that flag, upwards: (PUBLICATION, CASE, FLAG)."""

    async def find(engine: Engine, name: str) -> Record | None:
        view = await engine.get(Kind.CAMERA, RecordId(name))
        if view is None or view.record.area is None:
            return None
        tops = await _with_tops(engine, chain, view.record.area)
        given = (one for one, top in tops if getattr(top.body, "camera", None) == name)
        return next(given, None)

    return find


def near(*chain: Kind) -> Find:
    """The record of the first kind that is nearest to a place. `chain`: under which it hangs,
    upwards, until one that has a place: (PUBLICATION, CASE)."""

    async def find(engine: Engine, name: str) -> Record | None:
        here, tops = point_of(name), await _with_tops(engine, chain)
        far = [(metres_from(here, top), one) for one, top in tops]
        metres, record = min(far, key=lambda pair: pair[0], default=(NEAR_M, None))
        return record if metres < NEAR_M else None

    return find


def alike(scheme: Scheme, name: str) -> tuple[str, ...]:
    """The names under which a subject may be kept: a plate may have been read without its colour,
    there or here."""
    if scheme is not Scheme.PLATE:
        return (name,)
    plate, _, colour = name.partition("/")
    others = (UNKNOWN_COLOUR,) if colour in set(PlateColour) else tuple(PlateColour)
    return (name, *(f"{plate}/{one}" for one in others if one != colour))


async def most_urgent(
    engine: Engine, kind: Kind, area: AreaCode | None = None
) -> tuple[Record, ...]:
    """Those that are looked through."""
    areas = (area,) if area is not None else ()
    page = await engine.query(RecordQuery(kinds=(kind,), areas=areas, limit=LOOKED_THROUGH))
    return tuple(view.record for view in page.views)


def first_naming(records: tuple[Record, ...], field: str, name: str) -> Record | None:
    """The first whose body has that name in that field."""
    return next((one for one in records if getattr(one.body, field, None) == name), None)


def metres_from(here: Point, record: Record) -> float:
    """How far away it is; what has no place is endlessly far."""
    place = record.place
    if place is None:
        return float("inf")
    return metres_between(here, Point.from_e7(place.lon_e7, place.lat_e7))


async def _with_tops(
    engine: Engine, chain: tuple[Kind, ...], area: AreaCode | None = None
) -> list[tuple[Record, Record]]:
    """The most urgent records of the first kind, each with what it hangs under at last."""
    found = [(one, one) for one in await most_urgent(engine, chain[0], area)]
    for kind in chain[1:]:
        parents = await _parents(engine, kind, tuple(top for _, top in found))
        found = [(one, parents[top.parent_id]) for one, top in found if top.parent_id in parents]
    return found


async def _parents(
    engine: Engine, kind: Kind, records: tuple[Record, ...]
) -> Mapping[RecordId | None, Record]:
    ids = tuple({one.parent_id for one in records if one.parent_id is not None})
    if not ids:
        return {}
    page = await engine.query(RecordQuery(kinds=(kind,), ids=ids, limit=len(ids)))
    return {view.record.id: view.record for view in page.views}
