"""Looks come from tokens: no style sheet outside ui/theme, no colour outside its tokens."""

import ast
import re

from tests.lint.tree import Offence, Source, Tree, dotted_name

SCREEN = ("main.py", "ui", "plugins")
STYLE_SHEETS = ("ui/theme",)
COLOURS = ("ui/theme/tokens.py",)

HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![0-9a-zA-Z_-])")
FUNCTION_COLOUR = re.compile(r"\b(?:rgba?|hsla?)\(\s*\d")
COLOUR_CONSTRUCTORS = {"QColor", "fromRgb", "fromHsv", "fromHsl", "qRgb", "qRgba"}


def check_looks(tree: Tree) -> list[Offence]:
    found = []
    for source in tree.sources:
        if not source.is_under(*SCREEN):
            continue
        if not source.is_under(*STYLE_SHEETS):
            found += _style_sheets(source)
        if not source.is_under(*COLOURS):
            found += _colours(source)
    return found


def _style_sheets(source: Source) -> list[Offence]:
    return [
        source.offence(node, "style-sheet", "only ui/theme sets style sheets; give a property")
        for node in ast.walk(source.syntax)
        if isinstance(node, ast.Attribute) and node.attr == "setStyleSheet"
    ]


def _colours(source: Source) -> list[Offence]:
    docstrings = _docstrings(source.syntax)
    found = []
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node in docstrings:
                continue
            match = HEX_COLOUR.search(node.value) or FUNCTION_COLOUR.search(node.value)
            if match:
                what = f"colour {match.group()!r}: take a token of ui/theme/tokens.py"
                found.append(source.offence(node, "colour", what))
        elif isinstance(node, ast.Call) and _is_colour_of_numbers(node):
            what = "colour made of numbers: take a token of ui/theme/tokens.py"
            found.append(source.offence(node, "colour", what))
    return found


def _is_colour_of_numbers(call: ast.Call) -> bool:
    name = dotted_name(call.func).rpartition(".")[2]
    return (
        bool(call.args)
        and name in COLOUR_CONSTRUCTORS
        and all(
            isinstance(argument, ast.Constant) and isinstance(argument.value, int)
            for argument in call.args
        )
    )


def _docstrings(syntax: ast.Module) -> set[ast.expr]:
    bodies = [
        node.body
        for node in ast.walk(syntax)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)}
