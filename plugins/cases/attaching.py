"""A file becomes evidence of a case: chosen, kept on this workstation, recorded with its hash.

Ctrl+U ─► file ─► engine.attach (durable, offline too) ─► form ─► `announce`: the case goes on
                                        └─► sent when the line permits ─► `arrive`, then `review`
"""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from plugins.cases.acting import Acting
from ui.records import Sentences, Spoken
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import PanelContext

TITLE_LENGTH = 200


class Attaching(QObject):
    """Files for one panel's cases."""

    refused = Signal(object)  # Spoken

    def __init__(self, panel: QWidget, context: PanelContext, acting: Acting) -> None:
        super().__init__(panel)
        self._panel, self._context, self._acting = panel, context, acting
        self._sentences = Sentences(context.text)
        self._case: RecordId | None = None
        self._dialog = QFileDialog(panel, context.text("cases.attach"))
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._dialog.setNameFilter(context.text("cases.attach.files"))
        self._dialog.fileSelected.connect(self._chosen)

    def ask(self, case: RecordId) -> None:
        """Let a person choose the file."""
        self._case = case
        self._dialog.open()

    def take(self, case: RecordId, file: Path) -> None:
        """That file, as if it had been chosen."""
        start(self._take(case, file), owner=self._panel)

    def _chosen(self, file: str) -> None:
        if self._case is not None:
            self.take(self._case, Path(file))

    async def _take(self, case: RecordId, file: Path) -> None:
        try:
            blob = await self._context.engine.attach(file, file.name)
        except OSError:
            self.refused.emit(Spoken(text=self._context.text("cases.attach.unread")))
            return
        except ClientError as error:
            self.refused.emit(self._sentences.refusal(error.problem()))
            return
        values: dict[str, Json] = {
            "awaited": blob.removeprefix("sha256:"), "case": case,
            "workstation": self._context.engine.signed.workstation,
            "title": file.stem[:TITLE_LENGTH],
            "captured_at": format_instant(self._context.clock.now()),
        }  # fmt: skip
        self._acting.make(Kind.EVIDENCE, "announce", values)
