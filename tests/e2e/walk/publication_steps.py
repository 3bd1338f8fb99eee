"""The publication panel: every trouble is in sight, a decision goes out under two signatures, and
comes down again with its reason.
"""

import asyncio
import json
import urllib.parse
import urllib.request
from typing import Any

from plugins.publication.panel import PublicationPanel
from plugins.publication.rows import LedgerRow
from tests.e2e.hands import press, type_text
from tests.e2e.sight import has_keyboard
from tests.e2e.waits import until
from tests.e2e.walk.cases_steps import FAST_CASE
from tests.e2e.walk.expect import expect
from tests.e2e.walk.shell_steps import changes_person
from tests.e2e.walker import Walker
from ui.records import ROW_ROLE, FormSheet, RecordListView
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.publication_body import PublicationBody, PublicationState

S = PublicationState
TIMEOUT_S = 180


async def says_every_trouble(walker: Walker) -> None:
    """Late, failed, lost, returned, listed twice, unsigned: each row says its own."""
    panel = await _shown(walker)
    await until(lambda: len(_rows(panel)) > 12, "the ledger")
    rows = _rows(panel)
    remarks = " ".join(row.remark for row in rows)
    chips = {row.chip.text for row in rows if row.chip}
    expect({"公示失败", "门户漏失"} <= chips, f"only {chips} are said")
    for said in ("已脱敏", "退回", "门户列出 2 次", "未经确认已公示"):
        expect(said in remarks, f"{said} is not said")
    expect(any(row.time_left.startswith("超") for row in rows), "nothing is late")
    await walker.pictures.take("publication", walker.window)


async def masks_the_decision(walker: Walker) -> None:
    """The case that was decided by keys is owed; its notice is masked by one key."""
    record = await _publication_of(walker, FAST_CASE)
    panel = await _under_the_hand(walker, record)
    panel.setFocus()
    press("Ctrl+Return")
    await _until_state(walker, record, S.MASKED)
    press("Ctrl+Return")
    expect(await walker.eye.state("publication", record.id) == S.MASKED, "one person signed twice")


async def confirmed_by_another(walker: Walker) -> None:
    """F10, the clerk: confirmed, published, readable without a login and without the name."""
    record = await _publication_of(walker, FAST_CASE)
    await changes_person(walker, "clerk")
    panel = await _under_the_hand(walker, record)
    await walker.pictures.take("publication-confirm", walker.window)
    panel.setFocus()
    press("Ctrl+Return")
    await _until_state(walker, record, S.PUBLISHED)
    body = record.body
    assert isinstance(body, PublicationBody)
    listed = await asyncio.to_thread(_open_penalties, _server(walker))
    found = [one for one in listed if one["decision_no"] == body.decision_no]
    expect(found and found[0]["party"] == "王某", f"the public list says {found}")


async def takes_down(walker: Walker) -> None:
    """One person takes down at once, and gives the public reason."""
    record = await _publication_of(walker, FAST_CASE)
    await until(lambda: _is_listed(walker, record), "the portal's receipt")
    panel = await _under_the_hand(walker, record)
    await until(lambda: _says(panel, record, "已公示"), "the row says that it is published")
    panel.setFocus()
    press("Ctrl+Backspace")
    form = await until(lambda: _form(panel), "the reason is asked")
    assert isinstance(form, FormSheet)
    await until(lambda: has_keyboard(form), "the form has the keyboard")
    type_text("决定书文字更正")
    press("Ctrl+Return")
    await until(lambda: _form(panel) is None, "the reason is taken")
    await _until_state(walker, record, S.RETRACTED)


async def _shown(walker: Walker) -> PublicationPanel:
    walker.window.show_panel("publication")
    frame = walker.window.docks.frame("publication")
    await until(lambda: frame is not None and frame.panel is not None, "the panel stands")
    panel = frame.panel if frame is not None else None
    assert isinstance(panel, PublicationPanel), f"there is no publication panel but {panel!r}"
    return panel


async def _under_the_hand(walker: Walker, record: Record) -> PublicationPanel:
    panel = await _shown(walker)
    panel.go_to(record.id)
    await until(lambda: panel.shown == record.id, "the notice is before the hand")
    return panel


async def _publication_of(walker: Walker, case_title: str) -> Record:
    """The publication of the case of that title."""

    async def found() -> Record | None:
        cases = (await walker.engine.query(RecordQuery(kinds=(Kind.CASE,), limit=2000))).views
        case = next(one.record for one in cases if one.record.title == case_title)
        assert isinstance(case.body, CaseBody)
        query = RecordQuery(kinds=(Kind.PUBLICATION,), parent_id=case.id)
        views = (await walker.engine.query(query)).views
        return views[0].record if views else None

    record = await until(found, f"{case_title} is owed to the public")
    assert isinstance(record, Record)
    return record


async def _is_listed(walker: Walker, record: Record) -> bool:
    """Whether the window knows that the portal shows it: the receipt moves the record once more."""
    body = (await walker.view(record.id, Kind.PUBLICATION)).record.body
    return isinstance(body, PublicationBody) and body.listed > 0


async def _until_state(walker: Walker, record: Record, state: PublicationState) -> None:
    async def is_there() -> bool:
        return await walker.eye.state("publication", record.id) == state

    await until(is_there, f"the publication is {state} on the server")


def _rows(panel: PublicationPanel) -> list[LedgerRow]:
    view = panel.findChild(RecordListView)
    assert view is not None
    model = view.model()
    rows = [model.index(n, 0).data(ROW_ROLE) for n in range(min(model.rowCount(), 60))]
    return [row for row in rows if isinstance(row, LedgerRow)]


def _says(panel: PublicationPanel, record: Record, state: str) -> bool:
    return any(row.record == record.id and row.state_text == state for row in _rows(panel))


def _form(panel: PublicationPanel) -> FormSheet | None:
    return next((form for form in panel.findChildren(FormSheet) if form.isVisible()), None)


def _server(walker: Walker) -> str:
    backend = walker.product.application.backend
    assert backend is not None and backend.server is not None
    return backend.server


def _open_penalties(server: str) -> list[dict[str, Any]]:
    """The public list, page after page, without a login."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        address = f"{server}/open/penalties?after={urllib.parse.quote(after)}"
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
            page = json.load(answer)
        found += page["penalties"]
        after = page["next"]
    return found
