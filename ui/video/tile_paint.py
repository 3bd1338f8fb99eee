"""How the parts of a tile are painted: picture, words over it, frozen band, caption line."""

from __future__ import annotations

from enum import Enum

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ui.theme import (
    Align,
    Elide,
    Face,
    Family,
    Ink,
    Weight,
    colour,
    draw_text,
    icon_pixmap,
    keycap_width,
    paint_keycap,
    text_width,
)
from ui.theme import px as scaled_px
from ui.video.marks import ON_PICTURE
from ui.video.sentences import Text, TileSays

BAND_PX = 32
PAD_PX = 8
LINE_PX = 26
ICON_PX = 20
OVER_GROUND_ALPHA = 238
HALF_ALPHA = 115  # 45 % of the ground over the last picture
GREY_ALPHA = 153  # the last picture stays at 40 %

NEWS = Ink("text1", Face.BODY, Weight.BOLD)
MORE = Ink("text1", Face.BODY)
REMARK = Ink("text2", Face.LABEL)
CAPTION_CODE = Ink("text2", Face.LABEL, family=Family.MONO)
CAPTION_NAME = Ink("text1", Face.LABEL, elide=Elide.ElideMiddle)
CAPTION_NOTE = Ink("text2", Face.LABEL)
BAND_INK = Ink("frozen_text", Face.BODY, Weight.BOLD)


class TileCaption(msgspec.Struct, frozen=True, kw_only=True):
    """The caption line: tile number (empty: none), the camera's short number, its name, and at the
    right which other tiles show it, and what the picture is while all is well (实时 · 主码流)."""

    number: str = ""
    code: str = ""
    name: str = ""
    twins: str = ""
    note: str = ""


class Dimming(Enum):
    NONE = "none"
    HALF = "half"
    GREY = "grey"


def paint_picture(
    painter: QPainter, image: QImage | None, at: QRectF, visible: QRectF, dimming: Dimming
) -> None:
    """The picture at its place; the last one of a lost camera darker, of an offline one grey."""
    if image is None:
        return
    painter.save()
    painter.setClipRect(visible)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shown = image
    if dimming is Dimming.GREY:
        shown = image.convertToFormat(QImage.Format.Format_Grayscale8)
    painter.drawImage(at, shown)
    if dimming is not Dimming.NONE:
        ground = QColor(ON_PICTURE.bg0)
        ground.setAlpha(GREY_ALPHA if dimming is Dimming.GREY else HALF_ALPHA)
        painter.fillRect(visible, ground)
    painter.restore()


def paint_over(painter: QPainter, area: QRectF, says: TileSays, text: Text) -> None:
    """The sentences in the middle, on a ground of their own to be read on any picture."""
    if not says.over:
        return
    retry = text("media.retry") if says.offers_retry else ""
    inks = (NEWS, MORE, REMARK)
    retry_width = _retry_width(retry)
    width = max(text_width(line, inks[min(number, 2)]) for number, line in enumerate(says.over))
    width = min(area.width(), max(width, retry_width) + 4 * PAD_PX)
    line_px = scaled_px(LINE_PX)
    lines = len(says.over) + bool(retry)
    block = QRectF(0, 0, width, lines * line_px + 2 * PAD_PX)
    block.moveCenter(area.center())
    _fill(painter, block, "bg0")
    line = QRectF(block.left() + PAD_PX, block.top() + PAD_PX, width - 2 * PAD_PX, line_px)
    for number, sentence in enumerate(says.over):
        draw_text(painter, line, sentence, inks[min(number, 2)], Align.AlignHCenter)
        line.translate(0, line_px)
    if retry:
        _paint_retry(painter, line, retry)


def _fill(painter: QPainter, rect: QRectF, token: str) -> None:
    ground = colour(token)
    ground = QColor(ground)
    ground.setAlpha(OVER_GROUND_ALPHA)
    painter.fillRect(rect, ground)


def _retry_width(retry: str) -> float:
    return keycap_width("F5") + PAD_PX + text_width(retry, REMARK) if retry else 0.0


def _paint_retry(painter: QPainter, line: QRectF, retry: str) -> None:
    left = line.center().x() - _retry_width(retry) / 2
    cap = QRectF(left, line.top(), keycap_width("F5"), line.height())
    paint_keycap(painter, cap, "F5")
    words = QRectF(cap.right() + PAD_PX, line.top(), line.right() - cap.right(), line.height())
    draw_text(painter, words, retry, REMARK)


def paint_band(painter: QPainter, area: QRectF, says: TileSays) -> None:
    """The violet band of a frozen picture: snowflake and age, along the lower edge."""
    if not says.band:
        return
    height = scaled_px(BAND_PX)
    rect = QRectF(area.left(), area.bottom() - height, area.width(), height)
    painter.fillRect(rect, colour("frozen_band"))
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 2), QColor(ON_PICTURE.frozen))
    side = scaled_px(ICON_PX)
    at = QRectF(rect.left() + PAD_PX, rect.center().y() - side / 2, side, side)
    painter.drawPixmap(at.toRect(), icon_pixmap("snowflake", "frozen_text", side))
    words = rect.adjusted(2 * PAD_PX + side, 0, -PAD_PX, 0)
    fits = text_width(says.band, BAND_INK) <= words.width()
    draw_text(painter, words, says.band if fits else says.brief, BAND_INK)


def paint_caption(painter: QPainter, line: QRectF, caption: TileCaption, right: str) -> None:
    """Number, code and name at the left, what the picture is at the right."""
    right = " · ".join(part for part in (caption.twins, right) if part)
    painter.fillRect(line, colour("bg1"))
    inner = line.adjusted(PAD_PX, 0, -PAD_PX, 0)
    draw_text(painter, inner, right, CAPTION_NOTE, Align.AlignRight)
    inner.setRight(inner.right() - text_width(right, CAPTION_NOTE) - PAD_PX)
    if caption.number:
        cap = QRectF(inner.left(), inner.top(), keycap_width(caption.number), inner.height())
        paint_keycap(painter, cap, caption.number)
        inner.setLeft(cap.right() + PAD_PX)
    if caption.code:
        draw_text(painter, inner, caption.code, CAPTION_CODE)
        inner.setLeft(inner.left() + text_width(caption.code, CAPTION_CODE) + PAD_PX)
    draw_text(painter, inner, caption.name, CAPTION_NAME)
    painter.setPen(Qt.PenStyle.NoPen)
