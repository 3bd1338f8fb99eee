"""How a file on its way reads: chip, name, what it is evidence of, how far it is, and why it
waits.
"""

import msgspec

from ui.records.sentences import NOTHING, Sentences
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.uploads import FileOnItsWay, FileState
from xiuzhou_desktop.plugin_api.context import Selected, Text

CHIPS = {
    FileState.WAITING: ChipState.PLAIN,
    FileState.UPLOADING: ChipState.PENDING,
    FileState.PAUSED: ChipState.PAUSED,
    FileState.FAILED: ChipState.REFUSED,
    FileState.REFUSED: ChipState.REFUSED,
}
NEXT = {FileState.FAILED: "failed", FileState.REFUSED: "refused"}  # else it is tried again
KIB, MIB = 1024, 1024 * 1024


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file, prepared. `share`: of it the server has so much, 0 to 1; None: not known."""

    file: FileOnItsWay
    chip: Chip
    name: str
    about: str
    size: str
    share: float | None
    percent: str
    reason: str

    @property
    def selected(self) -> Selected:
        """The record that it proves."""
        return Selected(kind=self.file.kind, record=self.file.record)


class FileTexts:
    """Prepares rows in the window's language."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._names = Sentences(text)

    def row(self, file: FileOnItsWay, *, is_online: bool) -> FileRow:
        """One row; without the link nothing is said to be under way."""
        is_cut = file.state is FileState.UPLOADING and not is_online
        state = FileState.WAITING if is_cut else file.state
        share = None if file.sent is None else file.sent / max(file.size, 1)
        return FileRow(
            file=file,
            chip=Chip(CHIPS[state], self._text(f"outbox.file.state.{state.value}")),
            name=file.name,
            about=file.about or file.title or self._names.kind(file.kind),
            size=size_text(file.size),
            share=share,
            percent=NOTHING if share is None else f"{int(share * 100)}%",
            reason=self._reason(file, state, is_online=is_online),
        )  # fmt: skip

    def _reason(self, file: FileOnItsWay, state: FileState, *, is_online: bool) -> str:
        if state is FileState.PAUSED:
            return self._text("outbox.file.reason.paused")
        if file.problem is not None:
            spoken = self._names.refusal(file.problem).text
            return self._text(f"outbox.file.reason.{NEXT.get(state, 'again')}", reason=spoken)
        if not is_online:
            return self._text("outbox.file.reason.offline")
        return self._text(f"outbox.file.reason.{state.value}", sent=size_text(file.sent or 0))


def size_text(size: int) -> str:
    """Bytes as people read them."""
    if size >= MIB:
        return f"{size / MIB:.1f}".removesuffix(".0") + " MB"
    return f"{-(-size // KIB)} KB"
