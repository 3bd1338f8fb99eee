"""The editor of a file or several: chosen from the disk, kept by the engine at once, named by hash.

    选择文件 ──► engine.attach ──► "sha256:…" is the argument's value

Nobody types the name of a blob. What was chosen is durable before the form is submitted.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec import inspect
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from ui.records.form_fields import Editor
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.type import Face
from ui.widgets import Button, Text
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import Text as Sentence

Attach = Callable[[bytes | Path, str], Awaitable[str]]
"""`Engine.attach`."""
BLOB_PATTERN = "^sha256:"
BUTTON_PX = 24


class FileEditor(Editor):
    """One file (`holds` 1) or several."""

    def __init__(self, attach: Attach, text: Sentence, holds: int | None) -> None:
        super().__init__()
        self._attach, self._text, self._holds = attach, text, holds
        self._kept: dict[str, str] = {}
        self._is_keeping = False
        self._fault: str | None = None
        self._button = Button(text("form.file.choose"), icon_name="upload", height=BUTTON_PX)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._button.clicked.connect(self._choose)
        self._names = Text(text("form.file.none"), Ink("text2", Face.LABEL))
        self._dialog: QFileDialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._button)
        row.addWidget(self._names, 1)
        self.setFocusProxy(self._button)

    def value(self) -> Json:
        blobs = list(self._kept)
        if self._holds == 1:
            return blobs[-1] if blobs else None
        return blobs or None

    def set_value(self, value: Json) -> None:
        blobs = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        self._kept = {str(blob): str(blob)[:20] for blob in blobs}
        self._draw()

    def fault(self) -> str | None:
        return "form.fault.keeping" if self._is_keeping else self._fault

    def take(self, paths: list[str]) -> None:
        """Keep these files; also what a test calls in place of the system's dialog."""
        self._is_keeping, self._fault = True, None
        start(self._keep(paths), owner=self)

    def _choose(self) -> None:
        self._dialog = QFileDialog(self, self._text("form.file.choose"))
        many = QFileDialog.FileMode.ExistingFiles
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile if self._holds == 1 else many)
        self._dialog.filesSelected.connect(self.take)
        self._dialog.open()

    async def _keep(self, paths: list[str]) -> None:
        if self._holds == 1:
            self._kept = {}
        try:
            for path in map(Path, paths):
                self._kept[await self._attach(path, path.name)] = path.name
        except OSError:
            self._fault = "form.fault.file_unreadable"
        except ClientError:
            self._fault = "form.fault.file_not_kept"
        finally:
            self._is_keeping = False
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        names = "、".join(self._kept.values())
        self._names.setText(names or self._text("form.file.none"))


def file_editor(kind: inspect.Type, attach: Attach, text: Sentence) -> FileEditor | None:
    """The editor where the argument is a blob or several; None for any other type."""
    match kind:
        case inspect.UnionType(types=types):
            found = (file_editor(one, attach, text) for one in types)
            return next((one for one in found if one is not None), None)
        case inspect.StrType(pattern=str(pattern)) if pattern.startswith(BLOB_PATTERN):
            return FileEditor(attach, text, 1)
        case inspect.VarTupleType(item_type=inspect.StrType(pattern=str(pattern))):
            is_blob = pattern.startswith(BLOB_PATTERN)
            return FileEditor(attach, text, None) if is_blob else None
        case _:
            return None
