"""The UI thread never waits: no nested loop, no sleep, no future's result in ui and plugins.

ruff bans the static spellings; this check sees the calls on instances that ruff cannot follow.
"""

import ast

from tests.lint.tree import Offence, Source, Tree, dotted_name

SCREEN = ("main.py", "ui", "plugins")
ROOT_LOOP = (
    "main.py",
    "ui/shell",
    "ui/theme/gallery.py",
)  # the one exec() that runs the application
APPLICATIONS = {"QApplication", "QCoreApplication", "QGuiApplication", "app", "application"}

SLEEPS = {"time.sleep", "sleep", "QThread.sleep", "QThread.msleep", "QThread.usleep"}
FORBIDDEN_CALLS = {
    "processEvents": "spins the loop; let the event come to you",
    "exec_": "a nested loop; use open() and a signal",
    "waitForFinished": "waits on the UI thread",
    "waitForReadyRead": "waits on the UI thread",
    "waitForStarted": "waits on the UI thread",
    "run_until_complete": "waits on the UI thread",
}


def check_waiting(tree: Tree) -> list[Offence]:
    found = []
    for source in tree.sources:
        if source.is_under(*SCREEN):
            found += _waits(source)
    return found


def _waits(source: Source) -> list[Offence]:
    found = []
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Call):
            reason = _why_it_waits(source, node)
            if reason:
                found.append(source.offence(node, "waiting", reason))
    return found


def _why_it_waits(source: Source, call: ast.Call) -> str:
    name = dotted_name(call.func)
    owner, _, last = name.rpartition(".")
    if name in SLEEPS:
        return f"{name}() blocks the UI thread"
    if not isinstance(call.func, ast.Attribute):
        return ""
    if last in FORBIDDEN_CALLS:
        return f"{last}() {FORBIDDEN_CALLS[last]}"
    if last == "exec" and not _runs_application(source, owner):
        return "exec() is a nested loop; use open() and a signal"
    if last == "result" and not call.args:
        return "result() waits for a future; await it, or take a signal"
    return ""


def _runs_application(source: Source, owner: str) -> bool:
    return source.is_under(*ROOT_LOOP) and owner.rpartition(".")[2] in APPLICATIONS
