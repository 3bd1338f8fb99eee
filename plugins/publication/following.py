"""What the ledger shows of what another panel has selected: the publication of a case, of a
vehicle, company or shop, of what a camera saw, or of a case nearest to a place.
"""

from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.plugin_api.context import Engine, Scheme
from xiuzhou_desktop.plugin_api.finding import Way, by_id, near, of_subject, seen_by, under

_of_case = under(Kind.PUBLICATION)


async def _of_flag(engine: Engine, flag: str) -> Record | None:
    """The publication of the case that was made of it."""
    case = await under(Kind.CASE)(engine, flag)
    return await _of_case(engine, case.id) if case is not None else None


WAYS = (
    Way(of=Kind.PUBLICATION, find=by_id(Kind.PUBLICATION)),
    Way(of=Kind.CASE, find=_of_case),
    Way(of=Kind.FLAG, find=_of_flag),
    Way(of=Scheme.CASE, find=_of_case),
    Way(of=Scheme.PLATE, find=of_subject(Scheme.PLATE, Kind.PUBLICATION)),
    Way(of=Scheme.SHOP, find=of_subject(Scheme.SHOP, Kind.PUBLICATION)),
    Way(of=Scheme.COMPANY, find=of_subject(Scheme.COMPANY, Kind.PUBLICATION)),
    Way(
        of=Scheme.CAMERA, find=seen_by(Kind.PUBLICATION, Kind.CASE, Kind.FLAG), is_near=False
    ),
    Way(of=Scheme.PLACE, find=near(Kind.PUBLICATION, Kind.CASE), is_near=False),
)  # fmt: skip
