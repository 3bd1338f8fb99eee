"""Measures the tokens: WCAG contrast on every surface, and whether colour-blind people still tell
the marks apart.

    python -m ui.theme.contrast        prints what fails and exits 1, or one line a theme

Contrast is WCAG 2.2 relative luminance. Colour blindness is simulated with the matrices of
Machado, Oliveira and Fernandes (2009) at severity 1.0 on linear RGB; the distance of two marks is
CIEDE2000.
"""

import math
import sys
from collections.abc import Iterator
from itertools import combinations

import msgspec

from ui.theme.tokens import TOKENS, ThemeName, Tokens

TEXT_MIN = 4.5
MARK_MIN = 3.0
CVD_MIN_DELTA_E = 10.0

SURFACES = ("bg0", "bg1", "bg2", "bg3", "sel")
TEXT_TOKENS = (
    "text1", "text2", "text3", "accent", "ok", "p1_edge", "p2_edge", "p3_edge", "p4_edge",
    "pending", "refused", "frozen", "stale", "offline",
)  # fmt: skip
MARK_TOKENS = ("edge", "focus")
# (what is written, on what, the least contrast)
PAIRS = (
    ("on_primary", "primary", TEXT_MIN),
    ("primary", "bg1", MARK_MIN),
    ("primary", "bg2", MARK_MIN),
    ("p1_digit", "p1_fill", TEXT_MIN),
    ("p2_digit", "p2_fill", TEXT_MIN),
    ("p3_digit", "p3_fill", TEXT_MIN),
    ("p4_digit", "p4_fill", TEXT_MIN),
    ("frozen_text", "frozen_band", TEXT_MIN),
    ("ink", "sheet", TEXT_MIN),
    ("mask_text", "ink", TEXT_MIN),
)
PRIORITIES = (1, 2, 3, 4)

Rgb = tuple[float, float, float]
Matrix = tuple[Rgb, Rgb, Rgb]

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
VISION: dict[str, Matrix] = {
    "normal": IDENTITY,
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """One limit that a theme misses."""

    what: str
    measured: float
    limit: float

    def __str__(self) -> str:
        return f"{self.what}: {self.measured:.2f} < {self.limit}"


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lowest_contrast(tokens: Tokens, token: str) -> float:
    """The contrast of a token on the surface where it is seen worst."""
    return min(contrast(getattr(tokens, token), getattr(tokens, s)) for s in SURFACES)


def smallest_mark_distance(tokens: Tokens, vision: str) -> float:
    """CIEDE2000 between the two priority marks that look most alike."""
    seen = [_lab(_simulate(_mark_hue(tokens, p), VISION[vision])) for p in PRIORITIES]
    return min(delta_e(one, other) for one, other in combinations(seen, 2))


def shortfalls(tokens: Tokens) -> list[Shortfall]:
    """Everything in which a theme misses its limits; empty when it is sound."""
    return [found for found in _measure(tokens) if found.measured < found.limit]


def _measure(tokens: Tokens) -> Iterator[Shortfall]:
    for names, limit in ((TEXT_TOKENS, TEXT_MIN), (MARK_TOKENS, MARK_MIN)):
        for name in names:
            measured = lowest_contrast(tokens, name)
            yield Shortfall(what=f"{name} on its worst surface", measured=measured, limit=limit)
    for ink, ground, limit in PAIRS:
        measured = contrast(getattr(tokens, ink), getattr(tokens, ground))
        yield Shortfall(what=f"{ink} on {ground}", measured=measured, limit=limit)
    for vision in VISION:
        measured = smallest_mark_distance(tokens, vision)
        yield Shortfall(what=f"marks, {vision}", measured=measured, limit=CVD_MIN_DELTA_E)


def _mark_hue(tokens: Tokens, priority: int) -> str:
    """What the eye meets first: the inside where it has a colour of its own, else the outline."""
    inside: str = getattr(tokens, f"p{priority}_fill")
    outline: str = getattr(tokens, f"p{priority}_edge")
    return outline if inside == tokens.bg1 else inside


def _channels(colour: str) -> Rgb:
    value = int(colour.removeprefix("#"), 16)
    return (value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _linear_rgb(colour: str) -> Rgb:
    red, green, blue = _channels(colour)
    return _linear(red), _linear(green), _linear(blue)


def _luminance(colour: str) -> float:
    red, green, blue = _linear_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _product(matrix: Matrix, vector: Rgb) -> Rgb:
    first, second, third = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _simulate(colour: str, matrix: Matrix) -> Rgb:
    red, green, blue = (min(1.0, max(0.0, c)) for c in _product(matrix, _linear_rgb(colour)))
    return red, green, blue


def _lab(linear: Rgb) -> Rgb:
    xyz: Matrix = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (_lab_curve(c / w) for c, w in zip(_product(xyz, linear), white, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _lab_curve(t: float) -> float:
    return math.cbrt(t) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116


def delta_e(one: Rgb, other: Rgb) -> float:
    """CIEDE2000 of two Lab colours (Sharma, Wu and Dalal, 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    c1, h1 = _chroma_hue(a1 * (1 + g), b1)
    c2, h2 = _chroma_hue(a2 * (1 + g), b2)
    dh = _hue_step(h1, h2, c1 * c2)
    big_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = h1 + dh / 2 if c1 * c2 else h1 + h2
    sl, sc, sh, rt = _weights(mean_l, mean_c, mean_h % 360)
    tl, tc, th = (l2 - l1) / sl, (c2 - c1) / sc, big_h / sh
    return math.sqrt(tl * tl + tc * tc + th * th + rt * tc * th)


def _chroma_hue(a: float, b: float) -> tuple[float, float]:
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _hue_step(h1: float, h2: float, chroma_product: float) -> float:
    if not chroma_product:
        return 0.0
    return (h2 - h1 + 180) % 360 - 180


def _weights(mean_l: float, mean_c: float, mean_h: float) -> tuple[float, float, float, float]:
    t = (
        1
        - 0.17 * math.cos(math.radians(mean_h - 30))
        + 0.24 * math.cos(math.radians(2 * mean_h))
        + 0.32 * math.cos(math.radians(3 * mean_h + 6))
        - 0.20 * math.cos(math.radians(4 * mean_h - 63))
    )
    lift = (mean_l - 50) ** 2
    turn = 30 * math.exp(-(((mean_h - 275) / 25) ** 2))
    rotation = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * math.sin(math.radians(2 * turn))
    return (
        1 + 0.015 * lift / math.sqrt(20 + lift),
        1 + 0.045 * mean_c,
        1 + 0.015 * mean_c * t,
        rotation,
    )


def summary(name: ThemeName) -> str:
    tokens = TOKENS[name]
    marks = " · ".join(f"{v} {smallest_mark_distance(tokens, v):.1f}" for v in VISION)
    return f"{name}: text3 {lowest_contrast(tokens, 'text3'):.1f} · marks {marks}"


def main() -> int:
    failed = {name: shortfalls(tokens) for name, tokens in TOKENS.items()}
    for name, found in failed.items():
        lines = [f"{name}: {one}" for one in found] or [summary(name)]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
