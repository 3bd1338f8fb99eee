"""The pictures of an item: still or pair of a second look, clip, live camera, strip, crops.

    Space  plays and pauses the ten-second clip      V  the camera as it is now      Z  fit
Only the mode in front has a libVLC session; going to the next item ends it.
"""

from datetime import timedelta
from enum import IntEnum
from urllib.parse import quote

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from plugins.triage.rows import confidence
from ui.records import Sentences
from ui.theme.theme import px
from ui.video import (
    ComparePicture,
    CompareView,
    Marks,
    PictureFault,
    PictureLoader,
    StillView,
    TileCaption,
    VideoTile,
    blob_path,
    box_from_e4,
    engine_source,
    zone_from_e4,
)
from ui.widgets import CropView, Frame, FrameStrip
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagBody, SecondFrame
from xiuzhou_desktop.domain.order_body import OrderBody
from xiuzhou_desktop.domain.plate import pretty_plate
from xiuzhou_desktop.media import MediaSource, SourceKind
from xiuzhou_desktop.plugin_api.context import PanelContext

CLIP_LEAD_S, CLIP_S = 5, 10
FULL_E4 = 10_000
CROP_GROWTH = 0.25  # how much of the surroundings a close-up keeps
CROP_ASPECT = 16 / 9
PLATE_PART = (0.25, 0.45, 0.75, 0.95)  # where on a parked vehicle's box a plate is looked for
CROPS_ABOVE_PX = 480
CROPS = ("first", "near", "plate")


class Mode(IntEnum):
    """Pages of the stack."""

    STILL = 0
    COMPARE = 1
    VIDEO = 2


class Pictures(QWidget):
    """Shows one item's pictures; `show_item` may be called as often as the hand moves."""

    def __init__(self, context: PanelContext, watermark: str) -> None:
        super().__init__()
        self._context = context
        self._text = context.text
        self._sentences = Sentences(context.text)
        self._record: Record | None = None
        self._playing: str | None = None
        self._camera: Record | None = None
        self._loader = PictureLoader(context.engine.fetch, self)
        self._loader.ready.connect(self._arrived)
        self._loader.failed.connect(self._missing)
        self._still = StillView(context.text)
        self._compare = CompareView(context.text)
        self._tile = VideoTile(context.media, context.text, context.clock.now)
        for view in (self._still, self._compare, self._tile):
            view.set_watermark(watermark)
        self._stack = QStackedWidget()
        for page in (self._still, self._compare, self._tile):
            self._stack.addWidget(page)
        self._strip = FrameStrip()
        self._strip.chosen.connect(self._frame_chosen)
        self._crops = {name: CropView() for name in CROPS}
        self._crop_row = QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._strip)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        for crop in self._crops.values():
            row.addWidget(crop, 1)
        self._crop_row.setLayout(row)
        column.addWidget(self._crop_row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen the picture itself has the room that the close-ups would take."""
        super().resizeEvent(event)
        self._crop_row.setVisible(self.height() >= px(CROPS_ABOVE_PX))

    @property
    def is_playing(self) -> bool:
        """Whether a clip or the live camera is in front."""
        return self._stack.currentIndex() == Mode.VIDEO

    @property
    def has_picture(self) -> bool:
        """Whether the item has a picture of its own."""
        return self._own_picture() is not None

    def _own_picture(self) -> str | None:
        """The picture to judge by: a flag's still, of an order the last photograph."""
        body = self._record.body if self._record else None
        if isinstance(body, OrderBody):
            return body.photos[-1] if body.photos else body.still
        return body.still if isinstance(body, FlagBody) else None

    def show_item(self, view: RecordView | None) -> None:
        """The item's own pictures; the same item again keeps what plays."""
        record = view.record if view else None
        same = record is not None and self._record is not None and record.id == self._record.id
        before, self._record = self._record, record
        if same and before is not None and record is not None and _looks_same(before, record):
            return
        if not same:
            self._tile.clear()
            self._camera = None
        self._show_still()

    def name_camera(self, camera: Record | None) -> None:
        """The item's camera, once it is known: its number and name go under the picture."""
        self._camera = camera

    def prefetch(self, views: tuple[RecordView, ...]) -> None:
        """The pictures of the items that come next."""
        for view in views:
            body = view.record.body
            if isinstance(body, FlagBody) and body.still:
                self._loader.prefetch(blob_path(body.still))

    # modes

    def toggle_clip(self) -> None:
        """Space: play the clip around the capture; again: pause; at its end: from the start."""
        body = self._flag()
        if body is None or body.camera is None:
            return
        at = body.clip_at or body.captured_at - timedelta(seconds=CLIP_LEAD_S)
        path = f"/v1/cameras/{body.camera}/clip?from={quote(format_instant(at))}&seconds={CLIP_S}"
        if self._playing == path:
            self._tile.controls.toggle()
            return
        note = self._text("triage.clip.note", time=self._sentences.hms(at), count=CLIP_S)
        self._play(path, engine_source(self._context.engine, path, SourceKind.CLIP, at), note)

    def toggle_live(self) -> None:
        """V: the camera as it is now, and back to the still."""
        body = self._flag()
        if body is None or body.camera is None:
            return
        path = f"/v1/cameras/{body.camera}/live"
        if self._playing == path:
            self._show_still()
            return
        source = engine_source(self._context.engine, path, SourceKind.LIVE)
        self._play(path, source, self._text("triage.live.note"))

    def _play(self, path: str, source: MediaSource, note: str) -> None:
        body = self._camera.body if self._camera else None
        number = body.short_no if isinstance(body, CameraBody) else ""
        name = body.name if isinstance(body, CameraBody) else ""
        self._stack.setCurrentIndex(Mode.VIDEO)
        self._playing = path
        self._tile.show_source(path, source, TileCaption(code=number, name=name, note=note))

    def close_media(self) -> None:
        """End sessions and fetches; the panel closes."""
        self._tile.clear()
        self._loader.close()

    # the still, the pair, the crops

    def _flag(self) -> FlagBody | None:
        body = self._record.body if self._record else None
        return body if isinstance(body, FlagBody) else None

    def _show_still(self) -> None:
        body, blob = self._flag(), self._own_picture()
        self._tile.clear()
        self._playing = None
        self._still.set_picture(None)
        self._strip.setVisible(bool(body and body.frames))
        for crop in self._crops.values():
            crop.setVisible(bool(body and blob))
        self._crops["first"].setVisible(bool(body and body.frames))
        is_pair = body is not None and body.second_frame is not None
        self._stack.setCurrentIndex(Mode.COMPARE if is_pair else Mode.STILL)
        if blob is None:
            is_gone = body is not None and body.disposed_at is not None
            key = "triage.picture.disposed" if is_gone else "triage.picture.none"
            self._still.set_sentence(self._text(key))
            return
        self._redraw()
        self._loader.load(blob_path(blob))
        for other in self._other_blobs(body) if body else ():
            self._loader.load(blob_path(other))

    def _other_blobs(self, body: FlagBody) -> tuple[str, ...]:
        second = (body.second_frame.blob,) if body.second_frame and body.second_frame.blob else ()
        return (*second, *(frame.blob for frame in body.frames))

    def _arrived(self, _key: str, _image: QImage) -> None:
        self._redraw()

    def _missing(self, key: str, fault: PictureFault) -> None:
        blob = self._own_picture()
        if blob is not None and key == blob_path(blob):
            self._still.set_picture(None)
            self._still.set_sentence(self._text(f"media.picture.{fault.value}"))

    def _redraw(self) -> None:
        body, blob = self._flag(), self._own_picture()
        if blob is None:
            return
        image = self._loader.peek(blob_path(blob))
        if body is None:
            self._show_image(image, Marks())
            return
        marks = self._marks(body)
        if self._stack.currentIndex() == Mode.COMPARE:
            self._compare.set_pictures(
                ComparePicture(
                    image=image, marks=marks, caption=self._text("triage.look.first"),
                    time=self._sentences.hms(body.captured_at),
                    sentence=self._text("triage.picture.loading"),
                ),
                self._second(body, marks),
            )  # fmt: skip
        else:
            self._show_image(image, marks)
        self._draw_strip(body)
        self._draw_crops(body, image)

    def _show_image(self, image: QImage | None, marks: Marks) -> None:
        if self._still.image is not image or image is None:
            self._still.set_picture(image, marks)
            self._still.set_sentence(self._text("triage.picture.loading"))

    def _second(self, body: FlagBody, marks: Marks) -> ComparePicture:
        frame = body.second_frame
        if frame is None:
            return ComparePicture(image=None, sentence=self._text("triage.look.none"))
        cause = self._text(f"option.LookCause.{frame.cause.value}") if frame.cause else None
        caption = (
            self._text("triage.look.unusable", cause=cause)
            if cause and not frame.usable
            else self._text("triage.look.second")
        )
        zones = Marks(zones=marks.zones)
        return ComparePicture(
            image=self._loader.peek(blob_path(frame.blob)) if frame.blob else None,
            marks=zones, caption=caption, time=self._sentences.hms(frame.at),
            sentence=self._text("triage.picture.loading") if frame.blob else caption,
        )  # fmt: skip

    def _marks(self, body: FlagBody) -> Marks:
        zones = (zone_from_e4(body.zone_e4, body.zone_name or ""),) if body.zone_e4 else ()
        if self._record is None or body.box_e4 is None:
            return Marks(zones=zones)
        label = self._box_label(self._record, body)
        return Marks(box=box_from_e4(body.box_e4, label, self._record.priority), zones=zones)

    def _box_label(self, record: Record, body: FlagBody) -> str:
        if not body.dwell_s:
            return self._text("triage.box", confidence=confidence(record))
        dwell = self._sentences.span(body.dwell_s)
        return self._text("triage.box.dwell", confidence=confidence(record), dwell=dwell)

    def _draw_strip(self, body: FlagBody) -> None:
        frames = tuple(
            Frame(self._loader.peek(blob_path(one.blob)), self._sentences.hms(one.at))
            for one in body.frames
        )
        self._strip.set_frames(frames)

    def _frame_chosen(self, number: int) -> None:
        body = self._flag()
        if body and number < len(body.frames):
            chosen = body.frames[number]
            is_capture = chosen.blob == body.still
            image = self._loader.peek(blob_path(chosen.blob))
            self._stack.setCurrentIndex(Mode.STILL)
            self._still.set_picture(image, self._marks(body) if is_capture else Marks())

    def _draw_crops(self, body: FlagBody, image: QImage | None) -> None:
        loading = self._text("triage.picture.loading")
        first = body.frames[0] if body.frames else None
        earliest = self._loader.peek(blob_path(first.blob)) if first else None
        if earliest is not None and first is not None:
            time = self._sentences.hms(first.at)
            self._crops["first"].set_picture(earliest, self._text("triage.crop.first"), time)
        elif first is not None:
            self._crops["first"].set_empty(loading)
        if image is None or body.box_e4 is None:
            for name in ("near", "plate"):
                self._crops[name].set_empty(loading)
            return
        at = self._sentences.hms(body.captured_at)
        near = _crop(image, body.box_e4, CROP_GROWTH)
        self._crops["near"].set_picture(near, self._text("triage.crop.near"), at)
        if body.second_frame is not None and body.second_frame.blob:
            self._draw_again(body.second_frame, body.box_e4)
        else:
            self._draw_plate(body, image, at)

    def _draw_again(self, frame: SecondFrame, box: tuple[int, int, int, int]) -> None:
        """The same place in the second picture, beside the close-up of the first."""
        image = self._loader.peek(blob_path(frame.blob))
        if image is None:
            self._crops["plate"].set_empty(self._text("triage.picture.loading"))
            return
        caption, at = self._text("triage.crop.again"), self._sentences.hms(frame.at)
        self._crops["plate"].set_picture(_crop(image, box, CROP_GROWTH), caption, at)

    def _draw_plate(self, body: FlagBody, image: QImage, at: str) -> None:
        if body.plate is None or body.box_e4 is None:
            self._crops["plate"].set_empty(self._text("triage.crop.plate.none"))
            return
        part = _crop(image, _part(body.box_e4, PLATE_PART), 0)
        caption = self._text("triage.crop.plate", plate=pretty_plate(body.plate))
        self._crops["plate"].set_picture(part, caption, at)


def _part(
    box: tuple[int, int, int, int], part: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    return (
        left + round(part[0] * width), top + round(part[1] * height),
        left + round(part[2] * width), top + round(part[3] * height),
    )  # fmt: skip


def _crop(image: QImage, box: tuple[int, int, int, int], growth: float) -> QImage:
    left, top, right, bottom = box
    x_scale, y_scale = image.width() / FULL_E4, image.height() / FULL_E4
    rect = QRect(
        round(left * x_scale), round(top * y_scale),
        max(1, round((right - left) * x_scale)), max(1, round((bottom - top) * y_scale)),
    )  # fmt: skip
    height = round(rect.height() * (1 + 2 * growth))
    width = max(round(rect.width() * (1 + 2 * growth)), round(height * CROP_ASPECT))
    height = max(height, round(width / CROP_ASPECT))
    wide = QRect(0, 0, min(width, image.width()), min(height, image.height()))
    wide.moveCenter(rect.center())
    wide.moveLeft(min(max(0, wide.left()), image.width() - wide.width()))
    wide.moveTop(min(max(0, wide.top()), image.height() - wide.height()))
    return image.copy(wide)


SEEN = ("still", "photos", "frames", "second_frame", "box_e4", "zone_e4", "plate")


def _looks_same(before: Record, after: Record) -> bool:
    """Whether nothing that is drawn has changed: a note does not stop what plays."""
    return all(getattr(before.body, name, None) == getattr(after.body, name, None) for name in SEEN)
