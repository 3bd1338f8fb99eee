"""`main.py` as it is, with a line on stdout once its queue is open and painted.

python -m tests.bench.watched_start --profile DIR …      {"shown_s": <time.monotonic>}
"""

import json
import sys
import time
from pathlib import Path

# The program first: it imports in an order of its own.
# isort: off
import main as product
import ui.shell.run
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QTableView
# isort: on

PROJECT = Path(__file__).resolve().parents[2]
QUEUE = "RecordListView"


class QueueWatch(QObject):
    """Waits for the first frame in which the queue has a selected row."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)
        self._application = application

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(watched.parent(), QTableView):
            view = watched.parent()
            if type(view).__name__ == QUEUE and view.currentIndex().isValid():
                self._application.removeEventFilter(self)
                QTimer.singleShot(0, _tell)
        return False


class WatchedApplication(QApplication):
    """What `main.py` makes when it makes a QApplication."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__(argv)
        self._watch = QueueWatch(self)


def _tell() -> None:
    print(json.dumps({"shown_s": time.monotonic()}), flush=True)


if __name__ == "__main__":
    ui.shell.run.QApplication = WatchedApplication
    sys.argv[0] = str(PROJECT / "main.py")
    sys.exit(product.main())
