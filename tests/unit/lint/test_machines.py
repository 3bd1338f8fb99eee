"""No home path, no registry host, no heavy file, no path of this very checkout."""

import pytest

from tests.lint.machines import HEAVY_BYTES, check_machines


@pytest.mark.parametrize("line", ["cd /home/li/project", "open('/Users/wang/x')", "ls /root/x"])
def test_the_path_of_a_home_is_refused(make_tree, line):
    assert [one.rule for one in check_machines(make_tree({"docs/a.md": line}))] == ["machine-path"]


def test_the_path_of_this_checkout_is_refused(make_tree, tmp_path):
    tree = make_tree({"docs/a.md": f"see {tmp_path}/docs"})
    assert [one.rule for one in check_machines(tree)] == ["machine-path"]


@pytest.mark.parametrize("line", ["https://pypi.org/simple", "--index-url https://a.b/simple"])
def test_a_registry_host_is_refused(make_tree, line):
    tree = make_tree({"requirements.lock": line})
    assert [one.rule for one in check_machines(tree)] == ["registry-host"]


def test_a_heavy_file_is_refused(make_tree):
    tree = make_tree({"docs/a.png": b"\0" * (HEAVY_BYTES + 1), "docs/b.png": b"\0" * HEAVY_BYTES})
    assert [(one.path, one.rule) for one in check_machines(tree)] == [("docs/a.png", "heavy-file")]


@pytest.mark.parametrize(
    "line", ["$HOME/home/x/y", "https://a.b/home/x/", "/usr/lib", "--no-index"]
)
def test_other_paths_pass(make_tree, line):
    assert check_machines(make_tree({"docs/a.md": line})) == []
