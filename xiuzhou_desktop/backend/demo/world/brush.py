"""Drawing in street coordinates: polygons, cuboids, discs and warped pictures through a sight.

A brush draws on one image that is a part (`origin`) of the picture enlarged by an integer factor;
the caller reduces it afterwards, which smooths the edges. Distance takes colours towards the haze,
the light of the hour dims them.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from xiuzhou_desktop.backend.demo.world.sight import Sight

Colour = tuple[int, int, int]
Spot3 = tuple[float, float, float]
Pixel = tuple[float, float]

HAZE: Colour = (188, 196, 203)
HAZE_FROM_M = 18.0
HAZE_LENGTH_M = 230.0
NEAREST_M = 2.2


class Light(NamedTuple):
    """What the hour multiplies the three colour channels by."""

    red: float
    green: float
    blue: float


DAYLIGHT = Light(1.0, 1.0, 1.0)


class Range(NamedTuple):
    """A cuboid's sides: x, y and z from and to."""

    x: tuple[float, float]
    y: tuple[float, float]
    z: tuple[float, float]


def rgb(text: str) -> Colour:
    """A colour from #RRGGBB."""
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def shade(colour: Colour, factor: float) -> Colour:
    """Lighter or darker by a factor."""
    red, green, blue = colour
    return (
        min(255, int(red * factor + 0.5)),
        min(255, int(green * factor + 0.5)),
        min(255, int(blue * factor + 0.5)),
    )


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour `share` of the way from one to the other."""
    return (
        int(one[0] + (other[0] - one[0]) * share + 0.5),
        int(one[1] + (other[1] - one[1]) * share + 0.5),
        int(one[2] + (other[2] - one[2]) * share + 0.5),
    )


class Canvas(NamedTuple):
    """What a brush works on: a part of the picture, enlarged."""

    image: Image.Image
    size: tuple[int, int]
    origin: tuple[int, int] = (0, 0)
    factor: int = 1


class Brush:
    """Draws through one sight on one canvas."""

    def __init__(self, sight: Sight, canvas: Canvas, light: Light = DAYLIGHT) -> None:
        self.sight = sight
        self.canvas = canvas
        self.light = light
        self.image = canvas.image
        self._draw = ImageDraw.Draw(canvas.image, "RGBA")
        self._wide = canvas.size[0] * canvas.factor
        self._high = canvas.size[1] * canvas.factor
        self._left = canvas.origin[0] * canvas.factor
        self._top = canvas.origin[1] * canvas.factor

    def pixel(self, spot: Spot3) -> Pixel:
        """Where a street point falls on the canvas."""
        x, y, z = spot
        u, v = self.sight.project(x, y, z if z > NEAREST_M else NEAREST_M)
        return u * self._wide - self._left, v * self._high - self._top

    def scale_at(self, z: float) -> float:
        """Canvas pixels a metre at a distance."""
        return self.sight.focal * self._wide / max(z, NEAREST_M)

    def tint(self, colour: Colour, z: float) -> Colour:
        """The colour as seen from that far in this light."""
        far = 0.0 if z <= HAZE_FROM_M else 1.0 - math.exp((HAZE_FROM_M - z) / HAZE_LENGTH_M)
        red, green, blue = mix(colour, HAZE, far)
        light = self.light
        return int(red * light.red), int(green * light.green), int(blue * light.blue)

    def polygon(self, spots: Sequence[Spot3], colour: Colour, alpha: int = 255) -> None:
        """A filled polygon of street points."""
        z = sum(spot[2] for spot in spots) / len(spots)
        self._fill([self.pixel(spot) for spot in spots], self.tint(colour, z), alpha)

    def flat(
        self,
        across: tuple[float, float],
        along: tuple[float, float],
        colour: Colour,
        alpha: int = 255,
    ) -> None:
        """A rectangle of ground."""
        (x0, x1), (z0, z1) = across, along
        self.polygon([(x0, 0, z0), (x0, 0, z1), (x1, 0, z1), (x1, 0, z0)], colour, alpha)

    def upright(
        self,
        x: float,
        high: tuple[float, float],
        along: tuple[float, float],
        colour: Colour,
        alpha: int = 255,
    ) -> None:
        """A rectangle standing along the street."""
        (y0, y1), (z0, z1) = high, along
        self.polygon([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], colour, alpha)

    def facing(
        self,
        z: float,
        across: tuple[float, float],
        high: tuple[float, float],
        colour: Colour,
        alpha: int = 255,
    ) -> None:
        """A rectangle standing across the street, turned to the camera."""
        (x0, x1), (y0, y1) = across, high
        self.polygon([(x0, y0, z), (x0, y1, z), (x1, y1, z), (x1, y0, z)], colour, alpha)

    def cuboid(self, sides: Range, colour: Colour) -> None:
        """The visible faces of a cuboid."""
        (x0, x1), (y0, y1), (z0, z1) = sides
        if y1 < self.sight.height_m:
            top = [(x0, y1, z0), (x0, y1, z1), (x1, y1, z1), (x1, y1, z0)]
            self.polygon(top, shade(colour, 1.12))
        if x0 > 0:
            self.upright(x0, (y0, y1), (z0, z1), shade(colour, 0.72))
        if x1 < 0:
            self.upright(x1, (y0, y1), (z0, z1), shade(colour, 0.84))
        self.facing(z0, (x0, x1), (y0, y1), colour)

    def disc(
        self, centre: Spot3, radii: tuple[float, float], colour: Colour, alpha: int = 255
    ) -> None:
        """An ellipse turned to the camera, radii in metres."""
        u, v = self.pixel(centre)
        scale = self.scale_at(centre[2])
        a, b = radii[0] * scale, radii[1] * scale
        fill = (*self.tint(colour, centre[2]), alpha)
        self._draw.ellipse((u - a, v - b, u + a, v + b), fill=fill)

    def pool(self, centre: tuple[float, float], radii: tuple[float, float], alpha: int) -> None:
        """A shadow lying on the ground, an ellipse of x and z radii."""
        turns = [i * math.tau / 20 for i in range(20)]
        spots: list[Spot3] = [
            (centre[0] + radii[0] * math.cos(a), 0.0, centre[1] + radii[1] * math.sin(a))
            for a in turns
        ]
        self._fill([self.pixel(spot) for spot in spots], (12, 14, 18), alpha)

    def line(self, spots: Sequence[Spot3], colour: Colour, width_m: float) -> None:
        """A line of constant metres, at least one canvas pixel."""
        z = min(spot[2] for spot in spots)
        width = max(1, round(width_m * self.scale_at(z)))
        pixels = [self.pixel(spot) for spot in spots]
        self._draw.line(pixels, fill=self.tint(colour, z), width=width)

    def picture(self, face: Image.Image, corners: Sequence[Spot3]) -> None:
        """A picture on a plane; corners: top left, top right, bottom right, bottom left."""
        pixels = [self.pixel(corner) for corner in corners]
        left = max(0, math.floor(min(p[0] for p in pixels)))
        top = max(0, math.floor(min(p[1] for p in pixels)))
        right = min(self.image.width, math.ceil(max(p[0] for p in pixels)))
        bottom = min(self.image.height, math.ceil(max(p[1] for p in pixels)))
        if right - left < 2 or bottom - top < 2:
            return
        z = sum(corner[2] for corner in corners) / len(corners)
        local = [(x - left, y - top) for x, y in pixels]
        size = (right - left, bottom - top)
        warped = _prefiltered(face, local).transform(
            size,
            Image.Transform.PERSPECTIVE,
            _coefficients(local, _prefiltered(face, local).size),
            Image.Resampling.BICUBIC,
        )
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon(local, fill=255)
        self.image.paste(self._lit(warped, z), (left, top), mask)

    def _lit(self, face: Image.Image, z: float) -> Image.Image:
        dark, bright = self.tint((0, 0, 0), z), self.tint((255, 255, 255), z)
        return face.point(_ramps(dark, bright))

    def _fill(self, pixels: list[Pixel], colour: Colour, alpha: int) -> None:
        self._draw.polygon(pixels, fill=(*colour, alpha))


@lru_cache(maxsize=512)
def _ramps(dark: Colour, bright: Colour) -> list[int]:
    """For each channel, what its 256 values become between the two ends."""
    return [
        low + (high - low) * value // 255
        for low, high in zip(dark, bright, strict=True)
        for value in range(256)
    ]


def _prefiltered(face: Image.Image, pixels: list[Pixel]) -> Image.Image:
    """A smaller copy where the face is shown far smaller than it is, against sparkle."""
    shown = max(p[0] for p in pixels) - min(p[0] for p in pixels)
    steps = int(face.width / max(1.0, shown))
    return face.reduce(steps) if steps >= 2 else face


def _coefficients(pixels: list[Pixel], size: tuple[int, int]) -> list[float]:
    """The eight numbers that take a canvas pixel back to a pixel of the face."""
    wide, high = size
    wanted = [(0, 0), (wide, 0), (wide, high), (0, high)]
    rows, right = [], []
    for (x, y), (s, t) in zip(pixels, wanted, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -s * x, -s * y])
        rows.append([0, 0, 0, x, y, 1, -t * x, -t * y])
        right += [s, t]
    return [float(c) for c in np.linalg.solve(np.array(rows, float), np.array(right, float))]
