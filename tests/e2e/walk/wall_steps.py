"""The video wall: living pictures, what is not alive said everywhere, evidence by one key, the
past."""

from functools import partial

from plugins.wall.panel import WallPanel
from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walker import Walker
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.media import SessionState

FIRST_TILES = 4
PLAYS_WITHIN_S, STILL_WITHIN_S = 300, 300
FROZEN_CAMERA = "C-0042"
EVIDENCE = RecordQuery(kinds=(Kind.EVIDENCE,))


def wall_of(walker: Walker) -> WallPanel:
    """The wall. Raises AssertionError where there is none."""
    frame = walker.window.docks.frame("wall")
    panel = frame.panel if frame is not None else None
    assert isinstance(panel, WallPanel), f"there is no wall but {panel!r}"
    return panel


async def take_picture(walker: Walker, view: str) -> None:
    """Of a window in which the wall may stand: once its tiles have theirs."""
    await walker.pictures.take(view, walker.window, partial(_tiles_are_settled, walker))


async def _tiles_are_settled(walker: Walker) -> None:
    """Every tile in sight that has a camera shows its picture, or why it has none."""
    frame = walker.window.docks.frame("wall")
    wall = frame.panel if frame is not None else None
    if not isinstance(wall, WallPanel) or not wall.grid.isVisible():
        return

    def is_settled() -> bool:
        return all(tile.state is not SessionState.OPENING for tile in wall.grid.tiles)

    await until(is_settled, "the pictures are there", PLAYS_WITHIN_S)


async def stands(walker: Walker) -> None:
    """The wall opens on the cameras of the most urgent flags, and they play."""
    walker.window.show_panel("wall")
    await until(lambda: walker.window.docks.frame("wall").panel, "the wall stands")
    grid = wall_of(walker).grid
    await until(lambda: all(grid.cameras[:FIRST_TILES]), "four cameras are placed")
    await until(
        lambda: any(one.state is SessionState.PLAYING for one in grid.tiles),
        "a picture plays", PLAYS_WITHIN_S,
    )  # fmt: skip
    await take_picture(walker, "wall")


async def says_a_frozen_picture(walker: Walker) -> None:
    """A camera whose picture stands still: tile, tree and map all say so."""
    wall = wall_of(walker)
    press("1", "/")
    await until(wall.tree.search_field.hasFocus, "the search field has the keyboard")
    for letter in FROZEN_CAMERA.removeprefix("C-"):
        press(letter)
    press("Return")
    await until(
        lambda: wall.tree.current and wall.tree.current.code == FROZEN_CAMERA, "it is found"
    )
    press("Return")
    tile = wall.grid.tiles[0]
    await until(lambda: tile.state is SessionState.FROZEN, "the tile says it", STILL_WITHIN_S)
    camera = wall.grid.cameras[0]
    expect(camera is not None and camera.code == FROZEN_CAMERA, "another camera is on the tile")
    assert camera is not None
    await until(
        lambda: (seen := walker.engine.health(camera.id)) and seen.health is Health.FROZEN,
        "the map says it", STILL_WITHIN_S,
    )  # fmt: skip
    await until(lambda: "冻结" in words(wall.tree), "the tree says it")
    await take_picture(walker, "wall-frozen")
    press("Esc")


async def takes_evidence(walker: Walker) -> None:
    """S: the picture in the tile goes to the selected flag, and arrives at the server once."""
    wall = wall_of(walker)
    latest = walker.window.place.selection.latest(Kind.FLAG)
    assert latest is not None and latest.record is not None, "no flag was selected before"
    playing = [
        number for number, tile in enumerate(wall.grid.tiles) if tile.state is SessionState.PLAYING
    ]
    expect(playing, "no picture plays")
    at = playing[0]
    wall.grid.tiles[at].setFocus()
    await until(lambda: wall.grid.current == at, "the playing tile is meant")
    press("S")
    await until(lambda: "已取证" in words(wall), "it is said")
    found = [one.record for one in (await walker.engine.query(EVIDENCE)).views]
    mine = [one for one in found if one.parent_id == latest.record]
    expect(len(mine) == 1, f"{len(mine)} pieces of evidence lie under the flag")
    blob = await until(partial(_blob_of, walker, mine[0].id), "its file is on the server")
    await walker.until_delivered()
    content = await walker.engine.fetch(f"/v1/blobs/{str(blob).removeprefix('sha256:')}")
    expect(content.startswith(b"\x89PNG"), "the file is no picture")
    await take_picture(walker, "wall-evidence")


async def _blob_of(walker: Walker, record: RecordId) -> str | None:
    """The file of a piece of evidence, once it was told to have arrived."""
    view = await walker.engine.get(Kind.EVIDENCE, record)
    body = view.record.body if view is not None else None
    return body.blob if isinstance(body, EvidenceBody) else None


async def shows_sixteen(walker: Walker) -> None:
    """L through the layouts; empty tiles say what to do."""
    wall = wall_of(walker)
    for wanted in (6, 9, 16):
        press("L")
        await until(lambda n=wanted: wall.grid.count == n, f"{wanted} tiles")
    await take_picture(walker, "wall-16")
    press("L", "L")
    await until(lambda: wall.grid.count == FIRST_TILES, "four tiles again")


async def looks_back(walker: Walker) -> None:
    """R: what was a minute ago, in a frame that says so; Ctrl+Home is live again."""
    wall = wall_of(walker)
    press("R")
    await until(
        lambda: (wall.grid.tiles[1].source_key or "").startswith("recorded/"),
        "the tiles show what was recorded",
    )  # fmt: skip
    await take_picture(walker, "wall-past")
    press("Ctrl+Home")
    await until(
        lambda: (wall.grid.tiles[1].source_key or "").startswith("camera/"), "it is live again"
    )
    walker.window.show_panel("triage")
