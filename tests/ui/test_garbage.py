"""A Qt object in a reference cycle is destroyed on the UI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.garbage import GarbageCollector


class InACycle(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.me = self


def allocate_a_lot() -> None:
    for _round in range(50):
        [[] for _item in range(1000)]


def test_other_threads_do_not_collect_but_the_ui_thread_does(
    qapp: QApplication, qtbot: QtBot
) -> None:
    collector = GarbageCollector(qapp)
    destroyed_on: list[str] = []
    thing = InACycle()
    weakref.finalize(thing, lambda: destroyed_on.append(threading.current_thread().name))
    del thing

    worker = threading.Thread(target=allocate_a_lot, name="worker")
    worker.start()
    worker.join()
    assert destroyed_on == []

    def is_collected() -> bool:
        allocate_a_lot_and_keep.extend([] for _item in range(20_000))
        return bool(destroyed_on)

    allocate_a_lot_and_keep: list[list[object]] = []
    qtbot.waitUntil(is_collected)
    collector.stop()
    assert destroyed_on == [threading.main_thread().name]
    assert gc.isenabled()


def test_an_earlier_window_is_collected_when_the_next_one_stands(qapp: QApplication) -> None:
    collector = GarbageCollector(qapp)
    window = InACycle()
    is_there = weakref.ref(window)
    collector.settle()
    del window
    collector.settle()
    collector.stop()
    gc.unfreeze()
    assert is_there() is None
