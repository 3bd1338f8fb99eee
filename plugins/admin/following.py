"""Which line the administration shows of what another panel has selected: the record itself, what a
vehicle, company or shop is exempted by, the zone around a place, else the nearest camera.
"""

from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.exemption import ExemptionBody
from xiuzhou_desktop.geo import Point, is_in_ring
from xiuzhou_desktop.plugin_api.context import Engine, Scheme
from xiuzhou_desktop.plugin_api.finding import (
    Way,
    by_id,
    first_of,
    most_urgent,
    near,
    of_subject,
)
from xiuzhou_desktop.plugin_api.subjects import point_of


async def _zone_around(engine: Engine, name: str) -> Record | None:
    """The exemption in whose zone a place lies."""
    here = point_of(name)
    return next(
        (one for one in await most_urgent(engine, Kind.EXEMPTION) if _is_in(one, here)), None
    )


def _is_in(exemption: Record, here: Point) -> bool:
    body = exemption.body
    zone = body.zone if isinstance(body, ExemptionBody) else ()
    return len(zone) > 2 and is_in_ring(here, tuple(Point.from_e7(*corner) for corner in zone))


WAYS = (
    *(Way(of=kind, find=by_id(kind)) for kind in (Kind.OFFICER, Kind.EXEMPTION, Kind.CAMERA)),
    Way(of=Scheme.CAMERA, find=by_id(Kind.CAMERA), is_near=False),
    Way(of=Scheme.PLATE, find=of_subject(Scheme.PLATE, Kind.EXEMPTION)),
    Way(of=Scheme.SHOP, find=of_subject(Scheme.SHOP, Kind.EXEMPTION)),
    Way(of=Scheme.COMPANY, find=of_subject(Scheme.COMPANY, Kind.EXEMPTION)),
    Way(of=Scheme.PLACE, find=first_of(_zone_around, near(Kind.CAMERA)), is_near=False),
)
