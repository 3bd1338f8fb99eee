"""Files and functions over their limits are named; those at the limit are not."""

from tests.lint.sizes import check_sizes, count_long_functions


def a_function(lines: int) -> str:
    return "def step():\n" + "    x = 1\n" * (lines - 1)


def test_a_file_of_400_lines_passes_and_one_more_is_named(make_tree):
    tree = make_tree({"ui/full.py": "x = 1\n" * 400, "ui/over.py": "x = 1\n" * 401})
    assert [(one.path, one.rule) for one in check_sizes(tree)] == [("ui/over.py", "file-length")]


def test_a_test_file_may_have_500_lines(make_tree):
    tree = make_tree({"tests/ui/test_a.py": "x = 1\n" * 500, "tests/test_b.py": "x = 1\n" * 501})
    assert [one.path for one in check_sizes(tree)] == ["tests/test_b.py"]


def test_a_function_of_61_lines_is_named_and_one_of_41_is_counted(make_tree):
    files = {"ui/a.py": a_function(61), "ui/b.py": a_function(60), "ui/c.py": a_function(40)}
    tree = make_tree(files)
    assert [(one.path, one.rule) for one in check_sizes(tree)] == [("ui/a.py", "function-length")]
    assert count_long_functions(tree) == 1


def test_a_method_inside_a_class_counts_as_a_function(make_tree):
    body = "class A:\n    async def step(self):\n" + "        x = 1\n" * 60
    assert [one.rule for one in check_sizes(make_tree({"ui/a.py": body}))] == ["function-length"]


def test_a_file_that_does_not_parse_is_reported_and_stops_nothing(make_tree):
    tree = make_tree({"ui/a.py": "def (:\n", "ui/b.py": "x = 1\n" * 401})
    assert [one.path for one in check_sizes(tree)] == ["ui/b.py"]
    assert [(one.path, one.rule) for one in tree.broken] == [("ui/a.py", "syntax")]
