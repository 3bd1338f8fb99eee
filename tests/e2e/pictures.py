"""Pictures of the product as the screen shows it, in both themes and both sizes.

Each is taken once the screen has stopped moving: two looks in a row that are equal.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.hands import leave_hover
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName

SIZES = ((1920, 1080), (1366, 768))
Look = tuple[ThemeName, tuple[int, int]]
EVERY_LOOK = tuple((name, size) for name in ThemeName for size in SIZES)
MANUAL_LOOKS = ((ThemeName.DARK, SIZES[-1]),)
LOOK_EVERY_S = 0.08
MOST_LOOKS = 25  # a playing clip never stands still

Act = Callable[[], Awaitable[object] | object]


def nothing() -> None:
    """A view that needs nothing to be opened or closed."""


class Pictures:
    """Writes build/screens/{dark,light}/{1920x1080,1366x768}/<view>.png, or some of these."""

    def __init__(self, folder: Path, looks: tuple[Look, ...] = EVERY_LOOK) -> None:
        self.folder = folder
        self._looks = looks
        self.taken: set[str] = set()
        shutil.rmtree(folder, ignore_errors=True)

    async def take(
        self, view: str, window: QWidget, show: Act = nothing, hide: Act = nothing
    ) -> None:
        """Show a view in every theme and size and keep its pictures; then as it was before."""
        before_size, before_theme = window.size(), theme().name
        for name, size in self._looks:
            _dress(name)
            _place(window, size)
            await _stand_still()
            await _do(show)
            await self._keep(view, name, size)
            await _do(hide)
        _dress(before_theme)
        window.resize(before_size)
        await _stand_still()
        self.taken.add(view)

    async def take_small(self, view: str, window: QWidget) -> None:
        """A window with a size of its own, such as the one for signing in."""
        before = theme().name
        for name, size in self._looks:
            _dress(name)
            window.move(QPoint(*size) / 2 - window.rect().center())
            await self._keep(view, name, size)
        _dress(before)
        self.taken.add(view)

    def keep_failure(self, number: int) -> None:
        """The screen at the moment at which a step failed."""
        folder = self.folder / "failed"
        folder.mkdir(parents=True, exist_ok=True)
        _look(None).save(str(folder / f"{number:02d}.png"))

    async def _keep(self, view: str, name: ThemeName, size: tuple[int, int]) -> None:
        leave_hover()
        picture = await _stand_still(QRect(QPoint(0, 0), QPoint(size[0] - 1, size[1] - 1)))
        path = self.folder / name.value / f"{size[0]}x{size[1]}" / f"{view}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(path)):
            raise OSError(f"not written: {path}")


class NoPictures(Pictures):
    """Shows every view once and keeps nothing but the screens of failed steps."""

    async def take(
        self, view: str, window: QWidget, show: Act = nothing, hide: Act = nothing
    ) -> None:
        await _do(show)
        await _do(hide)
        self.taken.add(view)

    async def take_small(self, view: str, window: QWidget) -> None:
        self.taken.add(view)


def _dress(name: ThemeName) -> None:
    qt = QApplication.instance()
    if isinstance(qt, QApplication) and theme().name is not name:
        theme().apply(qt, name)


def _place(window: QWidget, size: tuple[int, int]) -> None:
    window.showNormal()
    window.move(0, 0)
    window.resize(*size)


async def _do(act: Act) -> None:
    done = act()
    if done is not None:
        await done  # type: ignore[misc]  # an act is a coroutine or gives nothing


async def _stand_still(area: QRect | None = None) -> QImage:
    last = _look(area)
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(LOOK_EVERY_S)
        now = _look(area)
        if now == last:
            return now
        last = now
    return last


def _look(area: QRect | None) -> QImage:
    screen = QGuiApplication.primaryScreen()
    at = area or screen.geometry()
    shot = screen.grabWindow(0, at.x(), at.y(), at.width(), at.height())
    return shot.toImage()
