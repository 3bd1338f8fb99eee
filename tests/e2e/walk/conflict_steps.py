"""A colleague is faster: what came too late is refused in sight, and a person settles it."""

from tests.e2e.hands import bring_to_front, click, press
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.item_steps import a_plain_flag
from tests.e2e.walker import Walker
from xiuzhou_desktop.client.views import NEEDS_A_PERSON, OutboxEntry, OutboxStatus

COLLEAGUE = "duty2"
TRIES = 4


async def overtaken(walker: Walker) -> OutboxEntry:
    """Judge, then let the colleague be first: the refusal has come.

    A verdict is held for five seconds; where the colleague took longer, mine was first after all,
    and another flag shows it.
    """
    for _ in range(TRIES):
        entry = await _judged_beside_the_colleague(walker)
        if entry is not None:
            return entry
    raise AssertionError(f"of {TRIES} verdicts the colleague overtook none")


async def _judged_beside_the_colleague(walker: Walker) -> OutboxEntry | None:
    """The refused verdict; None where it was applied."""
    record = (await a_plain_flag(walker, 2)).record.id
    await walker.judge(record, "1")
    await until(lambda: walker.entries_of(record), "the verdict is saved")
    command = (await walker.entries_of(record))[-1].command.id
    click(walker.bar.colleague)

    async def settled() -> list[OutboxEntry | None]:
        entries = [e for e in await walker.outbox() if e.command.id == command]
        if not entries or entries[0].status is OutboxStatus.APPLIED:
            return [None]
        return [one for one in entries if one.status in NEEDS_A_PERSON]

    (entry,) = await until(settled, "the server has judged the verdict")  # type: ignore[misc]
    return entry


async def refused_in_sight(walker: Walker) -> None:
    """The outbox names who was first, the reason, and what to do."""
    entry = await overtaken(walker)
    walker.kept["overtaken"] = entry.command.id
    found = await walker.eye.record("flag", entry.command.record)
    assert found is not None
    expect(found["log"][-1]["actor"] != "duty", "the server took mine after all")
    window, outbox = walker.window, walker.window.outbox

    async def show() -> None:
        press("F8")
        await until(lambda: outbox.isVisible() and outbox.list.rows.rowCount(), "the outbox")
        await bring_to_front(outbox)

    async def hide() -> None:
        outbox.close()
        await bring_to_front(window)

    await walker.pictures.take("conflict", window, show, hide)
    await show()
    said = words(outbox.conflict)
    await until(lambda: "被拒" in words(outbox.conflict), f"the reason is said: {said}")
    await hide()


async def settled_as_theirs(walker: Walker) -> None:
    """1 采用对方: mine is dropped, theirs stands."""
    command = walker.kept["overtaken"]
    await settle(walker, command, "1")

    async def is_settled() -> bool:
        left = [e for e in await walker.outbox() if e.command.id == command]
        return not left or left[0].status in (OutboxStatus.DROPPED, OutboxStatus.REPLACED)

    await until(is_settled, "it is settled")


async def settled_as_mine(walker: Walker) -> None:
    """2 重新提交我的: the same again, and it is judged anew."""
    entry = await overtaken(walker)
    await settle(walker, entry.command.id, "2")
    outbox = walker.window.outbox

    refused = walker.text("outbox.resolve.refused", reason="").strip("。:： ")

    async def is_answered() -> bool:
        left = [e for e in await walker.outbox() if e.command.id == entry.command.id]
        is_replaced = not left or left[0].status is OutboxStatus.REPLACED
        return is_replaced or refused in words(outbox)

    await until(is_answered, "it is submitted again, or why it cannot be")
    outbox.close()


async def settled_by_editing(walker: Walker) -> None:
    """3 编辑后提交: the form of the verdict, with what was given."""
    entry = await overtaken(walker)
    await settle(walker, entry.command.id, "3")
    outbox = walker.window.outbox
    await until(lambda: "编辑" in words(outbox), "the form, or that there is nothing to edit")
    press("Esc")
    outbox.close()


async def settle(walker: Walker, command: str, key: str) -> None:
    outbox = walker.window.outbox
    press("F8")
    await until(lambda: outbox.isVisible() and outbox.list.rows.rowCount(), "the outbox")
    await bring_to_front(outbox)
    outbox.list.setFocus()
    row = await until(lambda: outbox.list.rows.find(command) is not None, "its row")
    expect(row, "the refused command has no row")
    for _ in range(outbox.list.rows.rowCount()):
        current = outbox.list.current()
        if current is not None and current.entry.command.id == command:
            break
        press("J")
    current = outbox.list.current()
    expect(current and current.entry.command.id == command, "another command is under the hand")
    press(key)
