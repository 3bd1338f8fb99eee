"""Applying a theme: palette, sheet, type, icons and marks follow it."""

import re

import pytest
from PySide6.QtGui import QColor, QImage, QPalette, QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme import (
    Face,
    MarkFill,
    Theme,
    ThemeName,
    colour,
    font,
    icon_pixmap,
    mark_pixmap,
    row_height,
    theme,
)
from ui.theme.glyphs import ICON_FOLDER, UnknownIcon, icon_names
from ui.theme.sheet import build_sheet
from ui.theme.textrun import kept_together
from ui.theme.tokens import DARK, LIGHT

Role = QPalette.ColorRole
Group = QPalette.ColorGroup


def grey_levels(image: QImage) -> list[int]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return [
        QColor(grey.pixel(x, y)).red() for y in range(grey.height()) for x in range(grey.width())
    ]


def ink_of_mark(priority: int) -> int:
    """How many pixels of a mark are of its bright colour rather than of the ground."""
    image = mark_pixmap(priority, 40).toImage()
    ground = QColor(DARK.bg1).lightness()
    return sum(
        QColor.fromRgba(image.pixel(x, y)).lightness() > ground + 60
        and QColor.fromRgba(image.pixel(x, y)).alpha() > 128
        for y in range(40)
        for x in range(40)
    )


def test_a_theme_change_is_told_once_and_repaints_palette_and_icons(
    qapp: QApplication, qtbot: QtBot, dark: Theme
) -> None:
    told = []
    dark.changed.connect(lambda: told.append(dark.name))
    before = icon_pixmap("cloud-up", "pending").toImage()

    dark.apply(qapp, ThemeName.LIGHT)

    assert told == [ThemeName.LIGHT]
    assert qapp.palette().color(Role.Window).name().upper() == LIGHT.bg1
    assert icon_pixmap("cloud-up", "pending").toImage() != before


def test_only_the_front_window_has_a_filled_primary(qapp: QApplication, dark: Theme) -> None:
    palette = qapp.palette()

    assert palette.color(Group.Active, Role.Accent).name().upper() == DARK.primary
    assert palette.color(Group.Inactive, Role.Accent).name().upper() == DARK.bg2


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_the_sheet_holds_no_colour_but_the_tokens(tokens: object) -> None:
    sheet = build_sheet(tokens, 1.0)  # type: ignore[arg-type]  # a Tokens
    allowed = {value for value in tokens.__struct_fields__ for value in [getattr(tokens, value)]}

    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= allowed
    assert "$" not in sheet


def test_type_and_rows_grow_together_and_never_below_twelve(dark: Theme) -> None:
    assert (font(Face.BODY).pixelSize(), row_height()) == (14, 32)

    dark.set_scale(0.9)
    assert font(Face.LABEL).pixelSize() == 12

    dark.set_scale(1.5)
    assert (font(Face.BODY).pixelSize(), row_height()) == (21, 48)

    dark.zoom_in()
    assert dark.scale == 1.5


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_a_figure_is_never_parted_from_its_unit(dark: Theme, width: int) -> None:
    lines = QTextLayout(kept_together("最高 58 km/h,持续 12 秒 · 限速 50 km/h"), font(Face.LABEL))
    lines.beginLayout()
    while (line := lines.createLine()).isValid():
        line.setLineWidth(width)
        read = lines.text()[line.textStart() : line.textStart() + line.textLength()]
        assert not read.rstrip().endswith(("58", "12", "50", "km/"))
    lines.endLayout()


def test_every_icon_takes_the_colour_of_its_token(dark: Theme) -> None:
    for name in icon_names():
        assert "currentColor" in (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8"), name
    drawn = icon_pixmap("circle-x", "refused", 24).toImage()
    solid = {drawn.pixelColor(x, y).name() for x in range(24) for y in range(24)
             if drawn.pixelColor(x, y).alpha() == 255}  # fmt: skip

    assert solid == {colour("refused").name()}


def test_an_icon_that_is_not_there_is_a_defect(dark: Theme) -> None:
    with pytest.raises(UnknownIcon):
        icon_pixmap("no-such-icon", "text2")


@pytest.mark.parametrize("name", list(ThemeName))
def test_the_four_marks_are_told_apart_in_grey(
    qapp: QApplication, dark: Theme, name: ThemeName
) -> None:
    dark.apply(qapp, name)
    grey = [grey_levels(mark_pixmap(priority, 20).toImage()) for priority in (1, 2, 3, 4)]

    for one in range(4):
        for other in range(one):
            differing = sum(abs(a - b) > 40 for a, b in zip(grey[one], grey[other], strict=True))
            assert differing > 40, (one + 1, other + 1)


def test_the_amount_of_ink_rises_with_urgency(dark: Theme) -> None:
    assert ink_of_mark(1) > ink_of_mark(2) > max(ink_of_mark(3), ink_of_mark(4))


def test_a_hollow_mark_is_its_outline(dark: Theme) -> None:
    filled = mark_pixmap(1, 20).toImage()
    hollow = mark_pixmap(1, 20, fill=MarkFill.HOLLOW).toImage()

    assert filled != hollow
    assert hollow.pixelColor(4, 10).name() == theme().tokens.bg1.lower()
