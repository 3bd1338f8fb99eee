"""Icons in the colours of the theme in force: `icon("cloud-up", "pending")`.

The rendered pictures are kept by colour, so a picture of the old theme is never handed out; a
theme change drops them all. Sizes: 16 in rows, 20 in bars, 24 in the rail.
"""

from enum import IntEnum

from PySide6.QtGui import QGuiApplication, QIcon, QPixmap

from ui.theme.glyphs import render_glyph
from ui.theme.theme import colour


class IconSize(IntEnum):
    ROW = 16
    BAR = 20
    RAIL = 24


def icon_pixmap(
    name: str, token: str, size: int = IconSize.ROW, dpr: float | None = None
) -> QPixmap:
    """The icon in the colour of a token; without a ratio, that of the application."""
    ratio = dpr if dpr is not None else _device_pixel_ratio()
    return render_glyph(name, colour(token).name(), size, ratio)


def icon(name: str, token: str = "text2") -> QIcon:
    """The icon for buttons and menus, with what it looks like disabled and selected."""
    built = QIcon()
    for mode, mode_token in (
        (QIcon.Mode.Normal, token),
        (QIcon.Mode.Disabled, "text3"),
        (QIcon.Mode.Selected, "text1"),
    ):
        for size in IconSize:
            built.addPixmap(icon_pixmap(name, mode_token, size), mode)
    return built


def _device_pixel_ratio() -> float:
    running = QGuiApplication.instance()
    return running.devicePixelRatio() if isinstance(running, QGuiApplication) else 1.0
