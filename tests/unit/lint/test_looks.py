"""Colours live in ui/theme/tokens.py and style sheets in ui/theme."""

import pytest

from tests.lint.looks import check_looks


def test_a_style_sheet_is_refused_outside_the_theme(make_tree):
    text = "widget.setStyleSheet(sheet)\n"
    tree = make_tree(
        {"ui/theme/apply.py": text, "ui/shell/window.py": text, "plugins/a/p.py": text}
    )
    assert [(one.path, one.rule) for one in check_looks(tree)] == [
        ("plugins/a/p.py", "style-sheet"),
        ("ui/shell/window.py", "style-sheet"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        'x = "#1a2b3c"',
        'x = "color: #fff"',
        'x = "rgba(12, 0, 0, 40)"',
        "x = QColor(12, 34, 56)",
        "x = QtGui.QColor(0x1A2B3C)",
        "x = QColor.fromRgb(1, 2, 3)",
    ],
)
def test_a_colour_literal_is_refused_outside_the_tokens(make_tree, line):
    tree = make_tree({"ui/theme/tokens.py": line, "ui/map/canvas.py": line})
    assert [(one.path, one.rule) for one in check_looks(tree)] == [("ui/map/canvas.py", "colour")]


@pytest.mark.parametrize(
    "line",
    [
        "x = QColor(token)",
        "x = QColor(*rgb)",
        'x = "issue #123456789"',
        'x = "#1024 条"',
        '"""Looks like #1a2b3c in the picture."""',
    ],
)
def test_what_only_looks_like_a_colour_passes(make_tree, line):
    assert check_looks(make_tree({"ui/map/canvas.py": line})) == []


def test_code_without_a_screen_may_name_colours(make_tree):
    assert check_looks(make_tree({"xiuzhou_desktop/backend/demo.py": 'x = "#1a2b3c"'})) == []
