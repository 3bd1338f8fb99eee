"""Nothing under ui and plugins waits on the UI thread."""

import pytest

from tests.lint.waiting import check_waiting


@pytest.mark.parametrize(
    "line",
    [
        "app.processEvents()",
        "QApplication.processEvents()",
        "dialog.exec()",
        "menu.exec(point)",
        "time.sleep(0.1)",
        "future.result()",
        "loop.run_until_complete(work)",
        "process.waitForFinished(1000)",
    ],
)
def test_a_call_that_waits_is_refused(make_tree, line):
    tree = make_tree({"plugins/triage/panel.py": line, "xiuzhou_desktop/client/a.py": line})
    found = check_waiting(tree)
    assert [(one.path, one.rule) for one in found] == [("plugins/triage/panel.py", "waiting")]


@pytest.mark.parametrize("line", ["dialog.open()", "view.result(row)", "await work", "exec = 1"])
def test_a_call_that_does_not_wait_passes(make_tree, line):
    assert check_waiting(make_tree({"ui/records/desk.py": line})) == []


def test_only_the_shell_may_run_the_application(make_tree):
    tree = make_tree({"ui/shell/start.py": "app.exec()", "ui/map/canvas.py": "app.exec()"})
    assert [one.path for one in check_waiting(tree)] == ["ui/map/canvas.py"]
