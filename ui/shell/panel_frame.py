"""The frame of one panel: imports it when first shown, gives it its context, and stands between its
failure and the rest.

    empty ──first shown──► panel ──raises──► error card ──F5──► panel

In the past it wears a border and a band with the instant, and its engine refuses every act.
"""

import logging
import traceback
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.records.panel_header import PanelHeader
from ui.shell.error_card import ErrorCard, error_code, manifest_sentence
from ui.shell.panel_time import PanelTime
from ui.shell.past_guard import PastGuard
from ui.shell.status_texts import data_age
from ui.shell.window_store import PanelSettings
from ui.shell.workplace import Workplace
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import AWAKE, PanelContext
from xiuzhou_desktop.plugin_api.discovery import Found, forget_code, load_entry
from xiuzhou_desktop.plugin_api.manifest import ClockUse
from xiuzhou_desktop.text.catalogue import Catalogue

logger = logging.getLogger(__name__)


@runtime_checkable
class Keeps(Protocol):
    """A panel that has something to be restored."""

    def save(self) -> Json: ...

    def restore(self, state: Json) -> None: ...


@runtime_checkable
class ShutsDown(Protocol):
    """A panel with an end of its own."""

    def shut_down(self) -> None: ...


class PanelFrame(QFrame):
    """One panel, or the card in its place."""

    unseen_changed = Signal(str, int, int)  # panel, count, most urgent priority or 0
    tear_off_wanted = Signal()
    loading = Signal(str)  # before foreign code runs: named, in case it takes the process with it
    loaded = Signal(str)

    def __init__(self, found: Found, place: Workplace) -> None:
        super().__init__()
        self.found = found
        self._place = place
        self._settings = PanelSettings(place.store, found.id)
        self._panel: QWidget | None = None
        self._card: ErrorCard | None = None
        self._header: PanelHeader | None = None
        self._is_skipped = False
        self._state: Json = None
        self.setObjectName(f"frame.{found.id}")
        self.setProperty("surface", "panel")
        self.text = _text_of(found, place.text)
        self.setAccessibleName(self.title)
        use = found.manifest.view_clock if found.manifest else ClockUse.LIVE
        self.time = PanelTime(self, place, use)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.time.band)
        self.time.show()

    @property
    def title(self) -> str:
        """The panel's name in the window's language."""
        return _title(self.found, self.text)

    @property
    def short_title(self) -> str:
        manifest = self.found.manifest
        if manifest is None or manifest.short is None:
            return self.title
        return self.text(manifest.short) if self.text.has(manifest.short) else manifest.short

    @property
    def panel(self) -> QWidget | None:
        return self._panel

    def skip_once(self) -> None:
        """A safe start leaves this panel out until a person asks for it."""
        self._is_skipped = True

    def set_state(self, state: Json) -> None:
        """What the panel saved last time in this workspace."""
        self._state = state
        if isinstance(self._panel, Keeps) and state is not None:
            self._panel.restore(state)

    def state(self) -> Json:
        return self._panel.save() if isinstance(self._panel, Keeps) else self._state

    def wake(self) -> None:
        """At the start, though another panel is in front: one that wanted to stand then."""
        if self._settings.read(AWAKE) is True:
            self.load()

    def load(self) -> None:
        """Import and build the panel, unless it stands already."""
        if self._panel is not None or self._card is not None:
            return
        if self.found.error is not None:
            sentence = manifest_sentence(self.found.name, self.found.error, self._place.text)
            logger.error("panel manifest refused", extra={"panel": self.found.name})
            self._show_card(sentence, "")
        elif self._is_skipped:
            self._is_skipped = False
            self._show_card(self._place.text("plugin.skipped", title=self.title), "")
        else:
            self._build()

    def retry(self) -> None:
        """From the card: read the code again."""
        self._take_down()
        if self.found.error is None:
            forget_code(self.found)
        self.load()
        self.focus_panel()

    def show_defect(self, error: BaseException) -> None:
        """The panel has raised: log it once with its trace, and put the card in its place."""
        trace = "".join(traceback.format_exception(error))
        code = error_code(trace)
        logger.error("panel stopped", exc_info=error, extra={"panel": self.found.id, "code": code})
        self._take_down()
        self._show_card(self._place.text("plugin.failed", title=self.title), code)

    def tick(self) -> None:
        """Once a second: the age of the data in the panel's head, the instant of the past."""
        self.time.show()
        if self._header is not None:
            sentence, is_stale = data_age(
                self._place.engine.link, self._place.clock.now(), self._place.text
            )
            self._header.set_age(sentence, sentence if is_stale else None)

    def focus_panel(self) -> None:
        inner = self._panel or self._card
        if inner is None:
            return
        remembered = inner.focusWidget()
        target = remembered or _first_focus(inner)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut_down(self) -> None:
        """Before the window closes."""
        if isinstance(self._panel, ShutsDown):
            self._panel.shut_down()

    def _build(self) -> None:
        self.loading.emit(self.found.id)
        try:
            panel = load_entry(self.found)(self._context())
        except Exception as error:  # noqa: BLE001 - the panel host (style.md rule 26)
            self.show_defect(error)
            return
        finally:
            self.loaded.emit(self.found.id)
        if not isinstance(panel, QWidget):
            self.show_defect(TypeError(f"{self.found.id} made a {type(panel).__name__}"))
            return
        self._take(panel)

    def _take(self, panel: QWidget) -> None:
        self._panel = panel
        self._column.addWidget(panel)
        self._header = panel.findChild(PanelHeader)
        if self._header is not None:
            self._header.tear_off_wanted.connect(self.tear_off_wanted)
        unseen = getattr(panel, "unseen_changed", None)
        if unseen is not None:
            unseen.connect(self._tell_unseen)
        self.set_state(self._state)
        self.tick()

    def _tell_unseen(self, count: int, priority: int) -> None:
        self.unseen_changed.emit(self.found.id, count, priority)

    def _context(self) -> PanelContext:
        return PanelContext(
            engine=PastGuard(self._place.engine, self.time.clock),
            clock=self.time.clock,
            selection=self._place.selection,
            actions=self._place.actions.region(self, self.text),
            text=self.text,
            store=self._settings,
            media=self._place.around.media,
        )

    def _show_card(self, sentence: str, code: str) -> None:
        self._card = ErrorCard(sentence, code, self._place)
        self._card.retry_wanted.connect(self.retry)
        self._column.addWidget(self._card)
        if self.isVisible():
            self._card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_down(self) -> None:
        self.shut_down()
        self._place.actions.clear(self)
        for widget in (self._panel, self._card):
            if widget is not None:
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._panel, self._card, self._header = None, None, None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()


def _text_of(found: Found, shell: Catalogue) -> Catalogue:
    folders = (found.folder, found.folder / "text")
    return Catalogue(shell.language, folders)


def _title(found: Found, text: Catalogue) -> str:
    if found.manifest is None:
        return found.name
    title = found.manifest.title
    if isinstance(title, dict):
        return title[text.language]
    return text(title) if text.has(title) else title


def _first_focus(inner: QWidget) -> QWidget:
    """Where the panel wants the focus, else the first child that takes it by keyboard."""
    if inner.focusProxy() is not None:
        return inner
    for child in inner.findChildren(QWidget):
        if child.focusPolicy() == Qt.FocusPolicy.StrongFocus and child.isVisibleTo(inner):
            return child
    return inner
