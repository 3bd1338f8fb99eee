"""What the case queue shows of what another panel has selected: the case of a flag, a piece of
evidence or a party, of a vehicle, company or shop, of what a camera saw, or nearest to a place.
"""

from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.plugin_api.context import Engine, Scheme
from xiuzhou_desktop.plugin_api.finding import (
    Way,
    by_id,
    first_of,
    naming,
    near,
    of_subject,
    seen_by,
    under,
)


async def _of_evidence(engine: Engine, piece: str) -> Record | None:
    """The case in whose files it lies."""
    kept = await by_id(Kind.EVIDENCE)(engine, piece)
    case = getattr(kept.body, "case", None) if kept is not None else None
    above = kept.parent_id if kept is not None else None
    return await by_id(Kind.CASE)(engine, case or above) if case or above else None


WAYS = (
    Way(of=Kind.CASE, find=by_id(Kind.CASE)),
    Way(of=Scheme.CASE, find=by_id(Kind.CASE)),
    Way(of=Kind.EVIDENCE, find=_of_evidence),
    Way(of=Kind.PARTY, find=naming("party", Kind.CASE)),
    Way(of=Kind.FLAG, find=under(Kind.CASE)),
    Way(of=Scheme.PLATE, find=of_subject(Scheme.PLATE, Kind.CASE)),
    Way(of=Scheme.SHOP, find=of_subject(Scheme.SHOP, Kind.CASE)),
    Way(
        of=Scheme.COMPANY,
        find=first_of(of_subject(Scheme.COMPANY, Kind.CASE), naming("party_uscc", Kind.CASE)),
    ),
    Way(of=Scheme.CAMERA, find=seen_by(Kind.CASE, Kind.FLAG), is_near=False),
    Way(of=Scheme.PLACE, find=near(Kind.CASE), is_near=False),
)
