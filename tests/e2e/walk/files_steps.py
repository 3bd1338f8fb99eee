"""A file on its way to the server: held back, seen in the outbox, let go, delivered."""

from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from tests.e2e.hands import bring_to_front, press, type_text
from tests.e2e.sight import has_keyboard, words
from tests.e2e.waits import until
from tests.e2e.walk.cases_steps import FAST_CASE, cases_of, form_of, open_case
from tests.e2e.walk.expect import expect
from tests.e2e.walker import Walker
from ui.shell.outbox_window import FILES, OutboxWindow
from xiuzhou_desktop.client.uploads import FileState
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceState

NAME = "scene-of-the-act"
PHOTOGRAPH = "4"


async def attaches_while_paused(walker: Walker) -> None:
    """Shift+P in F8, then Ctrl+U in the case: the file waits and says so; P sends it."""
    record = await open_case(walker, FAST_CASE)
    window, outbox = walker.window, walker.window.outbox
    await _turn_to_files(walker)
    press("Shift+P")
    await until(lambda: "已暂停" in outbox.tabs.tabText(FILES), "every file is held back")
    outbox.close()
    await bring_to_front(window)
    await _attach(walker, _photograph(walker.product.root))

    async def show() -> None:
        await _turn_to_files(walker)
        await until(lambda: _state(outbox) is FileState.PAUSED, "the file is paused")

    async def hide() -> None:
        outbox.close()
        await bring_to_front(window)

    await walker.pictures.take("outbox-files", window, show, hide)
    await show()
    expect("1 个文件待上传" in words(outbox), f"the banner does not count it: {words(outbox)}")
    press("P")
    await until(lambda: _state(outbox) is None, "the file has gone")
    await hide()

    async def is_there() -> bool:
        evidence = await _evidence(walker, record)
        return await walker.eye.state("evidence", evidence.id) == EvidenceState.HELD

    await until(is_there, "the server holds the file as evidence")


async def _turn_to_files(walker: Walker) -> None:
    outbox = walker.window.outbox
    press("F8")
    await until(outbox.isVisible, "the outbox")
    await bring_to_front(outbox)
    while outbox.tabs.currentIndex() != FILES:
        press("Ctrl+Tab")


async def _attach(walker: Walker, file: Path) -> None:
    panel = cases_of(walker)
    panel.setFocus()
    press("Ctrl+U")
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None, "no file is asked for"
    await until(lambda: has_keyboard(dialog), "the file is asked for")
    type_text(str(file))
    press("Return")
    await until(lambda: not dialog.isVisible(), "the file is chosen")
    await bring_to_front(walker.window)
    form = await form_of(walker)
    form.editors["type"].setFocus()
    press(PHOTOGRAPH)
    press("Ctrl+Return")
    await until(lambda: not form.isVisible(), "the file is announced")


async def _evidence(walker: Walker, case: Record) -> Record:
    query = RecordQuery(kinds=(Kind.EVIDENCE,), parent_id=case.id, limit=100)
    views = (await walker.engine.query(query)).views
    return next(one.record for one in views if one.record.title == NAME)


def _photograph(folder: Path) -> Path:
    picture = QImage(320, 180, QImage.Format.Format_RGB32)
    picture.fill(QColor("darkgreen"))
    file = folder / f"{NAME}.jpg"
    assert picture.save(str(file))
    return file


def _state(outbox: OutboxWindow) -> FileState | None:
    """Of the file under the hand."""
    row = outbox.files.list.current()
    return row.file.state if row is not None else None
