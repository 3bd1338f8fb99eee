"""The video wall 视频墙: camera tree | tiles.

tree ──Enter, drag──► tile ──► session (one a camera) ──► what it sees ──► tree, map
S ──► evidence of the selected flag        view clock in the past ──► recorded pictures
"""

from collections import ChainMap
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QScreen
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from plugins.wall import actions as keys
from plugins.wall.cameras import Camera, camera_of
from plugins.wall.following import WAYS, nearest, selected_camera
from plugins.wall.grid import TileGrid
from plugins.wall.layouts import MOST_TILES, following
from plugins.wall.placing import (
    Placement,
    Pushed,
    first_empty,
    first_placement,
    keep_pushed,
    kept_placement,
    placement_of,
    pushed_wall,
)
from plugins.wall.second import SecondWall, other_screen, screen_named
from plugins.wall.seen import Seen
from plugins.wall.taking import Shot, take, why_not
from plugins.wall.tree import WIDTH_PX, CameraTree
from plugins.wall.wall import Wall
from plugins.wall.wall_header import WallHeader
from ui.records import Following
from ui.start import start
from ui.theme import px
from ui.video import watermark_of
from ui.widgets import Banner, BannerTone
from xiuzhou_desktop.client.views import Changed, Link, Order, RecordQuery
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.plugin_api.context import Action, PanelContext, View

TICK_MS = 500
NOTICE_MS = 8_000
NARROW_BELOW_PX = 1500  # the tree makes room for the tiles (look.md §6.2)
MOST_CAMERAS = 2_000
REPLAY_FOR = timedelta(seconds=60)
CAMERAS = RecordQuery(kinds=(Kind.CAMERA,), order=Order.PLACE, limit=MOST_CAMERAS)
RECEIVING = frozenset({Link.CONNECTING, Link.SYNCING})
Key = tuple[Action, Callable[[], None], Callable[[], bool] | None]


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return WallPanel(context)


class WallPanel(QWidget):
    """One person's wall."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._watermark = watermark_of(context)
        self._role = context.engine.signed.account.roles[0].value
        self._cameras: dict[RecordId, Camera] = {}
        self._then: dict[RecordId, Health] | None = None
        self.is_arranged = self._is_reading = self._reads_again = self._is_looking = False
        self._following_tile = MOST_TILES
        self._header = WallHeader(context.text)
        self.tree = CameraTree(context.text)
        self._wall = Wall(context, self._watermark)
        self._walls = [self._wall]
        self._seen = Seen(context.engine)
        self._notice = Banner("camera", "", "", BannerTone.NEUTRAL)
        self._notice.hide()
        self.second: SecondWall | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._quiet = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._lay_out()
        self._connect()
        self._registered = [context.actions.register(*row) for row in self._key_table()]
        self._following = Following(self, context, WAYS, self._show_followed, self._show_nearest)
        self._observations = (
            context.engine.observe(self._news), context.clock.observe(self._turn),
        )  # fmt: skip
        self._tick.start()
        self._read()

    @property
    def grid(self) -> TileGrid:
        """The tiles of this window."""
        return self._wall.grid

    # layout

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._wall.grid, 1)
        column.addWidget(self._notice)
        self._split = QSplitter()
        self._split.setHandleWidth(1)
        self._split.addWidget(self.tree)
        self._split.addWidget(right)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([px(WIDTH_PX), px(4 * WIDTH_PX)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._header)
        whole.addWidget(self._split, 1)
        self.setFocusProxy(self.tree)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_tree()

    def _fold_tree(self) -> None:
        """Narrow: the tiles have the room until somebody looks for a camera."""
        self.tree.setVisible(self._is_looking or self.width() >= px(NARROW_BELOW_PX))
        self.setFocusProxy(self.grid.current_tile if self.tree.isHidden() else self.tree)

    def _has_hand(self, part: QWidget) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and part.isAncestorOf(focus)

    def _connect(self) -> None:
        grid = self._wall.grid
        self._header.layout_chosen.connect(grid.set_layout)
        self._header.second_wanted.connect(self._push)
        self.tree.picked.connect(self._place)
        self.tree.touched.connect(self._select)
        self.tree.left.connect(self._to_tiles)
        grid.dropped.connect(self._drop)
        grid.changed.connect(self._moved)
        grid.stated.connect(self._look)
        self._tick.timeout.connect(self._on_tick)
        self._quiet.timeout.connect(self._notice.hide)

    def _key_table(self) -> tuple[Key, ...]:
        """Every key of the panel; Enter places while the hand is in the tree, else it enlarges."""
        grid = self._wall.grid
        digits = tuple(
            (action, partial(grid.go_to, number), None) for number, action in enumerate(keys.TILES)
        )
        return (
            (keys.FIND, self._find, None),
            (keys.PLACE, self.tree.activate_current, lambda: self._has_hand(self.tree)),
            (keys.ENLARGE, grid.enlarge, lambda: not self._has_hand(self.tree)),
            *digits,
            (keys.LAYOUT, lambda: grid.set_layout(following(grid.count)), None),
            (keys.SNAPSHOT, self._take, None),
            (keys.PAUSE, lambda: grid.current_tile.controls.toggle(), None),
            (keys.REPLAY, self._replay, None),
            (keys.STEP_ON, lambda: grid.current_tile.controls.step_forward(), None),
            (keys.STEP_BACK, lambda: grid.current_tile.controls.step_back(), None),
            (keys.FIT, lambda: grid.current_tile.fit(), None),
            (keys.REMOVE, lambda: grid.place(grid.current, None), None),
            (keys.RETRY, self._retry, lambda: grid.current_tile.says.offers_retry),
            (keys.SECOND, self._push, None),
            (keys.BACK, grid.enlarge, lambda: grid.is_enlarged),
        )

    # cameras

    def _read(self) -> None:
        """One reading at a time; what moves meanwhile is read after it."""
        self._reads_again = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            start(self._read_cameras(), owner=self)

    async def _read_cameras(self) -> None:
        engine = self._context.engine
        try:
            page = await engine.query(CAMERAS)
            found = (camera_of(view.record, self._health(view.record.id)) for view in page.views)
            self._cameras = {camera.id: camera for camera in found if camera is not None}
            self.tree.set_cameras(tuple(self._cameras.values()))
            self._wall.grid.refresh(self._cameras)
            if self._cameras and not self.is_arranged:
                await self._arrange()
        finally:
            self._is_reading = False
        self._draw_header()
        if self._reads_again:
            self._read()

    def _health(self, camera: RecordId) -> Health | None:
        """At the instant the wall shows: in the past only the recorded picture tells it."""
        if self._then is not None:
            return self._then.get(camera)
        known = self._context.engine.health(camera)
        return known.health if known is not None else None

    async def _arrange(self) -> None:
        kept = kept_placement(self._context.store.read(self._role))
        placement = kept or await first_placement(self._context.engine)
        if kept is None and self._is_coming(placement):
            return
        self.is_arranged = True
        self._wall.arrange(placement, lambda one: self._cameras.get(RecordId(one)))
        self._following.again()
        self._push_again()

    def _is_coming(self, placement: Placement) -> bool:
        """A first start still receives what waits for a decision, or its cameras."""
        is_whole = placement.tiles == sum(one in self._cameras for one in placement.cameras)
        return not is_whole and self._context.engine.link.link in RECEIVING

    def _news(self, changed: Changed) -> None:
        if Kind.CAMERA in changed.kinds or changed.is_wholesale or not self.is_arranged:
            self._read()

    # placing

    def _place(self, camera: Camera) -> None:
        """On the current tile; the next empty one is meant after that."""
        grid = self._wall.grid
        grid.place(grid.current, camera)
        empty = first_empty(grid)
        if empty is not None:
            grid.go_to(empty)

    def _drop(self, tile: int, camera: str) -> None:
        known = self._cameras.get(RecordId(camera))
        if known is not None:
            self._wall.grid.place(tile, known)
            self._wall.grid.go_to(tile)

    def _moved(self) -> None:
        grid = self._wall.grid
        self.tree.set_tiles(grid.shown())
        self._draw_header()
        if self.is_arranged:
            self._context.store.write(self._role, msgspec.to_builtins(placement_of(grid)))

    # selection

    def _select(self, camera: Camera) -> None:
        """The hand came to a camera: other panels find it."""
        self._following.choose(selected_camera(camera))

    def _show_followed(self, record: Record) -> None:
        self._bring(self._cameras.get(record.id))

    def _show_nearest(self, place: Point) -> None:
        self._bring(nearest(self._cameras.values(), place))

    def _bring(self, camera: Camera | None) -> None:
        """What another panel speaks of comes to the wall unless it is there."""
        if camera is None or not self.is_arranged:
            return
        self.tree.show_camera(camera.id)
        grid = self._wall.grid
        there = grid.shown().get(camera.id)
        if there is not None:
            grid.go_to(there[0] - 1)
            return
        tile = self._tile_for_followed()
        grid.place(tile, camera)
        grid.go_to(tile)

    def _tile_for_followed(self) -> int:
        """An empty tile, else the one that followed before, else the last."""
        grid = self._wall.grid
        tile = first_empty(grid)
        if tile is None:
            tile = min(self._following_tile, grid.count - 1)
        self._following_tile = tile
        return tile

    # acting

    def _find(self) -> None:
        self._is_looking = True
        self._fold_tree()
        self.tree.search()

    def _to_tiles(self) -> None:
        self._is_looking = False
        self._fold_tree()
        self._wall.grid.current_tile.setFocus()

    def _retry(self) -> None:
        self._wall.grid.current_tile.controls.retry()

    def _replay(self) -> None:
        """R: the window looks at what was a minute ago, from there on."""
        self._context.clock.go_to(self._context.clock.now() - REPLAY_FOR)
        self._context.clock.play(1.0)

    def _take(self) -> None:
        grid = self._wall.grid
        tile, camera = grid.current_tile, grid.cameras[grid.current]
        reason = "wall.taken.empty" if camera is None else why_not(tile.state)
        if self._context.clock.view_at is not None:
            reason = "wall.taken.past"
        if reason is not None or camera is None or tile.frame is None:
            self._say(self._text(reason or "wall.taken.not_live"))
            return
        shot = Shot(
            camera=camera, frame=tile.frame, at=self._context.clock.now(),
            camera_clock=tile.camera_clock(),
        )  # fmt: skip
        start(self._keep(shot), owner=self)

    async def _keep(self, shot: Shot) -> None:
        self._say((await take(self._context, shot)).says)

    def _say(self, sentence: str) -> None:
        self._notice.set_texts(sentence)
        self._notice.show()
        self._quiet.start()

    def _push(self) -> None:
        """W: this wall on another monitor; again brings it back."""
        if self.second is not None:
            self.second.close()
            return
        placement, screen = placement_of(self._wall.grid), other_screen(self)
        if screen is not None:
            kept = Pushed(tiles=placement.tiles, cameras=placement.cameras, screen=screen.name())
            keep_pushed(self._context.store, self._role, kept)
        self._show_second(placement, screen)

    def _push_again(self) -> None:
        """As the last time ended; while its monitor is missing, or the window itself stands there,
        it is kept for it."""
        pushed = pushed_wall(self._context.store, self._role)
        screen = screen_named(pushed.screen) if pushed is not None else None
        if pushed is not None and screen not in {None, self.window().screen()}:
            self._show_second(pushed, screen)

    def _show_second(self, placement: Placement, screen: QScreen | None) -> None:
        other = Wall(self._context, self._watermark)
        self._walls.append(other)
        self.second = SecondWall(other.grid, self._text("wall.second.title"), self)
        self.second.closed.connect(self._pulled)
        other.arrange(placement, lambda one: self._cameras.get(RecordId(one)))
        self.second.push(screen)
        self._header.set_pushed(is_pushed=True)

    def _pulled(self) -> None:
        keep_pushed(self._context.store, self._role, None)
        if self.second is not None:
            self.second.deleteLater()
        self.second = None
        del self._walls[1:]
        self._header.set_pushed(is_pushed=False)

    # the shell's

    def _on_tick(self) -> None:
        for wall in self._walls:
            wall.tick()
        self._look()

    def _turn(self, view: View) -> None:
        for wall in self._walls:
            wall.turn(view)

    def _look(self) -> None:
        """What all tiles see, to tree and map at once."""
        seen = (one for wall in self._walls for one in wall.seen())
        self._seen.look(seen)
        is_past = self._context.clock.view_at is not None
        seen_then = ChainMap(*(wall.seen_then() for wall in self._walls))
        then = dict(seen_then) if is_past else None
        if then != self._then:
            self._then = then
            self._read()
        for wall in self._walls:
            wall.tell(self._seen.known_since)
        self._draw_header()

    def _draw_header(self) -> None:
        self._header.show_grid(self._wall.grid)

    def shut_down(self) -> None:
        """The panel closes: sessions, subscriptions and keys end."""
        self._tick.stop()
        if self.second is not None:
            self.second.closed.disconnect(self._pulled)  # nobody pulls it: it comes again
            self.second.close()
        self._wall.close()
        self._seen.look(())
        for one in (self._following, *self._observations, *self._registered):
            one.close()
