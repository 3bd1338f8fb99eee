"""Text as painted by rows and small widgets: laid out once, kept, drawn again for nothing.

An `Ink` says how a run looks; `draw_text` puts it into a rectangle, vertically centred, elided
when it does not fit.
"""

import re
from functools import lru_cache

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QStaticText

from ui.theme.theme import colour, theme
from ui.theme.type import Face, Family, Weight, build_font

KEPT_RUNS = 4096
UNLIMITED = -1
ENDLESS = 100_000
WRAP = int(Qt.TextFlag.TextWordWrap)
A_UNIT = re.compile(r"(?<=\d) (?=(?:km/h|km|m|s|min|h|MB|KB)\b|[时分秒米天])")
NO_BREAK_SPACE, WORD_JOINER = "\u00a0", "\u2060"

Align = Qt.AlignmentFlag
Elide = Qt.TextElideMode


class Ink(msgspec.Struct, frozen=True):
    """How a run of text looks: colour token, face, weight, where it may be cut, family."""

    tone: str = "text1"
    face: Face = Face.BODY
    weight: Weight = Weight.REGULAR
    elide: Qt.TextElideMode = Elide.ElideRight
    family: Family = Family.SANS


class _Setting(msgspec.Struct, frozen=True):
    """What of an ink changes the glyphs, so that two tones share one layout."""

    face: Face
    weight: Weight
    family: Family
    elide: Qt.TextElideMode
    scale: float


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    ink: Ink,
    align: Qt.AlignmentFlag = Align.AlignLeft,
) -> float:
    """Draw one line and return its width."""
    if not text:
        return 0.0
    setting = _setting(ink)
    run, size = _layout(text, setting, int(rect.width()))
    painter.setFont(build_font(ink.face, ink.weight, setting.scale, ink.family))
    painter.setPen(colour(ink.tone))
    painter.drawStaticText(_origin(rect, size, align), run)
    return size.width()


def draw_wrapped(painter: QPainter, rect: QRectF, text: str, ink: Ink) -> None:
    """Draw as many lines as fit, broken between words, never between a figure and its unit."""
    painter.setFont(build_font(ink.face, ink.weight, theme().scale, ink.family))
    painter.setPen(colour(ink.tone))
    painter.drawText(rect, WRAP, kept_together(text))


def wrapped_height(text: str, width: float, ink: Ink) -> float:
    """The height of a run broken at a width."""
    metrics = QFontMetricsF(build_font(ink.face, ink.weight, theme().scale, ink.family))
    return metrics.boundingRect(QRectF(0, 0, width, ENDLESS), WRAP, kept_together(text)).height()


@lru_cache(maxsize=KEPT_RUNS)
def kept_together(text: str) -> str:
    """The same words, with no place for a line to end inside a figure with its unit."""
    return A_UNIT.sub(NO_BREAK_SPACE, text).replace("km/h", f"km/{WORD_JOINER}h")


def text_width(text: str, ink: Ink) -> float:
    """The width of a run that is not cut."""
    return _layout(text, _setting(ink), UNLIMITED)[1].width() if text else 0.0


def line_height(ink: Ink) -> float:
    return _layout("国", _setting(ink), UNLIMITED)[1].height()


def _setting(ink: Ink) -> _Setting:
    return _shared_setting(ink, theme().scale)


@lru_cache(maxsize=256)
def _shared_setting(ink: Ink, scale: float) -> _Setting:
    return _Setting(ink.face, ink.weight, ink.family, ink.elide, scale)


@lru_cache(maxsize=KEPT_RUNS)
def _layout(text: str, setting: _Setting, width: int) -> tuple[QStaticText, QSizeF]:
    font = build_font(setting.face, setting.weight, setting.scale, setting.family)
    shown = text
    if width != UNLIMITED:
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) > width:
            shown = metrics.elidedText(text, setting.elide, width)
    run = QStaticText(shown)
    run.setTextFormat(Qt.TextFormat.PlainText)
    run.prepare(font=font)
    return run, run.size()


def _origin(rect: QRectF, size: QSizeF, align: Qt.AlignmentFlag) -> QPointF:
    y = rect.y() + (rect.height() - size.height()) / 2
    if align == Align.AlignRight:
        return QPointF(rect.right() - size.width(), y)
    if align == Align.AlignHCenter:
        return QPointF(rect.x() + (rect.width() - size.width()) / 2, y)
    return QPointF(rect.x(), y)
