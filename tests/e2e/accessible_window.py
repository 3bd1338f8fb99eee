"""A window with every panel, for a screen reader to walk: run by test_accessible.py.

Reads the name of a panel a line from stdin, shows it, and says so on stdout; ends with stdin.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window
from tests.unit.domain.builders import a_flag
from ui.garbage import GarbageCollector
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.domain.workflow import Role

PROJECT = Path(__file__).resolve().parents[2]
SETTLED_LOOKS = 20  # turns of the loop in which a panel reads what it shows


async def serve(folder: Path) -> None:
    """One window over the fake engine, for a supervisor, whose workspace holds every panel; shows
    one after the other, as asked."""
    loop = asyncio.get_running_loop()
    engine = FakeEngine(a_flag(), roles=(Role.SUPERVISOR,))
    window = a_window(engine, folder, panels=PROJECT / "plugins")
    window.resize(1920, 1080)
    window.show()
    window.activateWindow()
    print("panels", *(frame.found.id for frame in window.panels()), flush=True)
    while name := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        window.show_panel(name)
        frame = window.docks.frame(name)
        for _ in range(SETTLED_LOOKS):
            await asyncio.sleep(0.05)
        is_there = frame is not None and frame.panel is not None and frame.panel.isVisible()
        print("shown" if is_there else "failed", name, flush=True)
    window.close()


def main() -> None:
    """Serve until stdin ends; then the process ends with all its threads."""
    qt = QApplication(["accessible"])
    collector = GarbageCollector(qt)
    theme().apply(qt, ThemeName.DARK)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as folder:
        loop.run_until_complete(serve(Path(folder)))
    collector.stop()


if __name__ == "__main__":
    main()
