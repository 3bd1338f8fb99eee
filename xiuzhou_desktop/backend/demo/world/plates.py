"""Vehicles with plates that are valid by GA 36 and carry the right colour.

blue 浙F·12345     cars            green 浙F·D12345   new-energy cars
yellow 浙F·12345   trucks          now and then a neighbour's: 沪A, 苏E, 浙A
"""

import random
from functools import lru_cache

from xiuzhou_desktop.backend.demo.world.dice import Key, dice
from xiuzhou_desktop.backend.demo.world.things import Body, PlateColour, Vehicle

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No I and no O on a plate."""

NEW_ENERGY_LETTERS = "ABCDEFGHJK"
REGIONS = ("浙F",) * 12 + ("浙A", "沪A", "苏E")
PAINTS = (
    "#E9EAEA",
    "#E9EAEA",
    "#D5D7D8",
    "#B9BDC1",
    "#8D9298",
    "#4A4F55",
    "#2A2D31",
    "#1F2937",
    "#7A2420",
    "#23406B",
    "#BDB19A",
    "#3E5B50",
)
TRUCK_PAINTS = ("#2F5E8C", "#DADCDD", "#8A3A2A", "#3E6B4A")


@lru_cache(maxsize=4096)
def draw_vehicle(*key: Key) -> Vehicle:
    """The vehicle that belongs to these parts."""
    chance = dice("vehicle", *key)
    kind = chance.random()
    if kind < 0.06:
        paint = chance.choice(TRUCK_PAINTS)
        plate = _plain(chance, "浙F")
        return Vehicle(plate=plate, plate_colour=PlateColour.YELLOW, body=Body.TRUCK, paint=paint)
    body = Body.SEDAN if kind < 0.62 else Body.SUV if kind < 0.88 else Body.VAN
    paint = chance.choice(PAINTS)
    region = chance.choice(REGIONS)
    if chance.random() < 0.24 and body is not Body.VAN:
        plate = region + chance.choice(NEW_ENERGY_LETTERS[3:6] + "D") + _digits(chance, 5)
        return Vehicle(plate=plate, plate_colour=PlateColour.GREEN, body=body, paint=paint)
    return Vehicle(
        plate=_plain(chance, region), plate_colour=PlateColour.BLUE, body=body, paint=paint
    )


def _plain(chance: random.Random, region: str) -> str:
    """Five places, of which at most two are letters."""
    places = list(_digits(chance, 5))
    for place in chance.sample(range(5), chance.choice((0, 1, 1, 2))):
        places[place] = chance.choice(LETTERS)
    return region + "".join(places)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))
