"""Ctrl+E: the chosen day as a file, in the form that the name's ending says."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from plugins.tracks.opened import OpenedDay
from ui.start import start
from xiuzhou_desktop.client.tracks import TrackFormat, exported
from xiuzhou_desktop.plugin_api.context import Text


class Exporter(QObject):
    """Asks where to, writes off the UI thread; `done` tells what came of it."""

    done = Signal(str)

    def __init__(self, panel: QWidget, text: Text) -> None:
        super().__init__(panel)
        self._panel, self._text = panel, text

    def ask(self, day: OpenedDay) -> None:
        """Where to; nothing is written when it is put away."""
        dialog = QFileDialog(self._panel, self._text("tracks.export.title"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{form.value.upper()} (*.{form.value})" for form in TrackFormat])
        dialog.selectFile(f"{day.body.plate}-{day.day}.{TrackFormat.GPX.value}")
        dialog.fileSelected.connect(lambda name: self.write(day, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, day: OpenedDay, file: Path) -> None:
        """GPX where the ending says nothing else."""
        start(self._write(day, file), owner=self._panel)

    async def _write(self, day: OpenedDay, file: Path) -> None:
        ending = file.suffix.lower().lstrip(".")
        form = TrackFormat(ending) if ending in set(TrackFormat) else TrackFormat.GPX
        try:
            await asyncio.to_thread(_save, day, file, form)
        except OSError as error:
            self.done.emit(self._text("tracks.export.failed", reason=str(error.strerror)))
            return
        self.done.emit(self._text("tracks.export.done", path=str(file)))


def _save(day: OpenedDay, file: Path, form: TrackFormat) -> None:
    file.write_bytes(exported(day.body.plate, day.track.all, form))
