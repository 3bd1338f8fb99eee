"""The tracks panel: all vehicles are there, a day is replayed, a truck off its route is a flag."""

from plugins.tracks.opened import EventKind, OpenedDay
from plugins.tracks.panel import TracksPanel
from tests.e2e.hands import press, type_text
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.wall_steps import take_picture
from tests.e2e.walker import Walker
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.plugin_api.view_clock import ViewMode

OFF_ROUTE, WITH_A_GAP, DRIFTING = "浙FA3712", "浙FB3749", "浙FC3786"
MOST_PRESSES = 12


def tracks_of(walker: Walker) -> TracksPanel:
    """The panel. Raises AssertionError where there is none."""
    frame = walker.window.docks.frame("tracks")
    panel = frame.panel if frame is not None else None
    assert isinstance(panel, TracksPanel), f"there is no tracks panel but {panel!r}"
    return panel


async def stands(walker: Walker) -> None:
    """Every vehicle with a terminal is listed with its state, and on the map."""
    panel = await _shown(walker)
    await until(lambda: sum(row.fix is not None for row in panel.rows) >= 70, "the fleet")
    states = {row.presence.value for row in panel.rows}
    expect({"moving", "standing", "offline"} <= states, f"only {sorted(states)} are there")
    await take_picture(walker, "tracks-live")


async def replays(walker: Walker) -> None:
    """Three vehicles on one clock: a gap says so, drift is counted, the panel wears the past."""
    panel = await _shown(walker)
    gap = (await _opened(walker, WITH_A_GAP)).track.gaps
    drift = (await _opened(walker, DRIFTING)).track.drift
    expect(any(one.seconds > 200 for one in gap), "the gap is not known")
    expect(int(drift.sum()) > 5, "no fix drifts")
    await _opened(walker, OFF_ROUTE)
    clock = walker.window.place.clock
    press("Space")
    await until(lambda: clock.view.mode is ViewMode.PLAYING, "it plays")
    begun = clock.view.at
    for _ in range(6):
        press("=")
    await until(lambda: (clock.view.at - begun).total_seconds() > 60, "a minute has passed")
    press("Space")
    await until(lambda: len(panel.view.days.shown) == 3, "three are shown")
    await take_picture(walker, "tracks-replay")
    press("Ctrl+Home")
    await until(lambda: clock.view_at is None, "it is live again")


async def makes_a_flag(walker: Walker) -> None:
    """偏离路线 ─► the nearest camera's picture of then ─► a flag, by one key, on the server."""
    panel = await _shown(walker)
    await _opened(walker, OFF_ROUTE)
    events = panel.view.side.events
    for _ in range(MOST_PRESSES):
        if events.current is not None and events.current.kind is EventKind.OFF_ROUTE:
            break
        press("]")
    await until(lambda: panel.view.side.camera is not None, "a camera is near")
    if not events.isVisible():
        press("I")  # they share a place with the vehicles
    await take_picture(walker, "tracks")
    before = {view.record.id for view in await walker.find()}
    press("Ctrl+Return")

    async def made() -> object:
        return next((v for v in await walker.find() if v.record.id not in before), None)

    view = await until(made, "a flag is there")
    body = view.record.body  # type: ignore[attr-defined]
    assert isinstance(body, FlagBody)
    expect(body.plate == OFF_ROUTE, f"the flag is of {body.plate}")
    expect(body.still is not None, "the flag has no picture")
    await walker.until_delivered()
    record = view.record.id  # type: ignore[attr-defined]

    async def number() -> str | None:
        return (await walker.view(record, Kind.FLAG)).record.number

    await until(number, "the server numbers it")
    walker.window.show_panel("triage")


async def _shown(walker: Walker) -> TracksPanel:
    walker.window.show_panel("tracks")
    frame = walker.window.docks.frame("tracks")
    await until(lambda: frame is not None and frame.panel is not None, "the panel stands")
    panel = tracks_of(walker)
    await until(lambda: bool(panel.rows), "the vehicles are read")
    panel.view.vehicles.setFocus()
    return panel


async def _opened(walker: Walker, plate: str) -> OpenedDay:
    """By its plate and T; one that is open stays so."""
    panel = tracks_of(walker)
    press("/")
    await until(panel.view.search.hasFocus, "the search has the keyboard")
    panel.view.search.clear()
    type_text(plate)
    press("Return")
    row = await until(
        lambda: next((one for one in panel.rows if one.body.plate == plate), None), plate
    )
    vehicle = row.vehicle  # type: ignore[attr-defined]
    await until(lambda: panel.view.vehicles.current == vehicle, f"{plate} is under the hand")
    if vehicle not in panel.keeper.order:
        press("T")
    day = await until(lambda: panel.keeper.day_of(vehicle), f"the day of {plate}")
    press("Esc")
    return day  # type: ignore[return-value]
