"""The shops along the watched fronts: name, sign, address and a valid synthetic credit code.

Each camera with fronts watches four shops, one behind each spot before the wall and one further on;
the same shop is the sign in the picture and the subject of a detection.
"""

from xiuzhou_desktop.backend.demo.world.dice import dice, pick, unit
from xiuzhou_desktop.backend.demo.world.names import SHOP_WORDS, TRADES
from xiuzhou_desktop.backend.demo.world.things import Camera, Shop, Street, View
from xiuzhou_desktop.geo import Point, destination

SHOPS_A_CAMERA = 4
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def open_shops(
    seed: int, cameras: tuple[Camera, ...], streets: dict[str, Street]
) -> tuple[Shop, ...]:
    """All shops, four a camera, numbered along the cameras."""
    shops: list[Shop] = []
    for camera in cameras:
        if camera.view is View.CANAL:
            continue
        chance = dice(seed, "house", camera.street, camera.no)
        house = 2 * chance.randrange(3, 160) + (camera.bearing_deg >= 180)
        for index in range(SHOPS_A_CAMERA):
            number = len(shops) + 1
            street = streets[camera.street].name
            shops.append(_shop((seed, number), camera, f"{street}{house + 2 * index}号", index))
    return tuple(shops)


def _shop(key: tuple[int, int], camera: Camera, address: str, index: int) -> Shop:
    seed, number = key
    first = int(unit(seed, "trade", camera.no) * len(TRADES))
    trade, colour = TRADES[(first + 5 * index) % len(TRADES)]
    word = pick(SHOP_WORDS, seed, "word", number)
    point = destination(camera.point, camera.bearing_deg, 20.0 + 6.6 * index)
    return Shop(
        id=f"S-{number:04d}",
        name=f"{word}{trade}",
        sign=f"{word}{trade}",
        sign_colour=colour,
        address=address,
        street=camera.street,
        area=camera.area,
        uscc=synthetic_uscc(seed, number),
        point=Point(round(point.lon, 7), round(point.lat, 7)),
    )


def synthetic_uscc(seed: int, number: int) -> str:
    """A unified social credit code (GB 32100) whose check characters are right."""
    spread = (number * 7_919 + int(unit(seed, "uscc") * 1_000_000)) % 1_000_000
    organisation = f"MA{spread:06d}"
    total = sum(
        _ORGANISATION_ALPHABET.index(letter) * weight
        for letter, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)
    )
    check = "0123456789X0"[(11 - total % 11) % 11]
    head = "92330411" + organisation + check
    rest = sum(_ALPHABET.index(c) * w for c, w in zip(head, _WEIGHTS, strict=True))
    return head + _ALPHABET[(31 - rest % 31) % 31]
