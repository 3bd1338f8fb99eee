"""The least that a PySide6 program costs: one empty window. Prints when its first frame is there.

{"shown_s": <time.monotonic>}
"""

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class BareWindow(QWidget):
    """Says once that it was painted."""

    is_told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.is_told:
            self.is_told = True
            QTimer.singleShot(0, _tell)


def _tell() -> None:
    print(json.dumps({"shown_s": time.monotonic()}), flush=True)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = BareWindow()
    window.resize(1920, 1080)
    window.show()
    sys.exit(application.exec())
