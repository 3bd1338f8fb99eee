"""The item: everything that an officer needs to decide is on one screen."""

from plugins.triage.pictures import Pictures
from plugins.triage.place_map import PlaceMap
from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect, panel_text
from tests.e2e.walker import Walker
from ui.map import MapCanvas
from ui.widgets import PlateLabel, RatioBar, Stepper, ThreadList
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.media import SessionState

FRAMES = 8
AFTER_NOTICE = (FlagState.L1_NOTIFIED, FlagState.L3_DISPATCHED)  # where a confirmed one goes
VIDEO_S = 300.0


def plain(view: RecordView) -> bool:
    """A flag with plate and picture in no exemption, not repeated, by day."""
    body = view.record.body
    return (
        isinstance(body, FlagBody)
        and body.plate is not None
        and body.still is not None
        and body.exemption is None
        and not body.snoozed_until
        and not view.pending
    )


async def a_plain_flag(walker: Walker, number: int = 0) -> RecordView:
    """One of the flags that wait, by its place among them. Raises AssertionError."""
    found = [view for view in await walker.find(FlagState.DETECTED) if plain(view)]
    expect(len(found) > number, f"only {len(found)} plain flags wait")
    return found[number]


async def shows_the_box(walker: Walker) -> None:
    """The still with the AI's box."""
    view = await a_plain_flag(walker)
    walker.kept["item"] = view.record.id
    await walker.select(view.record.id)
    sight = walker.sight
    await until(lambda: sight.still.image is not None, "the still is shown")
    expect(sight.still.marks.box is not None, "no box is drawn on it")


async def plays_the_clip(walker: Walker) -> None:
    """Space: ten seconds around the capture, played by libVLC."""
    await walker.select(walker.kept["item"])
    press("Space")
    await _frames_move(walker, "the clip")
    press("Space")
    await until(lambda: walker.sight.tile.state is SessionState.PAUSED, "Space pauses it")


async def shows_the_live_camera(walker: Walker) -> None:
    """V: the camera as it is now."""
    await walker.select(walker.kept["item"])
    press("V")
    await _frames_move(walker, "the live camera")
    press("V")
    await until(lambda: not walker.sight.part(Pictures).is_playing, "V again shows the still")


async def tells_what_is_known(walker: Walker) -> None:
    """Plate, place on the map, camera and its precision, confidence, history, deadline, thread."""
    await walker.select(walker.kept["item"])
    sight, text = walker.sight, panel_text(walker)
    body = (await walker.view(walker.kept["item"])).record.body
    assert isinstance(body, FlagBody)
    plate = sight.stage.findChild(PlateLabel)
    expect(plate and plate.isVisible(), "no plate")
    expect(sight.part(PlaceMap).isVisible(), "no map")
    canvas = sight.part(MapCanvas)
    await until(lambda: canvas.isVisible() and canvas.grab().toImage(), "the map is drawn")
    precision = sight.context.findChild(RatioBar)
    assert precision is not None
    await until(lambda: "/" in precision.accessibleName(), "the camera's precision")
    said = words(sight.context)
    for key in ("triage.history", "triage.precision", "triage.thread", "triage.message"):
        expect(text(key) in said, f"{text(key)} is missing")
    thread = sight.context.findChild(ThreadList)
    expect(thread and thread.accessibleName(), "the thread is empty")
    stepper = sight.stage.findChild(Stepper)
    expect(stepper and "→" in stepper.accessibleName(), "no way through the levels")
    expect("剩" in words(sight.stage) or "超" in words(sight.stage), "the deadline is not said")


async def says_the_exemption(walker: Walker) -> None:
    """A market inside its hours: the sentence stands, and confirming asks for a reason."""
    found = [
        view
        for view in await walker.find(FlagState.DETECTED)
        if isinstance(view.record.body, FlagBody) and view.record.body.exemption
    ]
    expect(found, "no flag lies in an exemption")
    await walker.select(found[0].record.id)
    sight = walker.sight
    await until(lambda: "许可" in words(sight.stage), "the exemption's sentence")
    await walker.judge(found[0].record.id, "1")
    await until(sight.form, "the reason is asked")
    press("Esc")
    await until(lambda: sight.form() is None, "Esc leaves the form")


async def _frames_move(walker: Walker, what: str) -> None:
    seen: set[int] = set()

    def moves() -> bool:
        frame = walker.sight.tile.frame
        if frame is not None:
            seen.add(frame.number)
        return len(seen) >= FRAMES

    await until(moves, f"{what} plays", VIDEO_S)
