"""The network goes away: work goes on, is marked, survives a restart, arrives once and in order."""

from tests.e2e.hands import bring_to_front, click, press
from tests.e2e.sight import status_words, words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.hand_steps import Typist, an_arrived_flag, file_case, fill_report
from tests.e2e.walk.item_steps import a_plain_flag
from tests.e2e.walker import Walker
from xiuzhou_desktop.client.views import Link, OutboxStatus
from xiuzhou_desktop.domain.flag_body import FlagState

JUDGED, REPORTED, FILED = "offline_judged", "offline_reported", "offline_filed"
OFFLINE_KEYS = (JUDGED, REPORTED, FILED)


async def unplugged(walker: Walker) -> None:
    """拔掉网络 ends the server; the window says since when, and how old its data are."""
    walker.kept["arrived"] = await an_arrived_flag(walker)
    await walker.until_delivered()
    walker.kept[JUDGED] = (await a_plain_flag(walker, 1)).record.id
    backend = walker.product.application.backend
    assert backend is not None
    click(walker.bar.plug)
    await until(lambda: not backend.is_running, "the server has ended")
    await walker.until_link(Link.OFFLINE)
    await until(lambda: "离线" in status_words(walker.window), "the status bar says offline")
    said = status_words(walker.window)
    expect("自" in said, f"since when is not said: {said}")
    await until(lambda: "数据为" in status_words(walker.window), "how old the data are")


async def works_offline(walker: Walker) -> None:
    """A verdict, a report, a verdict on that report, a case: saved and marked 待同步."""
    await walker.judge(walker.kept[JUDGED], "1")
    await walker.until_here(walker.kept[JUDGED], FlagState.CONFIRMED)
    await walker.ready()
    report = await fill_report(walker, Typist(), "越门经营", "洪兴西路")
    walker.kept[REPORTED] = report
    expect((await walker.view(report)).is_local, "the report is not only in the outbox")
    await walker.judge(report, "5")
    await walker.until_here(report, FlagState.L3_DISPATCHED)
    walker.kept[FILED] = walker.kept["arrived"]
    await file_case(walker, walker.kept[FILED])
    await walker.until_here(walker.kept[FILED], FlagState.CASE_FILED)
    for key in OFFLINE_KEYS:
        expect((await walker.view(walker.kept[key])).pending, f"{key} is not marked")
    acts = len(OFFLINE_KEYS) + 1
    await until(lambda: walker.engine.outbox_summary.pending >= acts, f"{acts} acts wait")
    await until(lambda: "待同步" in status_words(walker.window), "the status bar counts them")
    await walker.select(report)
    await until(lambda: "待同步" in words(walker.sight.context), "the thread marks them")


async def outbox_tells(walker: Walker) -> None:
    """F8: every act, with its object and how long it waits."""
    window = walker.window
    outbox = window.outbox

    async def show() -> None:
        press("F8")
        await until(lambda: outbox.isVisible() and outbox.list.rows.rowCount(), "the outbox")
        await bring_to_front(outbox)

    async def hide() -> None:
        outbox.close()
        await bring_to_front(window)

    await walker.pictures.take("outbox-offline", window, show, hide)
    waiting = {entry.command.record for entry in await walker.outbox()}
    for key in OFFLINE_KEYS:
        expect(walker.kept[key] in waiting, f"{key} is not in the outbox")


async def reopened_offline(walker: Walker) -> None:
    """The window is closed and opened again, without a server: all is still there."""
    before = sorted(entry.command.id for entry in await walker.outbox())
    await walker.close()
    await walker.open()
    await bring_to_front(walker.window)
    await until(lambda: walker.sight.current, "a record is selected")
    after = sorted(entry.command.id for entry in await walker.outbox())
    expect(after == before, f"{len(before)} waited, {len(after)} are left")
    expect(
        await walker.state_here(walker.kept[REPORTED]) == FlagState.L3_DISPATCHED,
        "the report or its verdict is lost",
    )
    expect(await walker.state_here(walker.kept[FILED]) == FlagState.CASE_FILED, "the case is lost")
    expect("离线" in status_words(walker.window), "it does not say that it is offline")


async def delivered_once(walker: Walker) -> None:
    """The server is back: each act is applied once, in the order in which it was done."""
    sent = {key: await walker.entries_of(walker.kept[key]) for key in OFFLINE_KEYS}
    await walker.close()
    await walker.open("--demo")
    await bring_to_front(walker.window)
    await walker.until_link(Link.ONLINE)
    await walker.until_delivered()
    for key, entries in sent.items():
        found = await walker.eye.record("flag", walker.kept[key])
        assert found is not None, f"{key} never reached the server"
        mine = [entry.command.id for entry in entries]
        applied = [entry["command"] for entry in found["log"] if entry["command"] in mine]
        expect(applied == mine, f"{key}: sent {len(mine)}, applied {len(applied)}, or in disorder")
    refused = [e for e in await walker.outbox() if e.status is not OutboxStatus.APPLIED]
    mine = {entry.command.id for entries in sent.values() for entry in entries}
    expect(not mine & {e.command.id for e in refused}, "something of it was refused")
