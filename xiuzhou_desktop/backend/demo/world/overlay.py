"""What a camera writes into its picture: the clock top left, its number and name bottom right."""

from datetime import datetime
from functools import lru_cache

from PIL import Image, ImageDraw

from xiuzhou_desktop.backend.demo.world.fonts import load_font
from xiuzhou_desktop.domain.workcalendar import LOCAL

CLOCK_SHARE = 0.042
NAME_SHARE = 0.038
MARGIN_SHARE = 0.022
INK = (250, 250, 248)
EDGE = (16, 18, 20)


def paint_overlay(image: Image.Image, seen: datetime, caption: str) -> None:
    """Write clock and caption on the picture."""
    wide, high = image.size
    margin = round(high * MARGIN_SHARE)
    clock = _writing(seen.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S"), _px(high, CLOCK_SHARE))
    image.paste(clock, (margin, margin), clock)
    name = _writing(caption, _px(high, NAME_SHARE))
    image.paste(name, (wide - margin - name.width, high - margin - name.height), name)


def _px(high: int, share: float) -> int:
    return max(11, round(high * share))


@lru_cache(maxsize=64)
def _writing(text: str, size: int) -> Image.Image:
    """A line of text with a dark edge, on nothing."""
    font = load_font(size)
    edge = max(1, size // 12)
    wide = round(font.getlength(text)) + 2 * edge + 2
    strip = Image.new("RGBA", (wide, round(size * 1.45)), (*EDGE, 0))
    draw = ImageDraw.Draw(strip)
    draw.text(
        (edge + 1, strip.height / 2),
        text,
        font=font,
        fill=(*INK, 255),
        anchor="lm",
        stroke_width=edge,
        stroke_fill=(*EDGE, 190),
    )
    return strip
