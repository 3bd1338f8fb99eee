"""Which item of the queue another panel's selection is about: the record itself, the flag behind a
case, else the most urgent open one of the same vehicle, shop, company or camera."""

import msgspec

from plugins.triage.sections import KINDS
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine, Scheme, Selected
from xiuzhou_desktop.plugin_api.subjects import subject

OPEN = RecordQuery(kinds=KINDS, is_open=True, limit=1)
LOOKED_THROUGH = 500  # open flags of a camera's street, most urgent first


async def item_about(engine: Engine, selected: Selected) -> RecordId | None:
    """None where the queue has nothing of it."""
    if selected.kind in KINDS:
        return selected.record
    case = selected.about(Scheme.CASE)
    if case is not None:
        view = await engine.get(Kind.CASE, RecordId(case))
        return view.record.parent_id if view is not None else None
    if selected.subject_key is None:
        return None
    camera = selected.about(Scheme.CAMERA)
    if camera is not None and selected.subject_key == subject(Scheme.CAMERA, camera):
        return await _seen_by(engine, RecordId(camera))
    query = msgspec.structs.replace(OPEN, subject_key=selected.subject_key)
    page = await engine.query(query)
    return page.views[0].record.id if page.views else None


async def _seen_by(engine: Engine, camera: RecordId) -> RecordId | None:
    """The most urgent open flag that the camera gave: the flags of its street are looked through,
    because a flag names its camera inside."""
    view = await engine.get(Kind.CAMERA, camera)
    if view is None or view.record.area is None:
        return None
    query = msgspec.structs.replace(
        OPEN, kinds=(Kind.FLAG,), areas=(view.record.area,), limit=LOOKED_THROUGH
    )
    given = (one.record for one in (await engine.query(query)).views)
    return next((one.id for one in given if _camera_of(one.body) == camera), None)


def _camera_of(body: object) -> RecordId | None:
    return body.camera if isinstance(body, FlagBody) else None
