"""Paints rows of the camera tree: sign, number, name, tile, and the word of what is wrong."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from plugins.wall.cameras import Standing
from plugins.wall.tree_model import ROW_ROLE, BranchRow, CameraRow
from ui.theme import (
    Align,
    Density,
    Elide,
    Face,
    Family,
    Ink,
    Weight,
    colour,
    draw_ring,
    draw_text,
    icon_pixmap,
    keycap_width,
    paint_keycap,
    px,
    row_height,
    text_width,
)

ICON_PX = 16
GAP_PX = 8
BAR_PX = 3
CODE_INK = Ink("text2", Face.LABEL, family=Family.MONO)
NAME_INK = Ink("text1", elide=Elide.ElideMiddle)
NOTE_INK = Ink("text2", Face.LABEL)
PLATFORM_INK = Ink("text1", weight=Weight.BOLD)
STREET_INK = Ink("text1")
COUNT_INK = Ink("text3", Face.LABEL)
ICONS = {
    Standing.ONLINE: ("device-cctv", "text2"),
    Standing.FROZEN: ("snowflake", "frozen"),
    Standing.OFFLINE: ("device-cctv-off", "offline"),
    Standing.FAULT: ("alert-triangle", "text2"),
    Standing.NEW: ("device-cctv", "text3"),
    Standing.PLANNED: ("map-pin", "text3"),
    Standing.RETIRED: ("ban", "text3"),
    Standing.UNKNOWN: ("device-cctv", "text3"),
}

State = QStyle.StateFlag
Index = QModelIndex | QPersistentModelIndex


class CameraDelegate(QStyledItemDelegate):
    """One row at a time, from prepared values."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height(Density.COMPACT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, row = QRectF(option.rect), index.data(ROW_ROLE)
        is_selected = bool(option.state & State.State_Selected)
        is_hovered = bool(option.state & State.State_MouseOver)
        whole = QRectF(0, rect.y(), rect.right(), rect.height())
        ground = "sel" if is_selected else "bg3" if is_hovered else "bg1"
        painter.fillRect(whole if is_selected else rect, colour(ground))
        if isinstance(row, BranchRow):
            _paint_branch(painter, rect, row)
        elif isinstance(row, CameraRow):
            _paint_camera(painter, rect, row)
        if is_selected:
            painter.fillRect(QRectF(0, rect.y(), BAR_PX, rect.height()), colour("accent"))
        if option.state & State.State_HasFocus:
            draw_ring(painter, whole.toRect(), colour("focus"))


def _paint_branch(painter: QPainter, rect: QRectF, row: BranchRow) -> None:
    left = rect.x()
    if row.is_platform:
        left = _paint_icon(painter, rect, left, ("server", "text2"))
    count = f"{row.online}/{row.total}"
    right = rect.right() - px(GAP_PX)
    at = QRectF(left, rect.y(), right - left, rect.height())
    draw_text(painter, at, count, COUNT_INK, Align.AlignRight)
    at.setRight(right - text_width(count, COUNT_INK) - px(GAP_PX))
    draw_text(painter, at, row.title, PLATFORM_INK if row.is_platform else STREET_INK)


def _paint_camera(painter: QPainter, rect: QRectF, row: CameraRow) -> None:
    left = _paint_icon(painter, rect, rect.x(), ICONS[row.camera.standing])
    code = QRectF(left, rect.y(), rect.right() - left, rect.height())
    left += draw_text(painter, code, row.camera.code, CODE_INK) + px(GAP_PX)
    right = rect.right() - px(GAP_PX)
    if row.note:
        at = QRectF(left, rect.y(), right - left, rect.height())
        draw_text(painter, at, row.note, NOTE_INK, Align.AlignRight)
        right -= text_width(row.note, NOTE_INK) + px(GAP_PX)
    if row.tile:
        width = keycap_width(row.tile)
        cap = QRectF(right - width, rect.y(), width, rect.height())
        paint_keycap(painter, cap, row.tile)
        right -= width + px(GAP_PX)
    name = QRectF(left, rect.y(), right - left, rect.height())
    draw_text(painter, name, row.camera.name, NAME_INK)


def _paint_icon(painter: QPainter, rect: QRectF, left: float, sign: tuple[str, str]) -> float:
    """The sign at the left; where the text begins."""
    size = px(ICON_PX)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device else 1.0
    top = round(rect.center().y() - size / 2)
    painter.drawPixmap(QPointF(left, top), icon_pixmap(sign[0], sign[1], size, ratio))
    return left + size + px(GAP_PX)
