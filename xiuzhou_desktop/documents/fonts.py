"""The typeface of documents: a serif Chinese one of the computer's own, for none is shipped.

A collection (.ttc) holds one face a region; the number picks the Simplified Chinese one.
"""

from pathlib import Path
from typing import NamedTuple


class Face(NamedTuple):
    """Files of a typeface, and its number within them."""

    regular: Path
    bold: Path
    number: int = 0


FACES = (
    Face(
        Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
        Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"), 2,
    ),
    Face(Path("C:/Windows/Fonts/simsun.ttc"), Path("C:/Windows/Fonts/simhei.ttf")),
    Face(
        Path("/System/Library/Fonts/Supplemental/Songti.ttc"),
        Path("/System/Library/Fonts/Supplemental/Songti.ttc"), 6,
    ),
)  # fmt: skip


class NoFontError(Exception):
    """No Chinese typeface on this computer: install Noto CJK (packaging/setup.sh does)."""


def face() -> Face:
    """The first typeface that is here. Raises NoFontError."""
    for one in FACES:
        if one.regular.exists() and one.bold.exists():
            return one
    raise NoFontError(str(FACES[0].regular))
