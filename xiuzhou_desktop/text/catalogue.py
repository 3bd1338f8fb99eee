"""Gettext catalogues by feature, read without Qt.

    text/<feature>.<language>.po      msgid "<feature>.<name>"   msgstr "… {count} …"

A key's first part names the file, which is read when first asked for. A message with `msgid_plural`
is chosen by the argument `count`. Arguments are named (`str.format`), so that each language has its
own order and no sentence is assembled. A panel outside this tree brings its own folder of
catalogues.
"""

from pathlib import Path

from .po_file import Forms, read_po

LANGUAGES = ("zh_CN", "en_US")
FOLDER = Path(__file__).parent


class MissingSentenceError(KeyError):
    """No catalogue has this key in this language.

    A defect, found by the test that compares the sets.
    """


class Catalogue:
    """`text("outbox.pending", count=7)` in one language; `folders` are searched in order."""

    def __init__(self, language: str, folders: tuple[Path, ...] = ()) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"unknown language {language}")
        self.language = language
        self._folders = (FOLDER, *folders)
        self._features: dict[str, dict[str, Forms]] = {}

    def __call__(self, key: str, **arguments: object) -> str:
        """The sentence. Raises MissingSentenceError; a missing argument is a KeyError."""
        forms = self._forms(key)
        if forms is None:
            raise MissingSentenceError(key)
        is_one = self.language == "en_US" and arguments.get("count") == 1
        return (forms[0] if is_one else forms[-1]).format(**arguments)

    def has(self, key: str) -> bool:
        """Whether a sentence exists: for optional ones such as a refusal's remedy."""
        return self._forms(key) is not None

    def _forms(self, key: str) -> Forms | None:
        feature = key.partition(".")[0]
        if feature not in self._features:
            self._features[feature] = _read(feature, self.language, self._folders)
        return self._features[feature].get(key)


def feature_files(folder: Path = FOLDER) -> dict[str, dict[str, Path]]:
    """Feature → language → file, for the test that compares the sets of keys."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.po")):
        feature, language = path.stem.split(".")
        found.setdefault(feature, {})[language] = path
    return found


def _read(feature: str, language: str, folders: tuple[Path, ...]) -> dict[str, Forms]:
    for folder in folders:
        path = folder / f"{feature}.{language}.po"
        if path.exists():
            return read_po(path)
    return {}
