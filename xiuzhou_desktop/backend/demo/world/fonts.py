"""The Chinese typeface of the pictures: Noto Sans CJK from the system (package fonts-noto-cjk)."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from PIL import ImageFont

KNOWN_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-cjk"),
)
SC_FACE = 2
"""Index of the simplified Chinese face in the collection."""

FONTCONFIG_TIMEOUT_S = 10


class FontMissing(RuntimeError):
    """No Noto Sans CJK on this machine: install the package fonts-noto-cjk."""


@cache
def font_file(weight: str) -> Path:
    """The collection with this weight (Regular or Bold)."""
    name = f"NotoSansCJK-{weight}.ttc"
    for folder in KNOWN_FOLDERS:
        if (folder / name).is_file():
            return folder / name
    found = _ask_fontconfig(weight)
    if found is not None and found.name == name:
        return found
    raise FontMissing(f"{name} not found: install fonts-noto-cjk")


@cache
def load_font(size_px: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    """The typeface at a size."""
    return ImageFont.truetype(str(font_file(weight)), size_px, index=SC_FACE)


def _ask_fontconfig(weight: str) -> Path | None:
    program = shutil.which("fc-match")
    if program is None:
        return None
    answer = subprocess.run(
        [program, "-f", "%{file}", f"Noto Sans CJK SC:style={weight}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=FONTCONFIG_TIMEOUT_S,
    )
    return Path(answer.stdout) if answer.returncode == 0 and answer.stdout else None
