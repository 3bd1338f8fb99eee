"""The look: colours, type, icons, marks and chips of the theme in force."""

from ui.theme.chips import (
    Chip,
    ChipState,
    chip_width,
    keycap_width,
    paint_chip,
    paint_hatch,
    paint_keycap,
    paint_plate,
    plate_width,
)
from ui.theme.chosen import fill_chosen
from ui.theme.icons import IconSize, icon, icon_pixmap
from ui.theme.marks import MARK_PX, MarkFill, mark_path, mark_pixmap, paint_mark
from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import (
    Align,
    Elide,
    Ink,
    draw_text,
    draw_wrapped,
    line_height,
    text_width,
    wrapped_height,
)
from ui.theme.theme import Theme, colour, font, mono, px, row_height, theme
from ui.theme.tokens import ThemeName, Tokens
from ui.theme.type import Density, Face, Family, Weight

__all__ = [
    "MARK_PX",
    "Align",
    "Chip",
    "ChipState",
    "Density",
    "Elide",
    "Face",
    "Family",
    "IconSize",
    "Ink",
    "MarkFill",
    "Theme",
    "ThemeName",
    "Tokens",
    "Weight",
    "chip_width",
    "colour",
    "draw_ring",
    "draw_text",
    "draw_wrapped",
    "fill_chosen",
    "font",
    "has_keyboard_focus",
    "icon",
    "icon_pixmap",
    "keycap_width",
    "line_height",
    "mark_path",
    "mark_pixmap",
    "mono",
    "paint_chip",
    "paint_hatch",
    "paint_keycap",
    "paint_mark",
    "paint_plate",
    "plate_width",
    "px",
    "row_height",
    "text_width",
    "theme",
    "wrapped_height",
]
