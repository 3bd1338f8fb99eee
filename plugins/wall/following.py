"""What the wall shows of what another panel has selected: the camera itself, or that of a flag or
case; of anything else that has a place, the nearest camera that gives a picture.
"""

from collections.abc import Iterable

from plugins.wall.cameras import Camera, Standing
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.geo import Point, metres_between
from xiuzhou_desktop.plugin_api.context import Engine, Scheme, Selected
from xiuzhou_desktop.plugin_api.finding import Way, by_id
from xiuzhou_desktop.plugin_api.subjects import place_subject, subject


async def _of_case(engine: Engine, case: str) -> Record | None:
    """The camera that gave the flag of which the case was made."""
    made = await by_id(Kind.CASE)(engine, case)
    above = made.parent_id if made is not None else None
    flag = await by_id(Kind.FLAG)(engine, above) if above is not None else None
    camera: RecordId | None = getattr(flag.body, "camera", None) if flag is not None else None
    return await by_id(Kind.CAMERA)(engine, camera) if camera is not None else None


WAYS = (
    Way(of=Scheme.CAMERA, find=by_id(Kind.CAMERA)),
    Way(of=Scheme.CASE, find=_of_case),
)


def selected_camera(camera: Camera) -> Selected:
    """What the hand has come to, for the others to find."""
    key = subject(Scheme.CAMERA, camera.id)
    near = (place_subject(*camera.place.e7),) if camera.place is not None else ()
    return Selected(kind=Kind.CAMERA, record=camera.id, subject_key=key, near=near)


def nearest(cameras: Iterable[Camera], here: Point) -> Camera | None:
    """The nearest that gives a picture."""
    giving = (
        (metres_between(one.place, here), one)
        for one in cameras
        if one.standing is Standing.ONLINE and one.place is not None
    )
    return min(giving, key=lambda pair: pair[0], default=(0.0, None))[1]
