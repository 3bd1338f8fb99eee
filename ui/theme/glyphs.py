"""Reads an icon of resources/icons, paints it in one colour and keeps the picture."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
STROKE_WIDTH = 'stroke-width="2"'
THIN_STROKE_WIDTH = 'stroke-width="1.75"'


class UnknownIcon(KeyError):
    """No such file in resources/icons: copy the icon there, or mend the name."""


def icon_names() -> list[str]:
    return sorted(path.stem for path in ICON_FOLDER.glob("*.svg"))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    path = ICON_FOLDER / f"{name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise UnknownIcon(name) from missing


@lru_cache(maxsize=1024)
def render_glyph(name: str, colour: str, size: int, dpr: float) -> QPixmap:
    """The icon as a square picture, `size` device-independent px wide."""
    svg = _source(name).replace("currentColor", colour).replace(STROKE_WIDTH, THIN_STROKE_WIDTH)
    device_px = max(1, round(size * dpr))
    pixmap = QPixmap(device_px, device_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, device_px, device_px))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def clear_glyphs() -> None:
    render_glyph.cache_clear()
