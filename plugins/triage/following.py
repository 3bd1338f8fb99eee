"""What the queue shows of what another panel has selected: the item itself, the flag behind a case,
the most urgent item of a vehicle, company or shop, what a camera saw, what lies nearest to a place.
"""

from plugins.triage.sections import KINDS
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.plugin_api.context import Engine, Scheme
from xiuzhou_desktop.plugin_api.finding import Way, by_id, near, of_subject, seen_by


async def _behind(engine: Engine, case: str) -> Record | None:
    """The flag that the case was made of."""
    made = await by_id(Kind.CASE)(engine, case)
    flag = made.parent_id if made is not None else None
    return await by_id(Kind.FLAG)(engine, flag) if flag is not None else None


WAYS = (
    *(Way(of=kind, find=by_id(kind)) for kind in KINDS),
    Way(of=Scheme.CASE, find=_behind),
    Way(of=Scheme.PLATE, find=of_subject(Scheme.PLATE, *KINDS)),
    Way(of=Scheme.SHOP, find=of_subject(Scheme.SHOP, *KINDS)),
    Way(of=Scheme.COMPANY, find=of_subject(Scheme.COMPANY, *KINDS)),
    Way(of=Scheme.CAMERA, find=seen_by(Kind.FLAG), is_near=False),
    Way(of=Scheme.PLACE, find=near(Kind.FLAG), is_near=False),
)
