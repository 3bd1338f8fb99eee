"""The map in a window: markers told apart and found, moved by keys, painted within a frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from pytestqt.qtbot import QtBot

from ui.map import (
    BaseMap,
    CameraHealth,
    CameraMarker,
    FlagMarker,
    MapCanvas,
    MarkerKind,
    Markers,
    Picked,
    UnitMarker,
    read_base_map,
)
from ui.map.ground import across
from ui.map.labels import Label, paint_labels
from ui.map.markers import camera_ring, paint_camera_code
from ui.map.sight import Sight
from ui.theme import colour
from xiuzhou_desktop.geo import Point, destination
from xiuzhou_desktop.text.catalogue import Catalogue

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "basemap.geojson"
HERE = Point(120.7087, 30.7693)
STROKES = 345  # 16 ms, a frame, of a desk's core; on a slower one they take as much longer


@pytest.fixture(scope="module")
def base() -> BaseMap:
    return read_base_map(SHIPPED.read_bytes())


@pytest.fixture
def canvas(qtbot: QtBot, base: BaseMap) -> MapCanvas:
    canvas = MapCanvas(Catalogue("zh_CN"))
    qtbot.addWidget(canvas)
    canvas.resize(404, 196)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.set_base(base)
    canvas.centre_on(HERE, 400)
    return canvas


def a_flag(**changes: object) -> FlagMarker:
    return FlagMarker(**({"id": "F-1", "place": HERE, "priority": 2} | changes))


def a_camera(**changes: object) -> CameraMarker:
    about = {"id": "K-1", "code": "C-0137", "name": "吉水路口", "place": HERE, "bearing_deg": 90.0}
    return CameraMarker(**({"health": CameraHealth.ONLINE} | about | changes))


def grabbed(canvas: MapCanvas) -> QImage:
    return canvas.grab().toImage()


def thread_s(act: Callable[[], object]) -> float:
    """CPU time of this thread."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


def paint_strokes(picture: QPixmap) -> None:
    """What takes a frame, on a slow core as on a quick one."""
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("white"), 3.0))
    for number in range(STROKES):
        painter.drawLine(QPointF(0, 2 * number), QPointF(picture.width(), 798 - 2 * number))
    painter.end()


def has_colour(image: QImage, token: str) -> bool:
    wanted = colour(token).rgb()
    width, height = image.width(), image.height()
    return any(image.pixel(x, y) == wanted for x in range(width) for y in range(height))


def test_a_click_picks_the_flag_that_lies_over_its_camera(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.set_markers(Markers(cameras=(a_camera(),), flags=(a_flag(),)))
    with qtbot.waitSignal(canvas.picked) as picked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert picked.args == [Picked(MarkerKind.FLAG, "F-1")]


def test_a_click_beside_every_marker_picks_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.set_markers(Markers(flags=(a_flag(),)))
    with qtbot.assertNotEmitted(canvas.picked):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_a_drag_moves_the_ground_and_picks_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.set_markers(Markers(flags=(a_flag(),)))
    start = canvas.rect().center()
    before = canvas.sight.to_ground(QPointF(start))
    with qtbot.assertNotEmitted(canvas.picked):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(canvas, start + QPoint(60, 20))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 20))
    assert canvas.sight.to_ground(QPointF(start + QPoint(60, 20))) == pytest.approx(before)


def test_keys_zoom_move_and_fit(canvas: MapCanvas, qtbot: QtBot) -> None:
    near = canvas.sight.metres_a_px
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.sight.metres_a_px < near
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.sight.metres_a_px == pytest.approx(near)
    east = canvas.sight.middle[0]
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.sight.middle[0] > east
    qtbot.keyClick(canvas, Qt.Key.Key_Z)
    west, south, _east, _north = canvas.base.bounds
    assert canvas.sight.window.contains(canvas.sight.to_screen((west, south)))


def test_a_place_stays_in_the_middle_when_the_map_grows(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.resize(808, 392)
    qtbot.waitUntil(lambda: canvas.sight.size.width() == 808)
    at = canvas.sight.to_screen(canvas.base.projection.to_metres(HERE))
    assert (at.x(), at.y()) == pytest.approx((404, 196))
    assert canvas.sight.metres_a_px == pytest.approx(400 / 808)


def test_how_a_camera_stands_and_a_pending_flag_are_seen(canvas: MapCanvas) -> None:
    canvas.set_markers(Markers(cameras=(a_camera(),)))
    online = grabbed(canvas)
    canvas.set_markers(Markers(cameras=(a_camera(health=CameraHealth.FROZEN),)))
    assert has_colour(grabbed(canvas), "frozen") and not has_colour(online, "frozen")
    canvas.set_markers(Markers(cameras=(a_camera(health=CameraHealth.OFFLINE),)))
    offline = grabbed(canvas)
    canvas.set_markers(Markers(cameras=(a_camera(health=CameraHealth.UNKNOWN),)))
    assert online != offline != grabbed(canvas) != online
    canvas.set_markers(Markers(flags=(a_flag(),)))
    sure = grabbed(canvas)
    canvas.set_markers(Markers(flags=(a_flag(is_pending=True),)))
    assert grabbed(canvas) != sure


def test_the_sector_points_along_the_bearing(canvas: MapCanvas) -> None:
    canvas.set_markers(Markers(cameras=(a_camera(bearing_deg=90.0),)))
    picture = grabbed(canvas)
    canvas.set_markers(Markers())
    empty = grabbed(canvas)
    middle = canvas.rect().center()
    assert differs(picture, empty, middle + QPoint(18, 0))
    assert not differs(picture, empty, middle - QPoint(0, 18))


def differs(one: QImage, other: QImage, at: QPoint) -> bool:
    return QColor(one.pixel(at)) != QColor(other.pixel(at))


def test_the_selected_flag_has_fifty_metres_around_it(canvas: MapCanvas) -> None:
    canvas.set_markers(Markers(flags=(a_flag(),)))
    before = grabbed(canvas)
    canvas.select("F-1")
    after = grabbed(canvas)
    radius = round(50 / canvas.sight.metres_a_px)
    centre = canvas.rect().center()
    ring = [QPoint(radius + off, y) for off in (-1, 0, 1) for y in range(-12, 13)]
    assert any(differs(before, after, centre + at) for at in ring)


def test_markers_work_without_any_base_map(qtbot: QtBot) -> None:
    canvas = MapCanvas(Catalogue("zh_CN"))
    qtbot.addWidget(canvas)
    canvas.resize(640, 400)
    canvas.show()
    canvas.say_no_base("map.base.missing")
    canvas.set_markers(Markers(units=(UnitMarker(id="U-7", name="执法 07", place=HERE),)))
    canvas.centre_on(HERE)
    found = canvas.marker_at(QPointF(320, 200))
    assert found is not None and found.picked == Picked(MarkerKind.UNIT, "U-7")


def test_the_whole_base_map_is_painted_within_a_frame(canvas: MapCanvas) -> None:
    canvas.resize(1296, 798)
    cameras = tuple(
        a_camera(id=f"K-{n}", code=f"C-{n:04}", place=destination(HERE, n * 7.0, n * 12.0))
        for n in range(231)
    )
    canvas.set_markers(Markers(cameras=cameras, flags=(a_flag(),)))
    canvas.centre_on(HERE, 3000)
    picture = QPixmap(canvas.size())
    costs, strokes = [], []
    for number in range(40):
        canvas.pan(0.02 if number % 2 else -0.02, 0.0)
        costs.append(thread_s(lambda: canvas.render(picture)))
        strokes.append(thread_s(lambda: paint_strokes(picture)))
    assert min(costs) <= min(strokes)  # what others cost on this core is not the map's


def test_a_street_is_named_where_nothing_lies(canvas: MapCanvas) -> None:
    middle, further = QPointF(100, 100), QPointF(250, 100)
    taken = [QRectF(90, 90, 20, 20)]
    paper = QPixmap(404, 196)
    painter = QPainter(paper)
    names = [Label("秀洲大道", (middle, further)), Label("文昌路", (middle,))]
    paint_labels(painter, names, QRectF(paper.rect()), taken)
    painter.end()
    assert len(taken) == 2
    assert taken[1].contains(further)


@pytest.mark.parametrize(("street", "beside"), [
    ((QPointF(20, 100), QPointF(380, 100)), QRectF(0, 60, 404, 39)),  # above it
    ((QPointF(200, 10), QPointF(200, 190)), QRectF(201, 0, 200, 196)),  # at its right
    ((QPointF(20, 180), QPointF(380, 60)), None),
])  # fmt: skip
def test_a_street_is_named_beside_it(
    qtbot: QtBot, street: tuple[QPointF, QPointF], beside: QRectF | None
) -> None:
    start, end = street
    taken: list[QRectF] = []
    paper = QPixmap(404, 196)
    painter = QPainter(paper)
    label = Label("秀洲大道", ((start + end) / 2,), across(start, end))
    paint_labels(painter, [label], QRectF(paper.rect()), taken)
    painter.end()
    (name,) = taken
    steps = [start + (end - start) * part / 50 for part in range(51)]
    assert not any(name.contains(step) for step in steps)
    assert beside is None or beside.contains(name)


def test_a_cameras_number_is_whole_and_clear_of_its_neighbour(qtbot: QtBot) -> None:
    at, sight = QPointF(200, 190), Sight((0.0, 0.0), 1.0, QSizeF(404, 196))
    neighbour = camera_ring(at + QPointF(20, 0))
    taken = [neighbour]
    paper = QPixmap(404, 196)
    painter = QPainter(paper)
    paint_camera_code(painter, at, a_camera(), sight, taken)
    painter.end()
    _, number = taken
    assert sight.window.contains(number)
    assert not number.intersects(neighbour)
