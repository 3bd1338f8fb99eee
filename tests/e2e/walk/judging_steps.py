"""Judging by single keys: the next item at once, five seconds to take it back, second questions."""

from tests.e2e.hands import press
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.hand_steps import Typist, fill_report
from tests.e2e.walk.item_steps import AFTER_NOTICE, a_plain_flag
from tests.e2e.walker import Walker
from xiuzhou_desktop.domain.flag_body import FlagState

OTHER_REASON = "7"
TWICE = "浙F3M88Z"  # a plate that is reported twice


async def next_at_once(walker: Walker) -> None:
    """1: the verdict is saved and the next item stands; how soon is a figure of the bench."""
    view = await a_plain_flag(walker, 1)
    record = view.record.id
    sight = walker.sight
    await walker.judge(record, "1")
    await until(lambda: sight.current_id() not in (record, None), "the next item")
    await until(lambda: sight.undo_bar.isVisible(), "the undo bar")
    await walker.until_here(record, FlagState.CONFIRMED, *AFTER_NOTICE)


async def undone_within_five_seconds(walker: Walker) -> None:
    """U: taken back before anything was sent; the item is under the hand again."""
    record = (await a_plain_flag(walker, 1)).record.id
    await walker.judge(record, "1")
    await until(lambda: walker.entries_of(record), "the verdict is saved")
    press("U")
    await walker.until_here(record, FlagState.DETECTED)
    await until(lambda: walker.sight.shows(record), "the item is back")
    expect(not await walker.entries_of(record), "the outbox still has it")
    acts = await walker.eye.acts("flag", record)
    expect("confirm" not in acts, f"the server has heard of it: {acts}")


async def asks_a_second_question(walker: Walker) -> None:
    """2: why it is none; the digit answers, and the server has the verdict."""
    view = await a_plain_flag(walker, 2)
    record = view.record.id
    walker.kept["false"] = record
    sight = walker.sight

    async def show() -> None:
        await walker.judge(record, "2")
        await until(sight.question, "the question")

    async def hide() -> None:
        press("Esc")
        await until(lambda: sight.question() is None, "the question is left")

    await walker.pictures.take("question", walker.window, show, hide)
    await show()
    await walker.answer(OTHER_REASON)
    await walker.until_state(record, FlagState.FALSE_ALARM)


async def puts_off(walker: Walker) -> None:
    """4: later; the item waits in a group of its own."""
    view = await a_plain_flag(walker, 3)
    record = view.record.id
    await walker.judge(record, "4")
    sight = walker.sight
    await walker.answer("1")
    await until(lambda: sight.section_of(record) == "snoozed", "it lies among what is put off")


async def counts_as_one(walker: Walker) -> None:
    """3: the same matter as an earlier one; Ctrl+D takes it off again."""
    parent = await fill_report(walker, Typist(), "违停", "洪兴西路", TWICE)
    await walker.until_state(parent, FlagState.DETECTED)
    await walker.ready()
    record = await fill_report(walker, Typist(), "违停", "洪兴西路", TWICE)
    await walker.until_state(record, FlagState.DETECTED)
    walker.kept["duplicate"] = record
    await walker.judge(record, "3")
    await walker.answer("1")
    await walker.until_state(record, FlagState.DUPLICATE)


async def detaches(walker: Walker) -> None:
    """The way back from a duplicate."""
    record = walker.kept.get("duplicate")
    expect(record, "there is no duplicate to detach")
    assert record is not None
    await walker.select(record)
    press("Ctrl+D")
    await walker.until_state(record, FlagState.DETECTED)
