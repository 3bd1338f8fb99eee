"""The video wall: it stands with living pictures, says what is not alive, and takes evidence."""

from plugins.wall.panel import WallPanel
from tests.e2e.waits import until
from tests.e2e.walker import Walker
from xiuzhou_desktop.media import SessionState


def wall_of(walker: Walker) -> WallPanel:
    """The wall. Raises AssertionError where there is none."""
    frame = walker.window.docks.frame("wall")
    panel = frame.panel if frame is not None else None
    assert isinstance(panel, WallPanel), f"there is no wall but {panel!r}"
    return panel


async def stands(walker: Walker) -> None:
    """The wall opens on the cameras of the most urgent flags, and they play."""
    walker.window.show_panel("wall")
    await until(lambda: walker.window.docks.frame("wall").panel, "the wall stands")
    wall = wall_of(walker)
    grid = wall.grid
    await until(lambda: all(grid.cameras[:4]), "four cameras are placed", 20)
    await until(
        lambda: sum(one.state is SessionState.PLAYING for one in grid.tiles) >= 2,
        "two pictures play",
        40,
    )
    await walker.pictures.take("wall", walker.window)
