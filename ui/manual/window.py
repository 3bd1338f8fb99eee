"""Shift+F1: the chapter of the panel in front, in a window beside it; links lead on, Esc closes.

It needs neither network nor browser. Chapters are rendered beside the UI thread.
"""

import asyncio
import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from ui.manual.pages import FOLDER, page_of, place_of
from ui.start import start
from ui.theme.page_css import page_css
from ui.theme.theme import px, theme

logger = logging.getLogger(__name__)

SIZE_PX = (960, 720)
MARGIN_PX = 24
OUTSIDE = ("https", "http", "mailto")


class ManualWindow(QDialog):
    """One window for the whole manual. `where` tells the place that belongs to what is in front."""

    def __init__(self, title: str, where: Callable[[], str | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._where = where
        self.at: tuple[str, str] | None = None  # chapter and heading on show
        self.setWindowTitle(title)
        self.resize(px(SIZE_PX[0]), px(SIZE_PX[1]))
        self.page = Page(self)
        self.page.setAccessibleName(title)
        self.page.anchorClicked.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        theme().changed.connect(self._dress_again)

    def toggle(self) -> None:
        """Open at the place of what is in front, or close."""
        if self.isVisible():
            self.close()
            return
        self.go_to(self._where())
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, manual: str | None) -> None:
        """Show `chapter#heading`."""
        start(self._show_place(*place_of(manual)), owner=self)

    async def _show_place(self, chapter: str, heading: str) -> None:
        if self.at is None or self.at[0] != chapter:
            body = await asyncio.to_thread(page_of, chapter)
            self.page.show_body(body)
        self.at = (chapter, heading)
        if heading:
            self.page.scrollToAnchor(heading)
        else:
            self.page.verticalScrollBar().setValue(0)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() in OUTSIDE:
            QDesktopServices.openUrl(url)
            return
        chapter = url.path().removesuffix(".html") or (self.at[0] if self.at else "")
        self.go_to(f"{chapter}#{url.fragment(QUrl.ComponentFormattingOption.FullyDecoded)}")

    def _dress_again(self) -> None:
        at, self.at = self.at, None
        if at is not None and self.isVisible():
            start(self._show_place(*at), owner=self)


class Page(QTextBrowser):
    """A chapter; pictures are as wide as the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setSearchPaths([str(FOLDER)])
        self.document().setDocumentMargin(px(MARGIN_PX))

    def show_body(self, body: str) -> None:
        """Lay out a chapter's HTML in the theme in force."""
        self.document().setDefaultStyleSheet(page_css(theme().tokens))
        self.setHtml(body)

    def loadResource(self, kind: int, name: QUrl) -> object:  # noqa: N802 - Qt's name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        picture = QImage(str(FOLDER / name.path()))
        room = self.viewport().width() - 2 * px(MARGIN_PX)
        if picture.width() <= room:
            return picture
        return picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
