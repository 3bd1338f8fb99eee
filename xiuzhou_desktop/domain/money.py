"""Money for people: fen as 元 with two places, and in the capitals of legal documents."""

from .fields import FEN_PER_YUAN

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def yuan(fen: int) -> str:
    """1,200.00"""
    whole, rest = divmod(fen, FEN_PER_YUAN)
    return f"{whole:,}.{rest:02d}"


def yuan_in_capitals(fen: int) -> str:
    """壹拾贰万元整, 壹仟贰佰零伍元叁角."""
    whole, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cent = divmod(rest, 10)
    words = f"{_whole(whole)}元"
    if rest == 0:
        return f"{words}整"
    tenth = f"{DIGITS[jiao]}角" if jiao else "零"
    return words + tenth + (f"{DIGITS[cent]}分" if cent else "")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    parts: list[str] = []
    for index, group in enumerate(_groups(number)):
        if group:
            gap = DIGITS[0] if group < 1000 and number >= 10 ** (4 * (index + 1)) else ""
            parts.append(gap + _group(group) + GROUPS[index])
    return "".join(reversed(parts))


def _groups(number: int) -> list[int]:
    found = []
    while number:
        number, group = divmod(number, 10_000)
        found.append(group)
    return found


def _group(group: int) -> str:
    words = ""
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += DIGITS[digit] + PLACES[place]
        elif words and not words.endswith(DIGITS[0]) and group % 10**place:
            words += DIGITS[0]
    return words
