"""Flat faces with writing: number plates and shop signs, drawn once and warped into the street."""

from functools import lru_cache

from PIL import Image, ImageDraw

from xiuzhou_desktop.backend.demo.world.brush import rgb
from xiuzhou_desktop.backend.demo.world.fonts import load_font
from xiuzhou_desktop.backend.demo.world.things import PlateColour

PLATE_SIZE = (352, 112)
PLATE_M = (0.66, 0.21)
"""A little larger than the law's 0.44 × 0.14 m, so that it can be read as a better lens would."""

_PLATE_INKS: dict[PlateColour, tuple[str, str]] = {
    PlateColour.BLUE: ("#1F55A5", "#FFFFFF"),
    PlateColour.GREEN: ("#8FD3A0", "#0E1712"),
    PlateColour.YELLOW: ("#E8B420", "#14110A"),
}


@lru_cache(maxsize=256)
def plate_face(plate: str, colour: PlateColour) -> Image.Image:
    """The plate as a picture: region, dot, the rest."""
    ground, ink = (rgb(text) for text in _PLATE_INKS[colour])
    face = Image.new("RGB", PLATE_SIZE, ground)
    draw = ImageDraw.Draw(face)
    draw.rounded_rectangle((4, 4, PLATE_SIZE[0] - 5, PLATE_SIZE[1] - 5), 10, outline=ink, width=4)
    text = f"{plate[:2]}·{plate[2:]}"
    size = 66 if len(plate) == 7 else 60
    font = load_font(size, "Bold")
    width = draw.textlength(text, font=font)
    if width > PLATE_SIZE[0] - 24:
        font = load_font(int(size * (PLATE_SIZE[0] - 24) / width), "Bold")
    middle = (PLATE_SIZE[0] / 2, PLATE_SIZE[1] / 2)
    draw.text(middle, text, font=font, fill=ink, anchor="mm")
    return face


@lru_cache(maxsize=128)
def sign_face(text: str, colour: str, size: tuple[int, int]) -> Image.Image:
    """A shop's sign board: its name in white or dark on the shop's colour."""
    ground = rgb(colour)
    face = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(face)
    border = tuple(min(255, part + 40) for part in ground)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=border, width=max(2, size[1] // 24))
    gap = size[0] / (len(text) + 1.2)
    font = load_font(int(min(size[1] * 0.66, gap * 1.02)), "Bold")
    start = (size[0] - gap * (len(text) - 1)) / 2
    for index, letter in enumerate(text):
        spot = (start + gap * index, size[1] / 2)
        draw.text(spot, letter, font=font, fill=(246, 243, 232), anchor="mm")
    return face
