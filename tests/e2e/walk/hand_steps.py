"""Made by hand: a new report in twenty seconds of keys, a case from a flag at level 3."""

from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.cases_steps import case_shown
from tests.e2e.walk.expect import expect
from tests.e2e.walker import Walker
from ui.records import FormSheet
from ui.records.form_fields import Editor
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState

REPORT_S = 20.0
A_KEY_S = 0.28  # a practised hand: 215 keys a minute
CHANNEL_PHONE = "1"


class Typist:
    """Counts the keys of one form."""

    def __init__(self) -> None:
        self.keys = 0

    def press(self, *keys: str) -> None:
        press(*keys)
        self.keys += sum(1 + key.count("+") for key in keys)

    def type(self, text: str) -> None:
        type_text(text)
        self.keys += len(text) * 3  # an input method takes about three keys for a character


async def reported_by_hand(walker: Walker) -> None:
    """电话: category, place, channel, sent."""
    sight = walker.sight

    async def show() -> None:
        press("Ctrl+N")
        await until(sight.form, "the form stands")

    async def hide() -> None:
        press("Esc")
        await until(lambda: sight.form() is None, "the form is left")

    await walker.pictures.take("report", walker.window, show, hide)
    typist = Typist()
    record = await fill_report(walker, typist, "违停", "新塍大道")
    took = typist.keys * A_KEY_S
    walker.kept["report"] = record
    walker.kept["report_keys"] = str(typist.keys)
    expect(took <= REPORT_S, f"{typist.keys} keys take {took:.0f} s")
    await until(lambda: sight.shows(record), "the new one is under the hand")
    await walker.until_state(record, FlagState.DETECTED)


async def fill_report(
    walker: Walker, typist: Typist, category: str, address: str, plate: str | None = None
) -> str:
    """A new report by keys; returns its id."""
    sight = walker.sight
    known = set(await _newest(walker))
    typist.press("Ctrl+N")
    form = await until(sight.form, "the form stands")
    assert isinstance(form, FormSheet)
    answers = {"category": category, "address": address, "channel": CHANNEL_PHONE}
    answers |= {"plate": plate} if plate else {}
    await fill(form, typist, answers)
    typist.press("Ctrl+Return")
    await until(lambda: sight.form() is None, f"the form is sent: {words(form)}")

    async def saved() -> str | None:
        made = [one for one in await _newest(walker) if one not in known]
        return made[0] if made else None

    return str(await until(saved, "the report is saved"))


async def fill(form: FormSheet, typist: Typist, answers: dict[str, str]) -> None:
    """From field to field with Tab; a digit goes on by itself."""
    left = set(answers)
    for name in form.editors:
        if not left:
            return
        await until(has_focus(form, name), f"the field {name} has the keyboard")
        answer = answers.get(name, "")
        left.discard(name)
        if answer.isdigit():
            typist.press(answer)
        else:
            typist.type(answer)
            typist.press("Tab")


async def _newest(walker: Walker) -> list[str]:
    """Reports by hand, the newest first."""
    views = await walker.find(order=Order.NEWEST)
    flags = [v.record for v in views if isinstance(v.record.body, FlagBody)]
    return [one.id for one in flags if getattr(one.body, "channel", None)]


def has_focus(form: FormSheet, name: str) -> object:
    editor: Editor = form.editors[name]
    return lambda: (
        editor.hasFocus() or (editor.focusProxy() is not None and editor.focusProxy().hasFocus())
    )


async def case_filed(walker: Walker) -> None:
    """立案 with a second certified officer; the case stands in the thread and in the palette."""
    record = await an_arrived_flag(walker)
    await file_case(walker, record)
    await walker.until_state(record, FlagState.CASE_FILED)
    body = (await walker.view(record)).record.body
    assert isinstance(body, FlagBody)
    assert body.case is not None, "the flag does not name its case"

    async def case_is_here() -> bool:
        view = await walker.engine.get(Kind.CASE, body.case)  # type: ignore[arg-type]
        return view is not None and view.record.number is not None

    await until(case_is_here, "the case is here with its number")
    walker.kept["case"] = body.case
    await walker.select(record)
    await until(lambda: "立案" in words(walker.sight.context), "the thread tells of the case")
    evidence = RecordQuery(kinds=(Kind.EVIDENCE,), parent_id=body.case, limit=10)
    found = await walker.engine.query(evidence)
    expect(found.views, "the case has no evidence")


async def file_case(walker: Walker, record: str) -> None:
    """3 on a flag whose patrol has arrived: the form, its second officer, sent."""
    sight = walker.sight
    await walker.judge(record, "3")
    form = await until(sight.form, "the form of the case")
    assert isinstance(form, FormSheet)
    await until(has_focus(form, "second_officer"), "the second officer is asked first")
    press("1")
    press("Ctrl+Return")
    await until(lambda: sight.form() is None, f"the form is sent: {words(form)}")


async def an_arrived_flag(walker: Walker, number: int = 0) -> str:
    """A flag whose patrol stands before it, walked there where the district has none."""
    arrived = [view.record.id for view in await walker.find(FlagState.ARRIVED)]
    if len(arrived) > number:
        return arrived[number]
    waiting = await walker.find(FlagState.ACCEPTED, FlagState.L3_DISPATCHED)
    expect(waiting, "no flag is at level 3")
    record = waiting[0].record.id
    while (before := await walker.state_here(record)) != FlagState.ARRIVED:
        await walker.judge(record, "1")

        async def has_moved(before: str = before) -> bool:
            return await walker.state_here(record) != before

        await until(has_moved, f"{before} is left")
    return record


async def case_in_the_palette(walker: Walker) -> None:
    """Ctrl+K finds the case by its number; Enter opens it."""
    view = await walker.view(walker.kept["case"], Kind.CASE)
    number = view.record.number
    assert number is not None
    palette = walker.window.palette_window
    rows = palette.list.rows.rowCount

    async def show() -> None:
        press("Ctrl+K")
        await until(palette.isVisible, "the palette stands")
        await until(palette.field.hasFocus, "its field has the keyboard")
        type_text(f"#{number}")
        await until(lambda: rows() > 1, f"the case {number} is found")

    async def hide() -> None:
        press("Esc")
        await until(lambda: not palette.isVisible(), "the palette is left")

    await walker.pictures.take("palette", walker.window, show, hide)
    await show()
    press("Return")
    await until(lambda: case_shown(walker) == walker.kept["case"], "the panel shows the case")
    walker.window.show_panel("triage")
