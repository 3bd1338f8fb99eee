"""People: a standing or walking figure, and a rider on an electric scooter."""

import math
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.brush import Brush, Colour, shade
from xiuzhou_desktop.backend.demo.world.dice import between, pick

SKIN: Colour = (198, 160, 132)
HAIR: Colour = (42, 36, 34)
COATS: tuple[Colour, ...] = (
    (62, 70, 84),
    (120, 52, 48),
    (88, 96, 104),
    (52, 84, 96),
    (140, 124, 96),
    (70, 62, 88),
    (46, 50, 54),
    (150, 150, 146),
)
TROUSERS: tuple[Colour, ...] = ((44, 48, 58), (58, 58, 60), (70, 64, 56), (38, 44, 60))
STRIDE_M = 0.26


class Person(NamedTuple):
    """A figure at a place; `stride` is the angle of the walk, None while standing."""

    x: float
    z: float
    key: str
    stride: float | None = None
    is_apron: bool = False


def paint_person(brush: Brush, person: Person, raised_m: float = 0.0) -> None:
    """Legs, coat, arms and head; the picture is too coarse for a face."""
    x, z = person.x, person.z
    tall = between(1.58, 1.78, "tall", person.key)
    coat = pick(COATS, "coat", person.key)
    legs = pick(TROUSERS, "trousers", person.key)
    swing = math.sin(person.stride) * STRIDE_M if person.stride is not None else 0.07
    hip, shoulder = raised_m + tall * 0.48, raised_m + tall * 0.83
    for way, tone in ((-1, 0.82), (1, 1.0)):
        foot = x + way * swing
        brush.polygon(
            [
                (x + way * 0.02 - 0.08, hip, z),
                (x + way * 0.02 + 0.09, hip, z),
                (foot + 0.07, raised_m, z),
                (foot - 0.07, raised_m, z),
            ],
            shade(legs, tone),
        )
    for way, tone in ((-1, 0.74), (1, 0.92)):
        hand = x + way * (0.24 - swing * 0.3)
        brush.polygon(
            [
                (x + way * 0.17, shoulder, z),
                (x + way * 0.26, shoulder - 0.08, z),
                (hand + 0.05, hip - 0.05, z),
                (hand - 0.05, hip - 0.05, z),
            ],
            shade(coat, tone),
        )
    brush.polygon(
        [
            (x - 0.21, shoulder, z),
            (x - 0.13, shoulder + 0.07, z),
            (x + 0.13, shoulder + 0.07, z),
            (x + 0.21, shoulder, z),
            (x + 0.19, hip - 0.06, z),
            (x - 0.19, hip - 0.06, z),
        ],
        coat,
    )
    brush.polygon(
        [
            (x + 0.03, shoulder + 0.05, z),
            (x + 0.21, shoulder, z),
            (x + 0.19, hip - 0.06, z),
            (x + 0.06, hip - 0.06, z),
        ],
        shade(coat, 0.86),
    )
    if person.is_apron:
        brush.facing(z, (x - 0.14, x + 0.14), (hip - 0.2, shoulder - 0.14), (214, 210, 198))
    head = raised_m + tall * 0.93
    brush.disc((x, head, z), (0.115, 0.135), SKIN)
    brush.disc((x, head + 0.05, z), (0.12, 0.1), HAIR)


def paint_person_shadow(brush: Brush, person: Person) -> None:
    """A small shadow at the feet."""
    brush.pool((person.x + 0.1, person.z + 0.05), (0.34, 0.2), 66)


def paint_rider(brush: Brush, rider: Person, paint: Colour) -> None:
    """An electric scooter with its rider, seen from the end."""
    x, z = rider.x, rider.z
    brush.facing(z, (x - 0.06, x + 0.06), (0.0, 0.5), (26, 27, 29))
    brush.polygon(
        [(x - 0.16, 0.75, z), (x + 0.16, 0.75, z), (x + 0.19, 0.32, z), (x - 0.19, 0.32, z)], paint
    )
    brush.facing(z, (x - 0.3, x + 0.3), (0.98, 1.04), (40, 42, 44))
    paint_person(brush, Person(x, z, rider.key), raised_m=0.22)
    brush.disc((x, 1.87, z), (0.14, 0.13), pick(COATS, "helmet", rider.key))
