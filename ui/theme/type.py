"""Type and the measures that grow with it: faces, weights, row heights, and the factor of Ctrl+=
and Ctrl+-.

Sizes are device-independent pixels. Nothing is ever set below 12 px, whatever the factor; two
weights, no italics.
"""

from enum import Enum, IntEnum, StrEnum
from functools import lru_cache

from PySide6.QtGui import QFont

SANS_FAMILY = "Noto Sans CJK SC"
MONO_FAMILY = "Noto Sans Mono CJK SC"
FALLBACK_FAMILIES = ("Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif")

SMALLEST_TEXT_PX = 12
SCALE_MIN, SCALE_MAX, SCALE_STEP = 0.9, 1.5, 0.1


class Face(Enum):
    """A text size and the height of its line, in px at scale 1."""

    FIGURE = (20, 28)
    TITLE = (16, 24)
    BODY = (14, 20)
    LABEL = (12, 18)

    @property
    def size_px(self) -> int:
        return self.value[0]

    @property
    def line_px(self) -> int:
        return self.value[1]


class Weight(IntEnum):
    REGULAR = 400
    BOLD = 700


class Family(StrEnum):
    SANS = SANS_FAMILY
    MONO = MONO_FAMILY


class Density(IntEnum):
    """Height of a row in px at scale 1."""

    COMPACT = 28
    DENSE = 32
    COMFORTABLE = 36
    TWO_LINE = 52


def scaled(length_px: float, scale: float) -> int:
    return round(length_px * scale)


def next_scale(scale: float, steps: int) -> float:
    """The factor some steps larger or smaller, kept inside the allowed range."""
    wanted = round(scale + steps * SCALE_STEP, 2)
    return min(SCALE_MAX, max(SCALE_MIN, wanted))


@lru_cache(maxsize=64)
def build_font(face: Face, weight: Weight, scale: float, family: Family = Family.SANS) -> QFont:
    font = QFont()
    font.setFamilies([family, *FALLBACK_FAMILIES])
    font.setPixelSize(max(SMALLEST_TEXT_PX, scaled(face.size_px, scale)))
    font.setWeight(QFont.Weight(int(weight)))
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font
