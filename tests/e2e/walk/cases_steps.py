"""The case panel: what keeps an act from being done is said with its article, and a case goes from
the investigation to the decision by keys alone.
"""

from collections.abc import Callable

from plugins.cases.panel import CasesPanel
from tests.e2e.hands import press
from tests.e2e.sight import has_keyboard, words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walker import Walker
from ui.records import FormSheet
from ui.widgets import KeyButton, QuestionSheet
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.envelope import Kind, Record

FAST_CASE, CHANGED_CASE = "占道 · 王建华", "越门经营 · 老陈五金"
YES = "1"


def cases_of(walker: Walker) -> CasesPanel:
    """The panel. Raises AssertionError where there is none."""
    frame = walker.window.docks.frame("cases")
    panel = frame.panel if frame is not None else None
    assert isinstance(panel, CasesPanel), f"there is no case panel but {panel!r}"
    return panel


def case_shown(walker: Walker) -> str | None:
    """The case that the panel shows; None while there is no panel."""
    frame = walker.window.docks.frame("cases")
    panel = frame.panel if frame is not None else None
    return panel.case_id if isinstance(panel, CasesPanel) else None


async def changed_file_is_shown(walker: Walker) -> None:
    """An altered file of evidence is found when the case is opened, and holds the signature."""
    record = await open_case(walker, CHANGED_CASE)
    panel = cases_of(walker)
    await until(lambda: "文件与取证时不一致" in words(panel), "the changed file is said")
    await until(lambda: "证据文件已被改动" in words(panel), "the checklist names it")
    expect(record.number, "the case has no number")
    await walker.pictures.take("cases", walker.window)


async def decided_by_keys(walker: Walker) -> None:
    """简案快办 from the investigation to the decision: notice, waiver, seal."""
    record = await open_case(walker, FAST_CASE)
    await _choose(walker, "转简案快办")
    await _until_body(walker, record, lambda body: body.procedure.value == "fast_track")
    await _act(walker, record, "finish_investigation", CaseState.INVESTIGATION_DONE)
    await _act(walker, record, "send_notice", CaseState.NOTICE_SENT)
    await _act(walker, record, "notice_received", CaseState.STATEMENT_WINDOW)
    panel = cases_of(walker)
    await until(lambda: "陈述申辩期未满" in words(panel), "the running time is said")
    await _choose(walker, "放弃陈述申辩")
    await _send_form(walker)
    await _until_body(walker, record, lambda body: body.waived_on is not None)
    await until(lambda: panel.page.next == "decide", "the decision is next")
    await until(lambda: panel.page.law.may_act, "the decision may be made")
    press("Ctrl+Return")
    form = await form_of(walker)
    press("Ctrl+Return")
    await until(lambda: "未加盖印章" in words(form), "a decision without seal is refused")
    for name in ("is_sealed", "names_remedies"):
        form.editors[name].setFocus()
        press(YES)
    press("Ctrl+Return")
    await _until_state(walker, record, CaseState.DECIDED)
    _turn_to_the_document(panel)
    await until(lambda: "已发出" in words(panel), "the decision stands as issued")


async def looks_up_the_party(walker: Walker) -> None:
    """Ctrl+I: a purpose, then the party's numbers for a minute; hidden, they are gone."""
    await open_case(walker, FAST_CASE)
    panel = cases_of(walker)
    sheet = panel.inquiry.sheet

    async def show() -> None:
        panel.setFocus()
        press("Ctrl+I")
        await until(lambda: sheet.list.count() == 1, "the case's party")
        await until(sheet.purpose.hasFocus, "the purpose is asked")
        press("Down")
        press("Ctrl+Return")
        await until(lambda: "身份证号" in sheet.numbers.text(), "its numbers")

    async def hide() -> None:
        press("Esc")
        await until(lambda: not sheet.isVisible(), "the sheet is left")
        expect(not sheet.numbers.text(), "numbers are left behind")

    await walker.pictures.take("party", walker.window, show, hide)


def _turn_to_the_document(panel: CasesPanel) -> None:
    """Where it shares its place with the evidence, I shows it."""
    panel.setFocus()
    if not panel.page.paper.isVisible():
        press("I")


async def open_case(walker: Walker, title: str) -> Record:
    """The case of that title, in the panel with its law beside it."""
    walker.window.show_panel("cases")
    frame = walker.window.docks.frame("cases")
    await until(lambda: frame is not None and frame.panel is not None, "the panel stands")
    panel = cases_of(walker)
    record = await _find(walker, title)
    panel.go_to(record.id)
    await until(lambda: panel.case_id == record.id, f"{title} is before the hand")
    await until(lambda: panel.page.is_complete, "its law is beside it")
    panel.setFocus()
    return record


async def _find(walker: Walker, title: str) -> Record:
    query = RecordQuery(kinds=(Kind.CASE,), is_open=True, order=Order.NEWEST, limit=100)
    views = (await walker.engine.query(query)).views
    found = [view.record for view in views if view.record.title == title]
    expect(found, f"there is no case {title}")
    return found[0]


async def _act(walker: Walker, record: Record, act: str, state: CaseState) -> None:
    """Ctrl+Enter once the page offers that act, and the form as it stands where there is one."""
    panel = cases_of(walker)
    page = panel.page
    await until(lambda: page.next == act and page.law.may_act, f"{act} may be done")
    panel.setFocus()
    press("Ctrl+Return")

    async def moved() -> bool:
        form = _form_shown(walker)
        if form is not None:
            press("Ctrl+Return")
        return str((await walker.view(record.id, Kind.CASE)).record.state) == state

    await until(moved, f"the case is {state}")
    await _until_state(walker, record, state)


async def _choose(walker: Walker, name: str) -> None:
    """Enter, then the digit of that act."""
    panel = cases_of(walker)
    await until(lambda: panel.page.is_complete, "the acts are known")
    panel.setFocus()
    press("Return")
    asked = await until(lambda: _question(panel), "the acts stand numbered")
    assert isinstance(asked, QuestionSheet)
    await until(asked.hasFocus, "the question has the keyboard")
    shown = [button for button in asked.findChildren(KeyButton) if button.isVisible()]
    titles = [button.accessibleName() for button in shown]
    number = next((n for n, title in enumerate(titles, 1) if name in title), None)
    expect(number is not None, f"{name} is not among {titles}")
    press(str(number))
    await until(lambda: _question(panel) is None, "the question is answered")


async def _send_form(walker: Walker) -> None:
    await form_of(walker)
    press("Ctrl+Return")
    await until(lambda: _form_shown(walker) is None, "the form is sent")


async def form_of(walker: Walker) -> FormSheet:
    found = await until(lambda: _form_shown(walker), "the form stands")
    assert isinstance(found, FormSheet)
    await until(lambda: has_keyboard(found), "the form has the keyboard")
    return found


def _form_shown(walker: Walker) -> FormSheet | None:
    forms = cases_of(walker).findChildren(FormSheet)
    return next((form for form in forms if form.isVisible()), None)


def _question(panel: CasesPanel) -> QuestionSheet | None:
    found = panel.findChildren(QuestionSheet)
    return next((one for one in found if one.isVisible()), None)


async def _until_state(walker: Walker, record: Record, state: CaseState) -> None:
    async def is_there() -> bool:
        return await walker.eye.state("case", record.id) == state

    await until(is_there, f"the case is {state} on the server")


async def _until_body(walker: Walker, record: Record, holds: Callable[[CaseBody], bool]) -> None:
    async def is_so() -> bool:
        body = (await walker.view(record.id, Kind.CASE)).record.body
        assert isinstance(body, CaseBody)
        return holds(body)

    await until(is_so, "the file says so")
