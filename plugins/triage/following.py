"""Which item of the queue another panel's selection is about: the record itself, the flag behind a
case, else the most urgent open one of the same vehicle, shop or company."""

from plugins.triage.sections import KINDS
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine, Scheme, Selected


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
    query = RecordQuery(kinds=KINDS, subject_key=selected.subject_key, is_open=True, limit=1)
    page = await engine.query(query)
    return page.views[0].record.id if page.views else None
