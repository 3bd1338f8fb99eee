"""Stills, the pair of a second look, and the loader that brings them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from ui.video import (
    BoxMark,
    ComparePicture,
    CompareView,
    Marks,
    PictureFault,
    PictureLoader,
    StillView,
    box_from_e4,
    decode,
)
from ui.video.viewport import letterbox
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.text.catalogue import Catalogue

text = Catalogue("zh_CN")
PICTURE_COLOUR = QColor(40, 120, 60)


def an_image(width: int = 640, height: int = 360) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(PICTURE_COLOUR)
    return image


def a_jpeg(width: int = 640, height: int = 360) -> bytes:
    sink = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(sink, "JPEG")
    return sink.getvalue()


@pytest.fixture
def still(qtbot: QtBot) -> StillView:
    still = StillView(text)
    qtbot.addWidget(still)
    still.resize(640, 480)
    still.show()
    qtbot.waitExposed(still)
    return still


def pixel(still: StillView, x: int, y: int) -> QColor:
    return still.grab().toImage().pixelColor(x, y)


def test_a_picture_is_letterboxed_never_cut_or_stretched() -> None:
    assert letterbox(QSizeF(1280, 720), QRectF(0, 0, 640, 480)) == QRectF(0, 60, 640, 360)
    assert letterbox(QSizeF(720, 1280), QRectF(0, 0, 640, 480)) == QRectF(185, 0, 270, 480)


def test_the_still_leaves_the_ground_beside_the_picture(still: StillView) -> None:
    still.set_picture(an_image())
    assert pixel(still, 320, 240) == PICTURE_COLOUR
    assert pixel(still, 320, 20) != PICTURE_COLOUR


def test_the_box_lies_where_the_record_says(still: StillView) -> None:
    box = box_from_e4((2500, 2500, 5000, 5000), label="机动车 0.91", priority=2)
    still.set_picture(an_image(), Marks(box=box))
    assert pixel(still, 160, 200) != PICTURE_COLOUR  # left edge: a quarter of 640
    assert pixel(still, 240, 200) == PICTURE_COLOUR  # inside


def test_the_wheel_keeps_what_is_under_the_pointer_and_z_fits(
    still: StillView, qtbot: QtBot
) -> None:
    still.set_picture(an_image())
    point = QPointF(200, 200)
    fitted = still.fitted_under(point)
    before = relative(still, point, fitted)
    turn_wheel(still, point)

    assert still.viewport.zoom > 1
    after = relative(still, point, fitted)
    assert after.x() == pytest.approx(before.x()) and after.y() == pytest.approx(before.y())

    qtbot.keyClick(still, Qt.Key.Key_Z)
    assert still.viewport.is_fitted


def test_dragging_never_leaves_the_picture(still: StillView, qtbot: QtBot) -> None:
    still.set_picture(an_image())
    turn_wheel(still, QPointF(320, 240))
    qtbot.mousePress(still, Qt.MouseButton.LeftButton, pos=QPoint(320, 240))
    qtbot.mouseMove(still, QPoint(5000, 4000))
    qtbot.mouseRelease(still, Qt.MouseButton.LeftButton, pos=QPoint(5000, 4000))
    half = 0.5 / still.viewport.zoom
    assert half <= still.viewport.centre.x() <= 1 - half
    assert half <= still.viewport.centre.y() <= 1 - half


def relative(still: StillView, point: QPointF, fitted: QRectF) -> QPointF:
    placed = still.viewport.place(fitted)
    return QPointF(
        (point.x() - placed.x()) / placed.width(), (point.y() - placed.y()) / placed.height()
    )


def turn_wheel(still: StillView, point: QPointF) -> None:
    event = QWheelEvent(
        point,
        still.mapToGlobal(point),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(still, event)


def test_the_two_looks_have_the_same_height_whatever_their_shapes(qtbot: QtBot) -> None:
    pair = CompareView(text)
    qtbot.addWidget(pair)
    pair.resize(860, 300)
    pair.set_pictures(
        ComparePicture(image=an_image(1280, 720), caption="首帧", time="14:36:41"),
        ComparePicture(image=an_image(640, 480), caption="再次研判", time="14:51:41"),
    )
    first, second = pair.panes()
    assert first.height() == pytest.approx(second.height())
    assert first.width() / first.height() == pytest.approx(16 / 9)
    assert second.width() / second.height() == pytest.approx(4 / 3)
    assert second.right() <= 860 and first.left() >= 0


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (a_jpeg()[: len(a_jpeg()) // 2], PictureFault.CUT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PictureFault.NOT_A_PICTURE),
        (b"", PictureFault.NOT_A_PICTURE),
    ],
    ids=["cut", "svg", "empty"],
)
def test_what_is_no_whole_picture_is_named(data: bytes, fault: PictureFault) -> None:
    assert decode(data) is fault


def test_sixty_megapixels_are_refused_before_they_are_decoded() -> None:
    sink = BytesIO()
    Image.new("1", (10_000, 6_000)).save(sink, "PNG")
    assert decode(sink.getvalue()) is PictureFault.TOO_LARGE


class Engine:
    """The border: fetches what the test lays out, counts how often."""

    def __init__(self, blobs: dict[str, bytes]) -> None:
        self.blobs = blobs
        self.fetched: list[str] = []

    async def fetch(self, path: str) -> bytes:
        self.fetched.append(path)
        if path not in self.blobs:
            raise Unavailable()
        return self.blobs[path]


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QEventLoop]:
    loop = QEventLoop(qapp)
    with loop:
        yield loop


def run(loop: QEventLoop, condition: Callable[[], bool]) -> None:
    async def until() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    loop.run_until_complete(asyncio.wait_for(until(), 180))


def test_a_picture_is_brought_once_and_then_kept(loop: QEventLoop) -> None:
    engine = Engine({"/v1/blobs/1": a_jpeg()})
    loader = PictureLoader(engine.fetch)
    got: list[tuple[str, QImage]] = []
    loader.ready.connect(lambda key, image: got.append((key, image)))
    loop.call_soon(loader.prefetch, "/v1/blobs/1")
    run(loop, lambda: loader.peek("/v1/blobs/1") is not None)
    loader.load("/v1/blobs/1")

    assert [key for key, _image in got] == ["/v1/blobs/1"] * 2
    assert got[0][1].width() == 640
    assert engine.fetched == ["/v1/blobs/1"]


def test_a_picture_that_cannot_be_fetched_is_said_and_tried_again(loop: QEventLoop) -> None:
    engine = Engine({})
    loader = PictureLoader(engine.fetch)
    faults: list[PictureFault] = []
    loader.failed.connect(lambda _key, fault: faults.append(fault))
    loop.call_soon(loader.load, "/v1/blobs/1")
    run(loop, lambda: faults == [PictureFault.NOT_FETCHED])

    engine.blobs["/v1/blobs/1"] = a_jpeg()
    loop.call_soon(loader.load, "/v1/blobs/1")
    run(loop, lambda: loader.peek("/v1/blobs/1") is not None)


@pytest.mark.parametrize("language", ["zh_CN", "en_US"])
def test_every_fault_has_its_sentence(language: str) -> None:
    for fault in PictureFault:
        assert Catalogue(language)(f"media.picture.{fault.value}")


def test_a_box_mark_is_in_parts_of_the_picture() -> None:
    box = box_from_e4((4100, 4800, 6000, 7900), label="x", priority=2)
    assert box == BoxMark(left=0.41, top=0.48, right=0.6, bottom=0.79, label="x", priority=2)
