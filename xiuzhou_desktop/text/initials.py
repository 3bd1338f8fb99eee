"""Pinyin initials of Chinese words: 发件箱 → fjx, so that they are found without an input method.

The first 3,755 characters of GB 2312 are ordered by pinyin: the code alone tells the initial. The
rest of that standard is ordered by strokes; what our own names use of it stands in RARE. One
reading a character: 重庆 is zq.
"""

from bisect import bisect_right

FIRST_CODES = (  # GB 2312 code of the first character of each initial
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"),
    (0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"),
    (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"),
    (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
CODES = [code for code, _ in FIRST_CODES]
LAST_CODE = 0xD7F9
RARE = {"匾": "b", "厍": "s", "塍": "c", "泗": "s", "泾": "j", "浜": "b"}


def initials(words: str) -> str:
    """Lower case; Latin letters and digits stay, what has no known reading is left out."""
    return "".join(map(_initial, words.lower()))


def _initial(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    code = int.from_bytes(character.encode("gb2312", "ignore"))
    if CODES[0] <= code <= LAST_CODE:
        return FIRST_CODES[bisect_right(CODES, code) - 1][1]
    return RARE.get(character, "")
