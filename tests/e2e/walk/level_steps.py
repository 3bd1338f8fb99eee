"""The three levels 短信通知 → 再次研判 → 现场执法, and the way back from each."""

from datetime import datetime

from tests.e2e.hands import click, press, type_text
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.item_steps import AFTER_NOTICE, a_plain_flag
from tests.e2e.walker import Walker
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.contract.demo import DemoAct
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState

TRIES = 5
MOST_JUMPS = 60
LOOKED_AT = (FlagState.L1_NOTIFIED, FlagState.UNDETERMINED)


async def notified(walker: Walker) -> None:
    """Confirmed, and the message has arrived: the time to correct runs."""
    for _ in range(TRIES):
        record = (await a_plain_flag(walker)).record.id
        await walker.judge(record, "1")
        await walker.until_here(record, *AFTER_NOTICE)
        if await walker.state_here(record) == FlagState.L1_NOTIFIED:
            walker.kept["notified"] = record
            return
    raise AssertionError(f"of {TRIES} confirmed flags none was notified")


async def looked_at_again(walker: Walker) -> None:
    """The limit passes, the second picture is taken, both stand side by side."""
    view = await _due(walker)
    record = view.record.id
    walker.kept["second_look"] = record
    await walker.select(record)
    sight = walker.sight
    await until(sight.pair.isVisible, "both pictures side by side")
    await walker.pictures.take("second-look", walker.window)


async def found_present(walker: Walker) -> None:
    """Still there: it goes to the patrol."""
    record = walker.kept["second_look"]
    await walker.judge(record, "1")
    await walker.until_state(record, FlagState.L3_DISPATCHED)
    walker.kept["onsite"] = record


async def patrolled(walker: Walker) -> None:
    """The task is accepted, the patrol arrives."""
    record = walker.kept["onsite"]
    for state in (FlagState.ACCEPTED, FlagState.ARRIVED):
        await walker.judge(record, "1")
        await walker.until_state(record, state)
        await walker.until_here(record, state)


async def settled_on_site(walker: Walker) -> None:
    """Corrected while the officer was there."""
    record = walker.kept["onsite"]
    await walker.judge(record, "1")
    await walker.answer("1")
    await walker.until_state(record, FlagState.CORRECTED_ON_SITE)


async def corrects_the_plate(walker: Walker) -> None:
    """Ctrl+B, before a notice stands: what the plate really says."""
    record = walker.kept["notified"]
    await walker.until_here(record, FlagState.DETECTED)
    await walker.select(record)
    press("Ctrl+B")
    await walker.form()
    type_text("浙F5K27Q")
    press("Ctrl+Return")
    await until(lambda: walker.sight.form() is None, "the form is done")

    async def is_corrected() -> bool:
        found = await walker.eye.record("flag", record)
        return found is not None and found["body"]["plate"] == "浙F5K27Q"

    await until(is_corrected, "the server has the right plate")


async def voids_the_notice(walker: Walker) -> None:
    """Ctrl+Backspace: the notice should not have gone out; the flag is judged anew."""
    record = walker.kept["notified"]
    await walker.select(record)
    press("Ctrl+Backspace")
    await walker.form()
    type_text("车牌识别有误")
    press("Ctrl+Return")
    await walker.until_state(record, FlagState.DETECTED)


async def reopening_needs_a_supervisor(walker: Walker) -> None:
    """Ctrl+R by a duty officer is refused in words."""
    record = walker.kept["false"]
    await walker.select(record)
    press("Ctrl+R")
    await walker.form()
    type_text("图片看错")
    press("Ctrl+Return")
    sight = walker.sight
    await until(lambda: "督导" in words(sight.panel), "who may do it is said")
    press("Esc")
    expect(await walker.eye.state("flag", record) == FlagState.FALSE_ALARM, "it was reopened")


async def goes_to_the_patrol_when_sms_fails(walker: Walker) -> None:
    """短信失败: a confirmed flag goes to level 3 with that reason."""
    click(walker.bar.sms)
    try:
        record = (await a_plain_flag(walker)).record.id
        await walker.judge(record, "1")
        await walker.until_state(record, FlagState.L3_DISPATCHED)
        found = await walker.eye.record("flag", record)
        reason = found["body"]["onsite_reason"] if found else None
        expect(reason in ("sms_failed", "no_contact", "repeat"), f"the reason is {reason}")
    finally:
        await walker.ready()
        click(walker.bar.sms)


async def _due(walker: Walker) -> RecordView:
    """A flag whose second picture has been taken and counts; the clock jumps until there is one."""
    for _ in range(MOST_JUMPS):
        found = [v for v in await walker.find(FlagState.L1_NOTIFIED) if _has_second(v)]
        if found:
            return found[0]
        await walker.engine.demo(DemoAct.NEXT_DEADLINE.value)
        await until(lambda: _all_looked_at(walker), "who is due has its second picture")
    raise AssertionError("no second picture was taken")


async def _all_looked_at(walker: Walker) -> bool:
    """Whether each flag that is due here has been looked at again, with whatever result."""
    now = walker.window.place.clock.now()
    return not any(_waits(view, now) for view in await walker.find(*LOOKED_AT))


def _waits(view: RecordView, now: datetime) -> bool:
    body = view.record.body
    if not isinstance(body, FlagBody) or body.camera is None or body.second_frame is not None:
        return False
    return body.look_from is not None and body.look_from <= now


def _has_second(view: RecordView) -> bool:
    body = view.record.body
    return isinstance(body, FlagBody) and body.second_frame is not None and body.second_frame.usable
