"""Both languages say the same things: one key in zh_CN and en_US, with the same named arguments."""

import io
import re
from pathlib import PurePosixPath

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from tests.lint.tree import Offence, Tree

FOLDERS = ("xiuzhou_desktop/text/", "plugins/", "ui/")
LANGUAGES = ("zh_CN", "en_US")
NAMED_ARGUMENT = re.compile(r"\{([a-z_][a-z0-9_]*)[^{}]*\}|%\(([a-z_][a-z0-9_]*)\)")

Key = tuple[str, str]


def check_catalogues(tree: Tree) -> list[Offence]:
    found = []
    for pair in sorted(_pairs(tree)):
        found += _compare(tree, pair)
    return found


def _pairs(tree: Tree) -> set[str]:
    """Return `xiuzhou_desktop/text/flag.{}.po` for every feature, whichever language it has."""
    pairs = set()
    for path in tree.files:
        if path.endswith(".po") and path.startswith(FOLDERS):
            name = PurePosixPath(path)
            feature, _, language = name.stem.rpartition(".")
            if language in LANGUAGES:
                pairs.add(str(name.with_name(f"{feature}.{{}}.po")))
    return pairs


def _compare(tree: Tree, pair: str) -> list[Offence]:
    messages: dict[str, dict[Key, Message]] = {}
    found = []
    for language in LANGUAGES:
        path = pair.format(language)
        if path not in tree.files:
            return [Offence(path, 1, "catalogue", "missing; the other language has it")]
        try:
            messages[language] = _read(tree, path, language)
        except PoFileError as error:
            return [Offence(path, 1, "catalogue", f"does not parse: {error}")]
        found += _empty(path, messages[language])
    first, second = (messages[language] for language in LANGUAGES)
    found += _absent(pair.format(LANGUAGES[1]), first, second)
    found += _absent(pair.format(LANGUAGES[0]), second, first)
    for key in first.keys() & second.keys():
        found += _arguments(pair.format(LANGUAGES[1]), first[key], second[key])
    return found


def _read(tree: Tree, path: str, language: str) -> dict[Key, Message]:
    catalogue: Catalog = read_po(
        io.BytesIO(tree.read_bytes(path)), locale=language, abort_invalid=True
    )
    return {(str(one.context or ""), _msgid(one)): one for one in catalogue if one.id}


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _line(message: Message) -> int:
    return message.lineno or 1


def _translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _empty(path: str, messages: dict[Key, Message]) -> list[Offence]:
    return [
        Offence(path, _line(message), "catalogue", f"{key[1]!r} has no text")
        for key, message in messages.items()
        if not all(_translations(message))
    ]


def _absent(path: str, there: dict[Key, Message], here: dict[Key, Message]) -> list[Offence]:
    return [
        Offence(path, 1, "catalogue", f"{key[1]!r} is missing; the other language has it")
        for key in sorted(there.keys() - here.keys())
    ]


def _arguments(path: str, zh: Message, en: Message) -> list[Offence]:
    expected, actual = _named(zh), _named(en)
    if expected == actual:
        return []
    what = f"{_msgid(en)!r} names {sorted(actual)}, zh_CN names {sorted(expected)}"
    return [Offence(path, _line(en), "catalogue", what)]


def _named(message: Message) -> set[str]:
    text = " ".join(_translations(message))
    return {brace or percent for brace, percent in NAMED_ARGUMENT.findall(text)}
