"""The look in force: which tokens, at which scale, and the one signal that tells of a change.

    theme().apply(app, ThemeName.DARK)   style, colour scheme, palette, font, one style sheet
    theme().zoom_in()                    the same at the next scale; `changed` follows either

Like QApplication.palette() this is a property of the application: a widget that paints asks
`colour()` and `font()` while it paints, and Qt sends it a style change whenever the answer
differs. What keeps pictures or laid-out text listens to `changed`.
"""

from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from ui.theme.glyphs import clear_glyphs
from ui.theme.palette import build_palette
from ui.theme.sheet import build_sheet
from ui.theme.style import CommandStyle
from ui.theme.tokens import TOKENS, ThemeName, Tokens
from ui.theme.type import Density, Face, Family, Weight, build_font, next_scale, scaled

SCHEMES = {
    ThemeName.DARK: Qt.ColorScheme.Dark,
    ThemeName.LIGHT: Qt.ColorScheme.Light,
}
# State changes are instant: what Qt would fade or roll.
MOTION = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


class Theme(QObject):
    """The theme and scale in force."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = ThemeName.DARK
        self._scale = 1.0
        self._app: QApplication | None = None
        self._style: CommandStyle | None = None

    @property
    def name(self) -> ThemeName:
        return self._name

    @property
    def tokens(self) -> Tokens:
        return TOKENS[self._name]

    @property
    def scale(self) -> float:
        return self._scale

    def apply(self, app: QApplication, name: ThemeName) -> None:
        """Dress the application; every open window follows."""
        if self._app is not app:
            self._style = CommandStyle()
            app.setStyle(self._style)
            self._still(app)
            self._app = app
        self._name = name
        app.styleHints().setColorScheme(SCHEMES[name])
        self._dress()

    def set_scale(self, scale: float) -> None:
        """Scale type and rows, 0.9 to 1.5."""
        self._scale = next_scale(scale, 0)
        self._dress()

    def zoom_in(self) -> None:
        self.set_scale(next_scale(self._scale, +1))

    def zoom_out(self) -> None:
        self.set_scale(next_scale(self._scale, -1))

    def zoom_reset(self) -> None:
        self.set_scale(1.0)

    def _still(self, app: QApplication) -> None:
        for effect in MOTION:
            app.setEffectEnabled(effect, False)

    def _dress(self) -> None:
        if self._app is None or self._style is None:
            return
        self._style.ring = colour("focus")
        clear_glyphs()
        self._app.setFont(font(Face.BODY))
        self._app.setPalette(build_palette(self.tokens))
        self._app.setStyleSheet(build_sheet(self.tokens, self._scale))
        self.changed.emit()


@lru_cache(maxsize=1)
def theme() -> Theme:
    """The one theme of the application."""
    return Theme()


@lru_cache(maxsize=128)
def _colour(value: str) -> QColor:
    return QColor(value)


def colour(token: str) -> QColor:
    """The colour of a token in the theme in force."""
    return _colour(getattr(theme().tokens, token))


def font(face: Face = Face.BODY, weight: Weight = Weight.REGULAR) -> QFont:
    return build_font(face, weight, theme().scale)


def mono(face: Face = Face.LABEL, weight: Weight = Weight.REGULAR) -> QFont:
    """For ids and hashes."""
    return build_font(face, weight, theme().scale, Family.MONO)


def px(length: float) -> int:
    """A measure of the design at the scale in force."""
    return scaled(length, theme().scale)


def row_height(density: Density = Density.DENSE) -> int:
    return px(int(density))
