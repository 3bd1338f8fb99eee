"""Each test starts dressed in the dark theme at scale 1."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui.theme import Theme, ThemeName, theme


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[Theme]:
    theme().apply(qapp, ThemeName.DARK)
    yield theme()
    theme().zoom_reset()
    theme().apply(qapp, ThemeName.DARK)
